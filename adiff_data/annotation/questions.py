"""What is still to be asked: the pairs of a file, less what the annotations hold already."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from adiff_data import prompts
from adiff_data.audio.differences import PairFacts
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records
from adiff_data.records import Annotation, Pair, Provenance, annotation_id
from adiff_data.sources import CORPORA
from adiff_data.tiers import TIERS


class OtherPairsError(InputError):
    """The annotations hold rows of pairs that are not among those to be annotated."""


class Asked(Protocol):
    """What the engine asks: its name (its pair's id), the tiers wanted, the messages, the rows made of it."""

    pair: Pair
    tiers: tuple[str, ...]

    def messages(self, tiers: Sequence[str]) -> prompts.Messages:
        """The chat messages that ask for some of its tiers."""

    def annotation(self, tier: str, answer: str, provenance: Provenance) -> Annotation:
        """The row of one of its tiers."""

    def _replace(self, **fields: Any) -> "Asked":
        """The same with other fields, as named tuples have it."""


class Question(NamedTuple):
    """What is wanted of a pair.

    Attributes:
        pair: it.
        row: its row in the pairs file, from 0.
        tiers: the tiers wanted.
        facts: what was measured on it, where anything was.
        faults: what was wrong with earlier answers that were turned down, at most one a tier.
    """

    pair: Pair
    row: int
    tiers: tuple[str, ...]
    facts: PairFacts | None = None
    faults: tuple[tuple[str, str], ...] = ()

    def messages(self, tiers: Sequence[str]) -> prompts.Messages:
        """The chat messages that ask for some of its tiers."""
        facts = self.facts.in_words() if self.facts else ""
        fault = "; ".join(dict.fromkeys(reason for tier, reason in self.faults if tier in tiers))
        return prompts.messages(self.pair.caption1, self.pair.caption2, tiers, facts=facts, fault=fault)

    def annotation(self, tier: str, answer: str, provenance: Provenance) -> Annotation:
        """The row of one of its tiers, which keeps its place and its facts."""
        own = {"row": self.row, "facts": self.facts.as_dict() if self.facts else None}
        return make_annotation(self.pair, tier, answer, provenance.model_copy(update=own))


FactsOf = Callable[[Pair | Annotation], PairFacts | None]


def no_facts(_pair: Pair | Annotation) -> None:
    """Of no pair anything was measured."""


@dataclass(frozen=True)
class Agenda:
    """What there is to do: `wanted` rows (pair and tier) in all, `missing` of them not there yet."""

    wanted: int
    missing: int


def make_agenda(pairs: Path, tiers: Sequence[str], done: Set[str], out: Path) -> Agenda:
    """Counts what is wanted, and what of it is missing.

    Args:
        done: the ids of the rows that stand in `out`, the annotations.

    Raises:
        InputError: a tier does not exist, or a pair stands twice.
        OtherPairsError: the annotations hold rows of other pairs.
    """
    unknown = [tier for tier in tiers if tier not in TIERS]
    if unknown or not tiers:
        raise InputError(f"no tier '{''.join(unknown[:1])}'", mend=f"tiers: {', '.join(TIERS)}")
    wanted = missing = known = 0
    seen: set[str] = set()
    for row, pair in enumerate(read_records(pairs, Pair), start=1):
        if pair.id in seen:
            raise InputError(f"the pair '{pair.id}' stands twice", file=pairs, row=row)
        seen.add(pair.id)
        known += sum(annotation_id(pair.id, tier) in done for tier in TIERS)
        wanted += len(tiers)
        missing += sum(annotation_id(pair.id, tier) not in done for tier in tiers)
    if not seen:
        raise InputError("no pairs", file=pairs)
    if known < len(done):
        raise OtherPairsError(
            f"{len(done) - known} rows are of pairs that {pairs} does not have",
            file=out,
            mend="--force begins anew and keeps the old file as .bak, another --out keeps both",
        )
    return Agenda(wanted, missing)


def read_questions(
    pairs: Path,
    tiers: Sequence[str],
    done: Set[str],
    facts_of: FactsOf = no_facts,
    faults: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Question]:
    """Yields each pair that lacks a tier, in the file's order, with the tiers that it lacks.

    Args:
        faults: by the annotation's id, what was wrong with an earlier answer.
    """
    for row, pair in enumerate(read_records(pairs, Pair)):
        lacking = tuple(tier for tier in tiers if annotation_id(pair.id, tier) not in done)
        if lacking:
            ids = {tier: annotation_id(pair.id, tier) for tier in lacking}
            told = tuple((tier, faults[own]) for tier, own in ids.items() if own in faults)
            yield Question(pair, row, lacking, facts_of(pair), told)


def make_annotation(pair: Pair, tier: str, answer: str, provenance: Provenance) -> Annotation:
    """The annotation of one tier of a pair."""
    return Annotation(
        **pair.model_dump(exclude={"id"}),
        id=annotation_id(pair.id, tier),
        taskname=CORPORA[pair.corpus].taskname if pair.corpus in CORPORA else pair.corpus,
        tier=tier,
        input=TIERS[tier].request,
        answer=answer,
        provenance=provenance,
    )
