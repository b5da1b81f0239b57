"""Which fields of a request a server takes: learnt from what it rejects, once for a run."""

import logging
import re
from typing import Any

from adiff_data.llm.server_errors import RejectedRequest

_log = logging.getLogger(__name__)
_OTHER_NAMES = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
_CAN_BE_LEFT_OUT = ("temperature", "seed")
_NOT_TAKEN = re.compile(
    r"unsupported|not supported|(does|do)(n't| not) support|unknown|unrecogni[sz]ed|unexpected|not permitted"
    r"|not allowed|forbidden|invalid (parameter|argument|field)|not (a )?valid (parameter|argument|field)|deprecated"
    r"|not accepted"
    r"|not recogni[sz]ed|only \S+ is (allowed|supported)|may only be|must be (set to )?1(\.0)?\b(?! (or|and|to))"
    r"|only the default|not available|unavailable|(must|should) be (removed|omitted)|extra (fields|inputs)|\binstead\b",
    re.IGNORECASE,
)


class AcceptedFields:
    """What is known of the fields that a server takes; shared by all requests of a run.

    Attributes:
        left_out: fields of ours that it does not take.
    """

    def __init__(self) -> None:
        self.left_out: list[str] = []
        self._renamed: dict[str, str] = {}

    def fit(self, body: dict[str, Any]) -> dict[str, Any]:
        """A body with what the server takes alone."""
        if not self.left_out and not self._renamed:
            return body
        return {self._renamed.get(name, name): value for name, value in body.items() if name not in self.left_out}

    def learn(self, error: RejectedRequest, body: dict[str, Any]) -> None:
        """Takes from a rejection what the server does not take, and logs it the first time.

        A value that is wrong teaches nothing: it is the caller's to mend.

        Args:
            body: what was rejected.
        """
        if not _NOT_TAKEN.search(error.reason):
            return
        for name in (name for name in body if _blames(error, name)):
            other_name = _OTHER_NAMES.get(name)
            if other_name and name not in self._renamed and name not in self._renamed.values():
                self._renamed[name] = other_name
                _log.warning(
                    "the server does not take %s: %s is sent in its place (%s)", name, other_name, error.reason
                )
            elif name in _CAN_BE_LEFT_OUT and name not in self.left_out:
                self.left_out.append(name)
                _log.warning("the server does not take %s: requests are sent without (%s)", name, error.reason)


def _blames(error: RejectedRequest, name: str) -> bool:
    """Whether an error is about a field of the request.

    Of two names it is about the one that the server says, or the first: "'max_tokens' is not supported, use
    'max_completion_tokens' instead".
    """
    if error.field:
        return error.field == name
    named = re.search(rf"\b{name}\b", error.reason)
    other_name = re.search(rf"\b{_OTHER_NAMES[name]}\b", error.reason) if name in _OTHER_NAMES else None
    return named is not None and (other_name is None or named.start() < other_name.start())
