"""Checks of a whole dataset: what a single row cannot show."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adiff_data.checks.verdicts import Finding, Reason, failed, passed, undecided
from adiff_data.claims.edit_truth import kept_truth
from adiff_data.claims.equality import same_claims
from adiff_data.records import Annotation
from adiff_data.tiers import is_about_similarity

SELF_PAIR, REPEATED, TWO_SPLITS = "self-pair", "repeated", "two splits"


class DatasetReason(Reason):
    """What is wrong with a row among the others; rows are counted from 1."""

    SAME_RECORDING = "audio 1 and audio 2 are the same recording"
    SAME_ANSWER_SAME_CAPTIONS = "it is the answer of row {row}, to the same captions"
    SAME_ANSWER = "it is word for word the answer of another pair (row {row})"
    NEAR_ANSWER = "nearly the answer of row {row}"
    CLIP_IN_TWO_SPLITS = "audio {audio} stands in {splits}"


_WORD = re.compile(r"\w+")
_OPENING_WORDS = 3
_COMMON_OPENING = 0.3
_PHRASE_WORDS = 4
_NEAR = 0.8  # the share of four-word phrases that two near duplicates have in common (Jaccard)
_COMMON_PHRASE = 20  # a phrase that more answers than this have says nothing about any of them


@dataclass(frozen=True)
class DatasetFindings:
    """What was found in a dataset.

    Attributes:
        by_row: for each row, the findings about it.
        notes: lines for a person to read.
    """

    by_row: list[list[Finding]]
    notes: list[str]


def over_dataset(annotations: Sequence[Annotation]) -> DatasetFindings:
    """Looks for self-pairs, equal and nearly equal answers, clips and captions in two splits, and unequal tiers."""
    splits_of = _splits_of_clips(annotations)
    by_row = [
        [self_pair(row), repeated, _in_two_splits(row, splits_of)]
        for row, repeated in zip(annotations, _repeated(annotations), strict=True)
    ]
    notes = [*_notes_on_openings(annotations), *_notes_on_splits(annotations), *_notes_on_tiers(annotations)]
    return DatasetFindings(by_row, notes)


def self_pair(annotation: Annotation) -> Finding:
    """Fails a pair of a recording with itself."""
    if annotation.filepath1 == annotation.filepath2:
        return failed(SELF_PAIR, DatasetReason.SAME_RECORDING)
    return passed(SELF_PAIR)


def _repeated(annotations: Sequence[Annotation]) -> list[Finding]:
    """Each answer against the others of its tier.

    An answer that equals an earlier one fails, since it can fit one pair at most, unless it tells what two audios
    share, that nothing differs, or what was edited, which may be so of several pairs. These and near duplicates are
    only reported.
    """
    findings = [passed(REPEATED) for _ in annotations]
    by_tier: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(annotations):
        if row.answer:
            by_tier[row.tier].append(index)
    for indices in by_tier.values():
        first_with: dict[str, int] = {}
        distinct = []
        for index in indices:
            first = first_with.setdefault(" ".join(_words(annotations[index].answer)), index)
            if first == index:
                distinct.append(index)
            else:
                findings[index] = _same_answer(annotations[index], annotations[first], first)
        for later, earlier in _near_duplicates(annotations, distinct):
            findings[later] = undecided(REPEATED, DatasetReason.NEAR_ANSWER, row=earlier + 1)
    return findings


def _same_answer(row: Annotation, first: Annotation, index: int) -> Finding:
    """The finding about a row whose answer is that of an earlier row, the one at `index`."""
    if (row.caption1, row.caption2) == (first.caption1, first.caption2):
        return undecided(REPEATED, DatasetReason.SAME_ANSWER_SAME_CAPTIONS, row=index + 1)
    if is_about_similarity(row.tier) or any(same_claims(row.answer)) or kept_truth(row):
        return undecided(REPEATED, DatasetReason.SAME_ANSWER, row=index + 1)
    return failed(REPEATED, DatasetReason.SAME_ANSWER, row=index + 1)


def _near_duplicates(annotations: Sequence[Annotation], indices: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of rows whose answers have most of their phrases in common, as the later index and the earlier one."""
    phrases = {index: _phrases(annotations[index].answer) for index in indices}
    rows_with: dict[int, list[int]] = defaultdict(list)
    for index in indices:
        for phrase in phrases[index]:
            rows_with[phrase].append(index)
    near = []
    for later in indices:
        rare = [phrase for phrase in phrases[later] if len(rows_with[phrase]) <= _COMMON_PHRASE]
        common = Counter(earlier for phrase in rare for earlier in rows_with[phrase] if earlier < later)
        if not common:
            continue
        most = max(common.values())
        nearest = min(earlier for earlier, count in common.items() if count == most)
        shared = len(phrases[later] & phrases[nearest])
        if shared >= _NEAR * len(phrases[later] | phrases[nearest]):
            near.append((later, nearest))
    return near


def _phrases(answer: str) -> set[int]:
    """The hashes of all phrases of four words."""
    words = _words(answer)
    return {hash(phrase) for phrase in zip(*(words[start:] for start in range(_PHRASE_WORDS)), strict=False)}


def _splits_of_clips(annotations: Iterable[Annotation]) -> dict[tuple[str, str], set[str]]:
    splits: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in annotations:
        for filepath in (row.filepath1, row.filepath2):
            splits[_clip_of(row, filepath)].add(row.split)
    return splits


def _in_two_splits(row: Annotation, splits_of: dict[tuple[str, str], set[str]]) -> Finding:
    for audio, filepath in ((1, row.filepath1), (2, row.filepath2)):
        splits = splits_of[_clip_of(row, filepath)]
        if len(splits) > 1:
            listed = " and ".join(sorted(splits))
            return failed(TWO_SPLITS, DatasetReason.CLIP_IN_TWO_SPLITS, audio=audio, splits=listed)
    return passed(TWO_SPLITS)


def _clip_of(row: Annotation, filepath: str) -> tuple[str, str]:
    """What tells clips apart whatever their split: the corpus and the file name."""
    return row.corpus, filepath.rsplit("/", 1)[-1]


def _notes_on_openings(annotations: Iterable[Annotation]) -> list[str]:
    """The commonest opening of each tier, marked if it opens too many answers."""
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
    """How many captions are in two splits. Two recordings may well have the same caption, so no row fails for it."""
    splits_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in annotations:
        for caption in (row.caption1, row.caption2):
            splits_of[row.corpus, caption].add(row.split)
    shared = sum(len(splits) > 1 for splits in splits_of.values())
    return [f"{shared:,} captions stand in two splits"] if shared else []


def _notes_on_tiers(annotations: Iterable[Annotation]) -> list[str]:
    """The splits whose tiers have different numbers of rows."""
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
