"""What is asked of a model until it is answered: the seam between who sends requests and who wants answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from adiff_data.llm.prices import Price
from adiff_data.llm.reply import NoAnswer, Reply, why_incomplete, why_no_answer
from adiff_data.llm.request import Request
from adiff_data.llm.wrapping import clean, leftover

_MOST_CUTS = 2  # answers that one and the same limit cuts: a third would be cut too


class Dialogue(Protocol):
    """One thing to find out from the model, in one or several requests, one after the other.

    It waits for nothing and sends nothing itself: whoever holds it asks for the next request, sends it, and says what
    came of it.
    """

    def next_request(self) -> Request | None:
        """What is to be asked now; None where all is known. Without a reply in between, it is the same again."""

    def take_reply(self, reply: Reply) -> None:
        """The reply to that request."""

    def take_rejection(self, reason: str) -> None:
        """The server will not take that request."""


@dataclass
class Usage:
    """What an answer has used so far, over all its requests; `cost` in US dollars is None without a price."""

    attempts: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None

    def add(self, reply: Reply, price: Price | None) -> None:
        """Counts one reply."""
        self.attempts += 1
        self.tokens_in += reply.tokens_in
        self.tokens_out += reply.tokens_out
        if price is not None:
            self.cost = (self.cost or 0.0) + price.of(reply.tokens_in, reply.tokens_out, reply.audio_tokens)

    def with_more(self, other: "Usage") -> "Usage":
        """This and what was used for something else."""
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Usage(
            attempts=self.attempts + other.attempts,
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            cost=sum(costs) if costs else None,
        )

    def shares(self, count: int) -> list["Usage"]:
        """This divided into `count` parts: whole tokens, none of them lost."""

        def part(total: int, number: int) -> int:
            return total // count + (number < total % count)

        return [
            Usage(
                attempts=self.attempts,
                tokens_in=part(self.tokens_in, number),
                tokens_out=part(self.tokens_out, number),
                cost=None if self.cost is None else self.cost / count,
            )
            for number in range(count)
        ]


@dataclass(frozen=True)
class Outcome:
    """An answer, or why there is none, and what it took.

    Attributes:
        text: the answer, cleaned; empty where there is none.
        failure: why there is none, in words; None where there is one.
        finish_reason: of the last reply.
        usage: of all requests.
        seconds: from the first request to the last reply; None where it was not measured.
    """

    text: str
    failure: str | None
    finish_reason: str | None
    usage: Usage
    seconds: float | None = None


def read_prose(reply: Reply) -> tuple[str, NoAnswer | None]:
    """The prose of a reply without what surrounds it, and why it is not an answer."""
    text = clean(reply.text)
    return text, why_no_answer(reply, text)


def read_unchanged(reply: Reply) -> tuple[str, NoAnswer | None]:
    """A reply's whole text, such as JSON with words around it, and why it is incomplete."""
    text = reply.text.strip()
    return text, why_incomplete(reply, text)


class Question:
    """A dialogue of one request, repeated until its reply is an answer or the attempts are used up.

    Args:
        request: what is asked.
        max_attempts: replies that are waited for at most.
        price: what tokens cost, where that is known.
        finish: called once, with the outcome.
        refuse: called with each reply that is no answer, and what is wrong with it.
        read: the text of a reply, and why it is not an answer; `read_unchanged` for answers that are not prose.
        may_raise_limit: whether an answer that the token limit cut is asked for with twice that limit; where not, it is
            asked for only once more.
        may_be_cut: whether an answer that is cut all the same is kept; its `finish_reason` tells.
        usage: what was used before on the same answer.
        began: when that was, on the monotonic clock; by default the time of the first request.
    """

    def __init__(  # noqa: PLR0913 - what is asked, and what becomes of each kind of reply
        self,
        request: Request,
        *,
        max_attempts: int,
        price: Price | None,
        finish: Callable[[Outcome], None],
        refuse: Callable[[Reply, str], None] = lambda reply, fault: None,
        read: Callable[[Reply], tuple[str, str | None]] = read_prose,
        may_raise_limit: bool = True,
        may_be_cut: bool = False,
        usage: Usage | None = None,
        began: float | None = None,
    ) -> None:
        self._request, self._max_attempts, self._price, self._finish = request, max_attempts, price, finish
        self._refuse, self._read = refuse, read
        self._usage = usage or Usage(cost=None if price is None else 0.0)
        self._began, self._may_raise_limit, self._may_be_cut = began, may_raise_limit, may_be_cut
        self._attempts = self._cuts = 0
        self.finished = False

    def next_request(self) -> Request | None:
        """The request, with the number of its attempt."""
        if self._began is None:
            self._began = time.monotonic()
        if self.finished:
            return None
        if not self._attempts:
            return self._request
        return replace(self._request, attempt=self._attempts, cuts=self._cuts if self._may_raise_limit else 0)

    def take_reply(self, reply: Reply) -> None:
        """An answer ends the dialogue, and so does the last attempt."""
        self._usage.add(reply, self._price)
        self._attempts += 1
        text, failure = self._read(reply)
        if failure:
            self._refuse(reply, failure)
        self._cuts += failure is NoAnswer.CUT
        hopeless = self._cuts >= _MOST_CUTS and not self._may_raise_limit
        if failure is None or self._attempts >= self._max_attempts or hopeless:
            if failure is NoAnswer.CUT and self._may_be_cut and text and not leftover(text):
                failure = None
            self._end("" if failure else text, failure, reply.finish_reason)

    def take_rejection(self, reason: str) -> None:
        """A rejection ends the dialogue: the same request would be rejected again."""
        self._end("", reason, None)

    def _end(self, text: str, failure: str | None, finish_reason: str | None) -> None:
        self.finished = True
        seconds = None if self._began is None else round(time.monotonic() - self._began, 3)
        self._finish(Outcome(text, failure, finish_reason, self._usage, seconds))
