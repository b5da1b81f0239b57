"""Checks over a whole dataset: what one row alone cannot show."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from adiff_data.checks.verdicts import Finding, failed, passed, undecided
from adiff_data.records import Annotation

SELF_PAIR, REPEATED, TWO_SPLITS = "self-pair", "repeated", "two splits"

_WORD = re.compile(r"\w+")
_OPENING_WORDS = 3
_COMMON_OPENING = 0.3
_SHINGLE_WORDS = 4
_NEAR = 0.8  # the share of four-word phrases that two near duplicates have in common (Jaccard)
_RARE = 20  # phrases that stand in more answers than this are scaffolding and are not looked up


@dataclass
class DatasetFindings:
    """What was found over a dataset: a finding a row and check, and lines for a person to read."""

    rows: list[list[Finding]]
    notes: list[str] = field(default_factory=list)


def over_dataset(annotations: Sequence[Annotation]) -> DatasetFindings:
    """Looks for self-pairs, equal and nearly equal answers, clips and captions of two splits, tiers out of balance."""
    found = DatasetFindings([[] for _ in annotations])
    repeated = _repeated(annotations)
    splits_of = _splits_of_clips(annotations)
    for place, row in enumerate(annotations):
        found.rows[place] = [self_pair(row), repeated[place], _in_two_splits(row, splits_of)]
    found.notes += _notes_on_openings(annotations)
    found.notes += _notes_on_splits(annotations)
    found.notes += _notes_on_tiers(annotations)
    return found


def self_pair(annotation: Annotation) -> Finding:
    """Whether the two audios are one recording."""
    if annotation.filepath1 == annotation.filepath2:
        return failed(SELF_PAIR, "audio 1 and audio 2 are the same recording")
    return passed(SELF_PAIR)


def _repeated(annotations: Sequence[Annotation]) -> list[Finding]:
    """Each answer against the others of its tier: an equal one fails (it fits one pair at most), a near one is said."""
    findings = [passed(REPEATED) for _ in annotations]
    by_tier: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(annotations):
        if row.answer:
            by_tier[row.tier].append(place)
    for places in by_tier.values():
        first_with: dict[str, int] = {}
        distinct = []
        for place in places:
            row = annotations[place]
            same = first_with.setdefault(" ".join(_words(row.answer)), place)
            if same == place:
                distinct.append(place)
            elif (row.caption1, row.caption2) == (annotations[same].caption1, annotations[same].caption2):
                findings[place] = undecided(REPEATED, f"it is the answer of row {same + 1}, to the same captions")
            else:
                findings[place] = failed(REPEATED, f"it is word for word the answer of another pair (row {same + 1})")
        for place, other in _near_duplicates(annotations, distinct):
            findings[place] = undecided(REPEATED, f"nearly the answer of row {other + 1}")
    return findings


def _near_duplicates(annotations: Sequence[Annotation], places: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of places whose answers have most phrases in common, the later one first."""
    phrases = {place: _phrases(annotations[place].answer) for place in places}
    holders: dict[int, list[int]] = defaultdict(list)
    for place, own in phrases.items():
        for phrase in own:
            holders[phrase].append(place)
    near = []
    for place, own in phrases.items():
        common = Counter(
            other for phrase in own if len(holders[phrase]) <= _RARE for other in holders[phrase] if other < place
        )
        for other, _ in common.most_common(1):
            shared = len(own & phrases[other])
            if shared >= _NEAR * len(own | phrases[other]):
                near.append((place, other))
    return near


def _phrases(answer: str) -> set[int]:
    words = _words(answer)
    return {hash(phrase) for phrase in zip(*(words[start:] for start in range(_SHINGLE_WORDS)), strict=False)}


def _splits_of_clips(annotations: Iterable[Annotation]) -> dict[tuple[str, str], set[str]]:
    splits: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in annotations:
        for filepath in (row.filepath1, row.filepath2):
            splits[row.corpus, filepath.rsplit("/", 1)[-1]].add(row.split)
    return splits


def _in_two_splits(row: Annotation, splits_of: dict[tuple[str, str], set[str]]) -> Finding:
    for audio, filepath in ((1, row.filepath1), (2, row.filepath2)):
        splits = splits_of[row.corpus, filepath.rsplit("/", 1)[-1]]
        if len(splits) > 1:
            return failed(TWO_SPLITS, f"audio {audio} stands in {' and '.join(sorted(splits))}")
    return passed(TWO_SPLITS)


def _notes_on_openings(annotations: Iterable[Annotation]) -> list[str]:
    """The commonest opening of each tier; marked where it opens too many answers."""
    openings: dict[str, Counter[str]] = defaultdict(Counter)
    for row in annotations:
        if row.answer:
            openings[row.tier][" ".join(_words(row.answer)[:_OPENING_WORDS])] += 1
    notes = []
    for tier, counts in openings.items():
        opening, times = counts.most_common(1)[0]
        share = times / counts.total()
        many = " (many)" if share > _COMMON_OPENING and counts.total() >= 10 else ""
        notes.append(f"{tier}: {share:.0%} of the answers begin with '{opening}'{many}")
    return notes


def _notes_on_splits(annotations: Iterable[Annotation]) -> list[str]:
    """Captions that stand in two splits: two recordings may well have the same, so it is said and no row fails."""
    splits: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in annotations:
        for caption in (row.caption1, row.caption2):
            splits[row.corpus, caption].add(row.split)
    shared = sum(len(found) > 1 for found in splits.values())
    return [f"{shared:,} captions stand in two splits"] if shared else []


def _notes_on_tiers(annotations: Iterable[Annotation]) -> list[str]:
    """Splits whose tiers have different numbers of rows."""
    rows: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in annotations:
        rows[row.corpus, row.split][row.tier] += 1
    notes = []
    for (corpus, split), counts in rows.items():
        if len(set(counts.values())) > 1:
            listed = ", ".join(f"{tier} {count:,}" for tier, count in sorted(counts.items()))
            notes.append(f"{corpus} {split}: tiers out of balance ({listed})")
    return notes


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
