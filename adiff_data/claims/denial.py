"""What a text says that there is not: "no birds", "without a pause", "rain is missing"."""

import re

from adiff_data.claims.claim import Mention, Vocabulary
from adiff_data.claims.sides import sentence_before

_BEFORE = re.compile(
    r"\b(?:no|without|not(?!\s+(?:only|just))|never|lacks?|lacking|lack of|absence of|free (?:of|from)|missing|nor)"
    r"(?:\s+(?:a|an|any|the|such|sound|sign|trace|hint|of|have|has|hear|contain|contains|include|includes|[a-z]+ing))*\s+$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s+(?:sounds?\s+)?(?:is|are|was|were)\s+(?:absent|missing|lacking|gone|not\b(?!\s+(?:only|just)))"
    r"|\s+(?:does|do|did)(?:\s+not|n't)\b|\s+(?:is|are)n't\b",
    re.IGNORECASE,
)


def is_denied(text: str, mention: Mention) -> bool:
    """Whether a text says of what it mentions that it is not there."""
    return bool(_BEFORE.search(sentence_before(text, mention.start)) or _AFTER.match(text, mention.end))


def heard_and_denied(caption: str, vocabulary: Vocabulary) -> tuple[frozenset[str], frozenset[str]]:
    """The events of which a caption says that they are there, and those of which it says that they are not."""
    heard: set[str] = set()
    denied: set[str] = set()
    for mention in vocabulary(caption):
        (denied if is_denied(caption, mention) else heard).add(mention.source)
    return frozenset(heard), frozenset(denied - heard)
