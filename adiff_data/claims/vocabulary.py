"""Events by the words of captions, where nothing better is known of a corpus."""

import re

from adiff_data.claims.claim import Mention
from adiff_data.claims.content_words import content_words, stem

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
# Content words of other texts: whoever is heard, verbs that are said of anything, and what is compared.
_NO_SOUNDS = """
somebody someone anybody anyone nobody everybody everyone something anything nothing
does did doing take takes taking took taken make makes making made get gets getting got go goes going went gone come
comes coming came
louder quieter brighter darker duller busier calmer steadier fuller thinner noisier nearer closer farther further faster
slower bigger smaller heavier lighter
"""
_IDIOM = re.compile(
    r"\b(?:runs?|running|ran|keeps?|keeping|kept)\s+in\s+step\b"
    r"|\b(?:plays?|playing|played|holds?)\s+(?:(?:the|one|a)\s+)?(?:very\s+)?(?:same|recordings?)\b"
)


def caption_words(text: str) -> list[Mention]:
    """Each word that tells what is heard, as the event of its stem."""
    telling, lower = set(content_words(text)).difference(_NO_SOUNDS.split()), text.lower()
    idioms = [match.span() for match in _IDIOM.finditer(lower)]
    return [
        Mention(stem(match.group()), match.start(), match.end())
        for match in _WORD.finditer(lower)
        if match.group() in telling and not any(start <= match.start() < end for start, end in idioms)
    ]
