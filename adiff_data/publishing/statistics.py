"""What a card tells in numbers, gathered row by row."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from adiff_data.checks.verdicts import Verdict
from adiff_data.dataset.columns import PublishedRow
from adiff_data.pairing.similarity import caption_vectors
from adiff_data.records import Annotation
from adiff_data.tiers import TIERS

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_OPENING_WORDS = 4
_SAMPLE_CHARACTERS = 4000


@dataclass
class TierStatistics:
    """The answers of one tier.

    Attributes:
        words: the number of words of each answer.
        vocabulary: how often each word is used.
        openings: how often answers begin with each four words.
    """

    words: list[int] = field(default_factory=list)
    vocabulary: Counter[str] = field(default_factory=Counter)
    openings: Counter[str] = field(default_factory=Counter)

    def add(self, answer: str) -> None:
        """Takes an answer."""
        words = _WORD.findall(answer)
        self.words.append(len(words))
        self.vocabulary.update(word.lower() for word in words)
        self.openings[" ".join(words[:_OPENING_WORDS])] += 1


@dataclass
class Statistics:
    """One config.

    Attributes:
        rows: by split (the Hub's name) and tier.
        source_splits: the corpus' own name of each split.
        corpora, annotators: how many rows each has; an annotator is its name, model and prompt version.
        verdicts: how many rows passed, failed, and were not checked (None).
        judged, judged_passed, failures: of all answers that were checked, those left out of the build too: how many,
            how many passed, and how many failed each check.
        sample: an answer of each tier, of one pair where one has all.
    """

    rows: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    source_splits: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    tiers: dict[str, TierStatistics] = field(default_factory=lambda: {name: TierStatistics() for name in TIERS})
    corpora: Counter[str] = field(default_factory=Counter)
    annotators: Counter[tuple[str, str | None, str | None]] = field(default_factory=Counter)
    strategies: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str | None] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    judged: int = 0
    judged_passed: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    with_facts: int = 0
    sample: dict[str, Annotation] = field(default_factory=dict)
    _clips: set[str] = field(default_factory=set)
    _captions: dict[str, int] = field(default_factory=dict)
    _pairs: dict[str, tuple[int, int]] = field(default_factory=dict)

    def take_verdicts(self, verdicts: Collection[Verdict]) -> None:
        """Takes what the checks said of all answers."""
        self.judged = len(verdicts)
        self.judged_passed = sum(not verdict.failed for verdict in verdicts)
        for verdict in verdicts:
            self.failures.update(verdict.failed_checks)

    def add(self, row: PublishedRow, split: str) -> None:
        """Takes a row."""
        annotation, provenance = row.annotation, row.annotation.provenance
        self.rows[split][annotation.tier] += 1
        self.source_splits[split].add(annotation.split)
        self.tiers[annotation.tier].add(annotation.answer)
        self.corpora[annotation.corpus] += 1
        self.annotators[provenance.annotator, provenance.model, provenance.prompt_version] += 1
        self.strategies[annotation.strategy] += 1
        self.verdicts[row.verdict.verdict if row.verdict else None] += 1
        self.flags.update(row.flags)
        self.with_facts += provenance.facts is not None
        self._clips.update((annotation.filepath1, annotation.filepath2))
        first, second = (
            self._captions.setdefault(caption, len(self._captions))
            for caption in (annotation.caption1, annotation.caption2)
        )
        self._pairs.setdefault(annotation.id.removesuffix(f"-{annotation.tier}"), (first, second))
        if annotation.tier not in self.sample and not row.flags and len(annotation.answer) <= _SAMPLE_CHARACTERS:
            self.sample[annotation.tier] = annotation

    @property
    def total(self) -> int:
        """Rows."""
        return sum(counts.total() for counts in self.rows.values())

    @property
    def clips(self) -> int:
        """Different clips."""
        return len(self._clips)

    @property
    def pairs(self) -> int:
        """Different pairs."""
        return len(self._pairs)

    def similarities(self) -> np.ndarray:
        """How near the two captions of each pair are: the cosine of their TF-IDF vectors, 0 to 1."""
        vectors = caption_vectors(list(self._captions))
        first, second = (np.array([pair[side] for pair in self._pairs.values()]) for side in (0, 1))
        return np.clip(np.asarray(vectors[first].multiply(vectors[second]).sum(axis=1)).ravel(), 0.0, 1.0)
