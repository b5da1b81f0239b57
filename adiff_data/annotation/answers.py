"""A server's reply, and whether it is an answer at all."""

import json
import re
from dataclasses import dataclass

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
    """What a server sent back for one request: the text, why it ended, and the tokens it counted."""

    text: str
    finish_reason: str | None
    tokens_in: int
    tokens_out: int
    refusal: str | None = None


def clean(text: str) -> str:
    """The answer without what models put around it: thinking aloud, white space, quotation marks."""
    unicode = text.encode("utf-8", "replace").decode()  # half a surrogate pair is no text
    bare = _THINKING.sub("", unicode).strip()
    if len(bare) > 1 and (bare[0], bare[-1]) in {('"', '"'), ("“", "”"), ("'", "'")} and bare[0] not in bare[1:-1]:
        bare = bare[1:-1].strip()
    return bare


def fault_of(reply: Reply, text: str) -> str | None:
    """Why `text`, the cleaned answer of a reply, is none: empty, refused or cut; None where it is one."""
    if reply.refusal or reply.finish_reason == "content_filter" or REFUSAL.match(text):
        return "refused by the model"
    if reply.finish_reason == "length":
        return "cut by the token limit"
    if not text:
        return "empty answer"
    return None


def split_tiers(text: str, tiers: tuple[str, ...]) -> dict[str, str]:
    """The answers of a reply in JSON, by tier; a tier that is missing or no text is left out."""
    try:
        answers = json.loads(text)
    except json.JSONDecodeError:
        return {}
    if not isinstance(answers, dict):
        return {}
    return {tier: clean(answers[tier]) for tier in tiers if isinstance(answers.get(tier), str)}
