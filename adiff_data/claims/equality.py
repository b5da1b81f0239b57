"""What a text says is equal in both audios: a quality, or everything."""

import re
from collections.abc import Iterator

from adiff_data.claims.claim import BOTH, Claim, Kind
from adiff_data.claims.sides import sentence_before

_QUALITY_WORDS = {
    "louder": r"loud(?:ness)?|volume|level",
    "brighter": r"bright(?:ness)?",
    "higher-pitched": r"high|pitch",
    "busier": r"busy|dense|density|tempo|pace|fast",
    "longer": r"long|length|duration",
    "steadier": r"steady|steadiness",
    "more tonal": r"tonal|tonality",
}
_QUALITY = "|".join(rf"(?P<{{prefix}}{number}>{words})" for number, words in enumerate(_QUALITY_WORDS.values()))
_EQUAL = re.compile(
    rf"\b(?<!times )(?<!twice )(?<!half )(?:equally|just as|as)\s+(?:{_QUALITY.replace('{prefix}', 'a')})\b"
    rf"|\b(?:the same|equal|identical|(?:very )?similar|no(?: audible)? difference in)\s+(?:in\s+)?"
    rf"(?:{_QUALITY.replace('{prefix}', 'b')})\b"
    rf"|\b(?:{_QUALITY.replace('{prefix}', 'c')})\s+(?:is|are|stays|remains)\s+(?:about\s+)?"
    r"(?:the same|equal|identical|alike)\b",
    re.IGNORECASE,
)
_AUDIO = r"(?:audio|recording|clip|file|sample|track)"
_WHOLE = (  # an audio or both, and not something in them
    rf"(?:both|they|these|those|two|everything|all|{_AUDIO}s|{_AUDIO}\s+(?:1|2|one|two|a|b)"
    rf"|(?:first|second|other|latter|former)(?:\s+(?:one|{_AUDIO}))?)"
)
_SAME = re.compile(
    rf"\b{_WHOLE}(?:\s+(?:all|both|just|really|simply|actually|therefore|would|do))*\s+(?:sound|sounds|are|is)\s+"
    r"(?:exactly\s+|just\s+)?(?:the same|identical|alike)\b"
    r"(?!\s+(?:(?:\w+\s+)?(?:in|as)\b|recording|clip|audio))"
    r"|\bsounds?\s+(?:exactly|just)\s+like\b|\bnothing\b[^.;:]{0,40}\btells?\b[^.;:]{0,60}\bapart\b"
    r"|\bno(?:thing)?\s+(?:audible\s+|real\s+)?differ(?:ence|s)\b(?!\s+in\b)"
    r"|\bcannot be told apart\b|\bcan(?:not|'t) hear (?:a|any) difference\b",
    re.IGNORECASE,
)
_EXCEPTED = re.compile(
    r"\s*[,:(–—]?\s*(?:except|apart from|aside from|but for|save for|other than|only that)\b", re.IGNORECASE
)

_QUALIFIED = re.compile(
    r"\b(?:neither|nor|not|hardly|never|in part|in some|partly|partially|almost|nearly|if|parts?|rest|else|otherwise"
    r"|apart from|beyond this|in all other respects|themselves|what is heard|little|few|much|many|most|nothing|none)\b"
    r"|n't\b",
    re.IGNORECASE,
)


def equal_claims(answer: str) -> Iterator[Claim]:
    """The qualities of which both audios are said to have as much: "equally loud"."""
    qualities = list(_QUALITY_WORDS)
    for match in _EQUAL.finditer(answer):
        yield Claim(Kind.EQUAL, BOTH, qualities[int(str(match.lastgroup)[1:])], *match.span())


def same_claims(answer: str) -> Iterator[Claim]:
    """Where an answer says that nothing at all differs, and does not qualify it."""
    for match in _SAME.finditer(answer):
        is_qualified = _QUALIFIED.search(sentence_before(answer, match.start())) or _EXCEPTED.match(answer, match.end())
        if not is_qualified:
            yield Claim(Kind.SAME, BOTH, "everything", *match.span())
