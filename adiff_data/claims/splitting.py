"""Splits an answer into its claims."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from adiff_data.claims.claim import BOTH, Claim, Kind, Vocabulary
from adiff_data.claims.comparisons import comparisons
from adiff_data.claims.denial import is_denied
from adiff_data.claims.equality import equal_claims, same_claims
from adiff_data.claims.sides import SENTENCE_END, clauses, sentence_before, side_markers, side_spans

_BOTH = re.compile(
    r"\bboth\b|\beach of (?:them|the two)\b|\bin common\b"
    r"|\b(?:they|the two (?:\w+ )?(?:audios|clips|recordings)) share\b"
    r"|\b(?:shared|common) (?:by|to) (?:the two|them)\b",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,:–—]")
_NEITHER = re.compile(r"\bneither\b|\bin none of (?:them|the two)\b", re.IGNORECASE)
_ONLY = re.compile(r"(?<!not )\b(?:only|alone)\s+(?:in\s+)?(?:the\s+)?$", re.IGNORECASE)
_MISSING = re.compile(
    r"[^.;:]{0,40}?(?:\b(?:which|that)\s+(?:is|are)\s+(?:missing|absent|lacking)\s+(?:in|from)\s+"
    r"|\bbut\s+not\s+in\s+|\bwhich\s+(?P<lacking>))",
    re.IGNORECASE,
)
_LACKS = re.compile(r"\s+(?:lacks|is without|does not have|has not)\b", re.IGNORECASE)
_MEASURE = re.compile(r"\b(?:(?P<pitch>pitch)|(?P<brightness>brightness)|level|loudness|volume)\s+of\s+", re.IGNORECASE)
_HIGHER_OR_LOWER = re.compile(
    r"\s+(?:is|lies|sits)\s+(?:(?!not\b|no\b)\w+\s+){0,3}?(?:(?P<more>higher|greater)|lower|smaller)\b", re.IGNORECASE
)
_FIRST_THEN = re.compile(r"\b(?:then|followed by|before|finally|comes first|second and|at the end)\b")
_AFTER = re.compile(r"\bafter\b(?! another)")
_MEANWHILE = re.compile(r"\b(?:while|as|along with)\b")
_ARRANGEMENT = re.compile(
    r"(?P<sequence>\b(?:one after another|one thing giving way|from one sound to the next|a succession of events"
    r"|a sequence of)\b)"
    r"|(?P<together>\b(?:stand together rather|share the same moment|side by side|several sounds at once|a mixture of"
    r"|at the same time|at once)\b)"
)
_ON_ONE_SIDE = re.compile(r" on (?:one side|the other)")


def split_claims(answer: str, vocabulary: Vocabulary) -> list[Claim]:
    """The claims of an answer, in the order in which they stand.

    Args:
        vocabulary: finds the events that are named; what it does not know is no claim.
    """
    events = _merged(answer, _event_claims(answer, vocabulary))
    equal = list(equal_claims(answer))
    claims = [
        *events,
        *_only_claims(answer, events),
        *_missing_claims(answer, events),
        *_order_claims(answer, [claim for claim in events if claim.kind == Kind.EVENT]),
        *_arrangement_claims(answer),
        *(
            Claim(Kind.COMPARISON, made.audio, made.quality, made.start, made.start + len(made.words))
            for made in comparisons(answer)
            if not _NEITHER.search(sentence_before(answer, made.start))
        ),
        *_measure_claims(answer),
        *equal,
        *(same for same in same_claims(answer) if not any(_overlap(same, quality) for quality in equal)),
    ]
    return sorted(claims, key=lambda claim: (claim.start, claim.end))


def says_something_of_both(answer: str) -> bool:
    """Whether a clause is about both audios, or says that nothing differs."""
    return any(not neither for _, _, neither in _clauses_about_both(answer)) or any(same_claims(answer))


def _event_claims(answer: str, vocabulary: Vocabulary) -> Iterator[Claim]:
    shared, spans = list(_clauses_about_both(answer)), side_spans(answer)
    for mention in vocabulary(answer):
        audio = next((side for start, end, side in spans if start <= mention.start < end), None)
        clause = next((span for span in shared if span[0] <= mention.start < span[1]), None)
        if clause:
            kind = Kind.ABSENT if clause[2] or is_denied(answer, mention) else Kind.EVENT
            yield Claim(kind, BOTH, mention.source, mention.start, mention.end)
        elif audio:
            kind = Kind.ABSENT if is_denied(answer, mention) else Kind.EVENT
            yield Claim(kind, audio, mention.source, mention.start, mention.end)


def _merged(answer: str, claims: Iterable[Claim]) -> list[Claim]:
    """Claims of one event that follow each other in a sentence as one: "a dog barks"."""
    merged: list[Claim] = []
    for claim in claims:
        last = merged[-1] if merged else None
        repeats = last and (last.kind, last.audio, last.subject) == (claim.kind, claim.audio, claim.subject)
        if last and repeats and not SENTENCE_END.search(answer, last.end, claim.start):
            merged[-1] = replace(last, end=claim.end)
        else:
            merged.append(claim)
    return merged


def _overlap(first: Claim, second: Claim) -> bool:
    return first.start < second.end and second.start < first.end


def _clauses_about_both(answer: str) -> Iterator[tuple[int, int, bool]]:
    """Where the clauses about both audios start and end, and whether they are about what neither has."""
    for start, end in clauses(answer):
        clause = answer[start:end]
        if markers := side_markers(clause):
            before = clause[: markers[0][0]]  # "both have animals, a dog in audio 1 …"
            both = _BOTH.search(before)
            if both and (pause := _PAUSE.search(before, both.end())):
                yield start, start + pause.start(), False
            continue
        if _NEITHER.search(clause):
            yield start, end, True
        elif _BOTH.search(clause):
            yield start, end, False


def _only_claims(answer: str, events: Sequence[Claim]) -> Iterator[Claim]:
    """What "only audio 1 has rain" says of audio 2."""
    for start, end in clauses(answer):
        markers = side_markers(answer[start:end])
        if not markers or not _ONLY.search(answer[start : start + markers[0][0]]):
            continue
        for claim in events:
            if start <= claim.start < end and claim.kind == Kind.EVENT and claim.audio == markers[0][2]:
                yield Claim(Kind.ABSENT, 3 - claim.audio, claim.subject, claim.start, claim.end)


def _missing_claims(answer: str, events: Sequence[Claim]) -> Iterator[Claim]:
    """What "audio 1 has rain, which audio 2 lacks", "which is missing in audio 2" and "but not in audio 2" deny."""
    for claim in events:
        behind = _MISSING.match(answer, claim.end)
        if claim.kind != Kind.EVENT or behind is None:
            continue
        markers = side_markers(answer[behind.end() :])
        if not markers or markers[0][0] > 0 or markers[0][2] == claim.audio:
            continue
        named_end = behind.end() + markers[0][1]
        if behind["lacking"] is None or _LACKS.match(answer, named_end):
            yield Claim(Kind.ABSENT, markers[0][2], claim.subject, claim.start, claim.end)


def _order_claims(answer: str, events: Sequence[Claim]) -> Iterator[Claim]:
    """What stands between two events of one audio and one sentence: "then", "after", "while"."""
    for first, second in pairwise(events):
        between = answer[first.end : second.start]
        if first.audio != second.audio or first.audio == BOTH or first.subject == second.subject:
            continue
        if SENTENCE_END.search(between):
            continue
        span = first.start, second.end
        if _FIRST_THEN.search(between):
            yield Claim(Kind.ORDER, first.audio, first.subject, *span, second=second.subject)
        elif _AFTER.search(between):
            yield Claim(Kind.ORDER, first.audio, second.subject, *span, second=first.subject)
        elif _MEANWHILE.search(between):
            yield Claim(Kind.TOGETHER, first.audio, first.subject, *span, second=second.subject)


def _arrangement_claims(answer: str) -> Iterator[Claim]:
    for start, end, audio in side_spans(answer):
        for match in _ARRANGEMENT.finditer(answer, start, end):
            if audio and not _ON_ONE_SIDE.match(answer, match.end()):
                yield Claim(Kind.ARRANGEMENT, audio, str(match.lastgroup), *match.span())


def _measure_claims(answer: str) -> Iterator[Claim]:
    """What "the level of audio 1 is higher than that of audio 2" says."""
    for match in _MEASURE.finditer(answer):
        markers = side_markers(answer[match.end() :])
        if not markers or markers[0][0] > 0:
            continue
        compared = _HIGHER_OR_LOWER.match(answer, match.end() + markers[0][1])
        if compared:
            audio = markers[0][2] if compared["more"] else 3 - markers[0][2]
            quality = "higher-pitched" if match["pitch"] else "brighter" if match["brightness"] else "louder"
            yield Claim(Kind.COMPARISON, audio, quality, match.start(), compared.end())
