"""A server's reply to one request, and whether it is an answer at all."""

import re
from dataclasses import dataclass
from enum import StrEnum

_THINKING = re.compile(r"<think>.*?(</think>|$)", re.DOTALL)
REFUSAL = re.compile(
    r"^\W*(i'?m (very )?sorry|i am sorry|sorry,|i apologi[sz]e|unfortunately,? i|"
    r"i('m| am) (not able|unable)|i (can't|cannot|can not|won't|will not) "
    r"(assist|help|comply|provide|fulfill|answer|do|create|generate|listen|hear|explain|compare|process|access)|"
    r"as an? (ai|artificial|large language|language) )",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reply:
    """What a server sent back for one request.

    Attributes:
        text: the message as it came.
        finish_reason: why it ended, in the API's words: `stop`, `length`, `content_filter` …
        tokens_in, tokens_out: as the server counted them; 0 where it did not.
        counted: whether it counted them.
        refusal: the API's own field for a refusal.
        pause: seconds until the server's limits are filled again, where this reply used them up.
    """

    text: str
    finish_reason: str | None
    tokens_in: int
    tokens_out: int
    counted: bool = True
    refusal: str | None = None
    pause: float | None = None


class NoAnswer(StrEnum):
    """Why a reply is not an answer; the value is what is written down."""

    REFUSED = "refused by the model"
    CUT = "cut by the token limit"
    EMPTY = "empty answer"


def clean(text: str) -> str:
    """The answer without what models put around it: thinking aloud, white space, quotation marks."""
    unicode = text.encode("utf-8", "replace").decode()  # half a surrogate pair is not text
    bare = _THINKING.sub("", unicode).strip()
    if len(bare) > 1 and (bare[0], bare[-1]) in {('"', '"'), ("“", "”"), ("'", "'")} and bare[0] not in bare[1:-1]:
        bare = bare[1:-1].strip()
    return bare


def why_no_answer(reply: Reply, text: str) -> NoAnswer | None:
    """Why `text`, the cleaned text of a reply or a part of it, is not an answer; None where it is one."""
    if reply.refusal or reply.finish_reason == "content_filter" or REFUSAL.match(text):
        return NoAnswer.REFUSED
    if reply.finish_reason == "length":
        return NoAnswer.CUT
    if not text:
        return NoAnswer.EMPTY
    return None
