"""A server's reply to one request, and whether it is an answer at all."""

import re
from dataclasses import dataclass
from enum import StrEnum

from adiff_data.llm.wrapping import leftover

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
        audio_tokens: how many of `tokens_in` are audio.
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
    audio_tokens: int = 0


class NoAnswer(StrEnum):
    """Why a reply is not an answer; the value is what is written down."""

    REFUSED = "refused by the model"
    CUT = "cut by the token limit"
    BROKEN_OFF = "broken off by the server"
    EMPTY = "empty answer"
    UNREADABLE = "more than an answer, or broken characters"


# Each vendor has words of its own for why a message ended; those of Gemini, Cohere and Anthropic are among them.
_WHOLE = re.compile(
    r"stop|end_?turn|stop_?sequence|eos(_?token)?|complete[d]?|done|finish(ed)?|success|normal", re.IGNORECASE
)
_UNKNOWN_END = re.compile(
    r"(?!.*(?:stop|eos|final|null|none|unknown|unspecified)|end|complete|done)[a-z][\w .-]*", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?。！？…]\W*\Z")
_FAULTS = (
    (
        NoAnswer.REFUSED,
        re.compile(
            r"filter|safety|sensitive|policy|blocklist|blocked|prohibit|toxic|moderat|guardrail|recitation|spii|refus|flagged",
            re.IGNORECASE,
        ),
    ),
    (
        NoAnswer.CUT,
        re.compile(
            r"length|max|limit|trunc|incomplete|context|too_?long|exceed|budget|cut_?off|partial", re.IGNORECASE
        ),
    ),
    (
        NoAnswer.BROKEN_OFF,
        re.compile(
            r"error|fail|abort|cancel|time_?d?_?out|interrupt|insufficient|resource|network|unavailable|overload|malformed|"
            r"unexpected|pause|tool|function|repetition|preempt|evict|crash|disconnect|\bother\b|language|deadline|progress|"
            r"quota|memory|cache|shut_?down",
            re.IGNORECASE,
        ),
    ),
)


def fault_of_end(finish_reason: str | None) -> NoAnswer | None:
    """What is wrong with a message that ended so; None where it is whole, or the reason says nothing known."""
    reason = (finish_reason or "").rpartition(".")[2]  # FinishReason.STOP
    if not reason or _WHOLE.fullmatch(reason):
        return None
    return next((fault for fault, pattern in _FAULTS if pattern.search(reason)), None)


def why_no_answer(reply: Reply, text: str) -> NoAnswer | None:
    """Why `text`, the cleaned text of a reply or a part of it, is not an answer; None where it is one."""
    if fault := why_incomplete(reply, text):
        return fault
    if _UNKNOWN_END.fullmatch(reply.finish_reason or "") and not _SENTENCE_END.search(text):
        return NoAnswer.BROKEN_OFF
    return NoAnswer.UNREADABLE if leftover(text) else None


def why_incomplete(reply: Reply, text: str) -> NoAnswer | None:
    """Whether `text` was refused, cut or is empty, whatever else it contains."""
    if reply.refusal or REFUSAL.match(text):
        return NoAnswer.REFUSED
    if fault := fault_of_end(reply.finish_reason):
        return fault
    return None if text else NoAnswer.EMPTY
