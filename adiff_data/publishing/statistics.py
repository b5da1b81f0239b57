"""The numbers in a card, which are collected row by row."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np

from adiff_data.checks.verdicts import Verdict
from adiff_data.dataset.columns import PublishedRow
from adiff_data.edits.shortcuts import Shortcut
from adiff_data.pairing.similarity import caption_vectors, cosines
from adiff_data.records import Annotation
from adiff_data.tiers import ANSWER_KINDS, TIERS

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_OPENING_WORDS = 4
_SAMPLE_CHARACTERS = 4000


@dataclass
class TierStatistics:
    """The answers of one tier.

    Attributes:
        words: the number of words of each answer.
        vocabulary: how often each word is used.
        openings: how often answers begin with the same four words.
    """

    words: list[int] = field(default_factory=list)
    vocabulary: Counter[str] = field(default_factory=Counter)
    openings: Counter[str] = field(default_factory=Counter)

    def add(self, answer: str) -> None:
        """Counts an answer."""
        words = _WORD.findall(answer)
        self.words.append(len(words))
        self.vocabulary.update(word.lower() for word in words)
        self.openings[" ".join(words[:_OPENING_WORDS])] += 1


@dataclass
class Statistics:
    """The numbers of one config.

    Attributes:
        rows: how many there are, by split (the Hub's name) and tier.
        source_splits: by split, the corpora's own names of it.
        tiers: the answers of each tier.
        corpora, annotators, strategies, flags: how many rows each has; an annotator is its name, model and prompt
            version.
        verdicts: how many rows passed, failed, and were not checked (None).
        judged, judged_passed, failures: how many answers were checked, also those that were left out of the build, how
            many of these passed, and how many failed each check.
        with_facts: how many rows have facts.
        with_truth: of how many rows it is known how the two recordings differ.
        shortcuts: by folder of edited pairs, how often the edited side can be told without listening.
        verified, edited: how many rows people let stand or edited, and how many of these they edited.
        reviewers: how many people each verified row has, and how many rows have so many.
        agreement: Krippendorff's alpha of what people said, also of rows that were left out; None where there is none.
        sample: an answer of each tier; all are of one pair if the first one has all tiers.
    """

    rows: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    source_splits: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    tiers: dict[str, TierStatistics] = field(default_factory=lambda: {name: TierStatistics() for name in ANSWER_KINDS})
    corpora: Counter[str] = field(default_factory=Counter)
    annotators: Counter[tuple[str, str | None, str | None]] = field(default_factory=Counter)
    strategies: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str | None] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    judged: int = 0
    judged_passed: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    with_facts: int = 0
    with_truth: int = 0
    shortcuts: dict[str, list[Shortcut]] = field(default_factory=dict)
    verified: int = 0
    edited: int = 0
    reviewers: Counter[int] = field(default_factory=Counter)
    agreement: float | None = None
    sample: dict[str, Annotation] = field(default_factory=dict)
    _clips: set[str] = field(default_factory=set)
    _captions: dict[str, int] = field(default_factory=dict)
    _pairs: dict[str, tuple[int, int]] = field(default_factory=dict)

    def take_verdicts(self, verdicts: Collection[Verdict]) -> None:
        """Counts what the checks say about all answers."""
        self.judged = len(verdicts)
        self.judged_passed = sum(not verdict.failed for verdict in verdicts)
        for verdict in verdicts:
            self.failures.update(verdict.failed_checks)

    def add(self, row: PublishedRow, split: str) -> None:
        """Counts a row.

        Args:
            row: the row.
            split: the Hub's name of its split.
        """
        annotation, provenance = row.annotation, row.annotation.provenance
        self.rows[split][annotation.tier] += 1
        self.source_splits[split].add(annotation.split)
        self.tiers[annotation.tier].add(annotation.answer)
        self.corpora[annotation.corpus] += 1
        self.annotators[provenance.annotator, provenance.model, provenance.prompt_version] += 1
        self.strategies[annotation.strategy] += 1
        self.verdicts[row.verdict.verdict if row.verdict else None] += 1
        self.flags.update(row.flags)
        self.with_facts += row.was_measured
        self.with_truth += row.has_truth
        self.verified += row.is_verified
        self.edited += row.is_edited
        if row.review and row.is_verified:
            self.reviewers[len(row.review.said)] += 1
        self._clips.update((annotation.filepath1, annotation.filepath2))
        first, second = (
            self._captions.setdefault(caption, len(self._captions))
            for caption in (annotation.caption1, annotation.caption2)
        )
        self._pairs.setdefault(annotation.id.removesuffix(f"-{annotation.tier}"), (first, second))
        if annotation.tier not in self.sample and not row.flags and len(annotation.answer) <= _SAMPLE_CHARACTERS:
            self.sample[annotation.tier] = annotation

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of answer that there are."""
        return frozenset(name for name, tier in self.tiers.items() if tier.words)

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(counts.total() for counts in self.rows.values())

    @property
    def clips(self) -> int:
        """How many different clips there are."""
        return len(self._clips)

    @property
    def pairs(self) -> int:
        """How many different pairs there are."""
        return len(self._pairs)

    def similarities(self) -> np.ndarray:
        """For each of n pairs, the cosine of the TF-IDF vectors of its captions, 0 to 1; shape (n,)."""
        first, second = ([pair[side] for pair in self._pairs.values()] for side in (0, 1))
        return cosines(caption_vectors(list(self._captions)), first, second)


def shown_kinds(statistics: Iterable[Statistics]) -> list[str]:
    """What tables and plots have a place for: the tiers, and any further kinds of answer that there are."""
    there = TIERS.keys() | {kind for stats in statistics for kind in stats.kinds}
    return [name for name in ANSWER_KINDS if name in there]
