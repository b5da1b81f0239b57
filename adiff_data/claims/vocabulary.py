"""Events by the words of captions, where nothing better is known of a corpus."""

import re

from adiff_data.claims.claim import Mention
from adiff_data.claims.content_words import content_words, stem

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def caption_words(text: str) -> list[Mention]:
    """Each word that tells what is heard, as the event of its stem."""
    telling = set(content_words(text))
    return [
        Mention(stem(match.group()), match.start(), match.end())
        for match in _WORD.finditer(text.lower())
        if match.group() in telling
    ]
