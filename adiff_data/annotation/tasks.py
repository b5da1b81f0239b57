"""What is still to be annotated: the pairs of a file, less what the annotations hold already.

A *row* is one tier of one pair, and one line of the annotations. A pair's *position* is its place among the pairs,
counted from 0; every row keeps it (as `provenance.row`), so that a build can put rows back into the pairs' order.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from adiff_data.annotation import prompts
from adiff_data.annotation.prompts import Hear
from adiff_data.audio import likenesses
from adiff_data.audio.differences import PairFacts, PairFactsSource
from adiff_data.audio.sending import SentPair
from adiff_data.claims.common_ground import common_ground
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records
from adiff_data.core.wording import counted
from adiff_data.llm.request import Messages, Request, expected_tokens_of, token_limit_of
from adiff_data.records import Annotation, Pair, Provenance, annotation_id
from adiff_data.sources import CORPORA
from adiff_data.tiers import ANSWER_KINDS, is_about_similarity, require_tier

Pairs = Path | Sequence[Pair]  # a file that is read line by line each time, or what is in memory


class OtherPairsError(InputError):
    """The annotations hold rows of pairs that are not among those to be annotated."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is wanted of a pair.

    Attributes:
        pair: it.
        position: its place among the pairs, from 0.
        tiers: the tiers wanted.
        facts: what was measured on its recordings, where anything was.
        faults: by tier, why an earlier answer was turned down.
        hear: what is known of the recordings by who is asked.
        sent: the recordings as they are sent; None where the captions are enough.
    """

    pair: Pair
    position: int
    tiers: tuple[str, ...]
    facts: PairFacts | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    hear: Hear = "captions"
    sent: SentPair | None = None

    def request(self, tiers: Sequence[str]) -> Request:
        """What asks for some of its tiers: one in plain text, several as a JSON object."""
        words = [ANSWER_KINDS[tier].words for tier in tiers]
        return Request(
            messages=self._messages(tiers),
            token_limit=sum(map(token_limit_of, words)),
            expected_tokens=sum(map(expected_tokens_of, words)),
            response_format=_json_of(tiers) if len(tiers) > 1 else None,
            audio_seconds=self.sent.seconds if self.sent else 0.0,
        )

    def annotation(self, tier: str, answer: str, provenance: Provenance) -> Annotation:
        """The row of one of its tiers, which keeps its position and its facts."""
        kept = {"row": self.position, "facts": self.facts.as_dict() if self.facts else None}
        return make_annotation(self.pair, tier, answer, provenance.model_copy(update=kept))

    def _messages(self, tiers: Sequence[str]) -> Messages:
        facts = self.facts.in_words() if self.facts else ""
        if self.facts and any(is_about_similarity(tier) for tier in tiers):
            facts = f"{facts} {likenesses.in_words(self.facts)}".strip()
        fault = "; ".join(dict.fromkeys(self.faults[tier] for tier in tiers if tier in self.faults))
        captions = self.pair.caption1, self.pair.caption2
        asked = prompts.messages(*captions, tiers, facts=facts, fault=fault, hear=self.hear)
        if self.sent:
            asked[-1]["content"] = self.sent.content(asked[-1]["content"])
        return asked


@dataclass(frozen=True)
class Agenda:
    """What there is to do: `wanted` rows in all, `missing` of them not there yet."""

    wanted: int
    missing: int


def require_tiers(tiers: Sequence[str]) -> None:
    """Lets only tiers through that exist.

    Raises:
        InputError: one does not exist or is named twice, or there is none.
    """
    if not tiers:
        raise InputError("no tier is named", mend=f"one or several of {', '.join(ANSWER_KINDS)}")
    for tier in tiers:
        require_tier(tier)
    if len(set(tiers)) < len(tiers):
        raise InputError(f"a tier is named twice: {', '.join(tiers)}")


def make_agenda(
    pairs: Pairs, tiers: Sequence[str], done: Set[str], out: Path | None, facts: PairFactsSource | None = None
) -> Agenda:
    """Counts what is wanted, and what of it is missing.

    Args:
        done: the ids of the rows that are in `out`, the annotations.
        facts: what was measured on the pairs, where anything was.

    Raises:
        InputError: there is no pair, or one is there twice, or none has what is asked.
        OtherPairsError: the annotations hold rows of other pairs.
    """
    file = pairs if isinstance(pairs, Path) else None
    wanted = missing = known = 0
    seen: set[str] = set()
    for number, pair in enumerate(read_pairs(pairs), start=1):
        if pair.id in seen:
            raise InputError(f"the pair '{pair.id}' appears twice", file=file, row=number)
        seen.add(pair.id)
        known += sum(annotation_id(pair.id, tier) in done for tier in ANSWER_KINDS)
        asked = tiers_to_ask(pair, tiers, facts.of(pair) if facts else None)
        wanted += len(asked)
        missing += sum(annotation_id(pair.id, tier) not in done for tier in asked)
    if not seen:
        raise InputError("no pairs", file=file)
    if not wanted:
        mend = '`strategy="similar"` makes pairs that have'
        raise InputError("no pair has anything in common that is known", file=file, mend=mend)
    if known < len(done):
        raise OtherPairsError(
            f"{counted(len(done) - known, 'row is', 'rows are')} of pairs that {file or 'this call'} does not have",
            file=out,
            mend="`force=True` begins anew and keeps the old file as .bak, another `out` keeps both",
        )
    return Agenda(wanted, missing)


def read_pairs(pairs: Pairs) -> Iterator[Pair]:
    """Yields the pairs, in their order."""
    return read_records(pairs, Pair) if isinstance(pairs, Path) else iter(pairs)


def read_tasks(
    pairs: Pairs,
    tiers: Sequence[str],
    done: Set[str],
    facts: PairFactsSource | None = None,
    faults: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Task]:
    """Yields a task for each pair that lacks a tier it can have, in the pairs' order.

    Args:
        done: the ids of the rows that are there.
        facts: what was measured on the pairs, where anything was.
        faults: by a row's id, why its earlier answer was turned down.
    """
    for position, pair in enumerate(read_pairs(pairs)):
        ids = {tier: annotation_id(pair.id, tier) for tier in tiers}
        lacking = tuple(tier for tier in tiers if ids[tier] not in done)
        known_facts = facts.of(pair) if facts and lacking else None
        missing = tiers_to_ask(pair, lacking, known_facts)
        if missing:
            known_faults = {tier: faults[ids[tier]] for tier in missing if ids[tier] in faults}
            yield Task(pair, position, missing, known_facts, known_faults)


def tiers_to_ask(pair: Pair, tiers: Sequence[str], facts: PairFacts | None = None) -> tuple[str, ...]:
    """Of these kinds of answer, those that a pair has: what both share is asked only where something is known of it."""
    if not any(map(is_about_similarity, tiers)) or common_ground(pair, facts).can_be_told:
        return tuple(tiers)
    return tuple(tier for tier in tiers if not is_about_similarity(tier))


def first_rows(tasks: Iterable[Task], count: int) -> Iterator[Task]:
    """The tasks of the first so many rows."""
    for task in tasks:
        if count <= 0:
            return
        yield replace(task, tiers=task.tiers[:count])
        count -= len(task.tiers)


def make_annotation(pair: Pair, tier: str, answer: str, provenance: Provenance) -> Annotation:
    """The row of one tier of a pair."""
    return Annotation(
        **pair.model_dump(exclude={"id"}),
        id=annotation_id(pair.id, tier),
        taskname=CORPORA[pair.corpus].taskname if pair.corpus in CORPORA else pair.corpus,
        tier=tier,
        input=ANSWER_KINDS[tier].request,
        answer=answer,
        provenance=provenance,
    )


def _json_of(tiers: Sequence[str]) -> dict[str, Any]:
    """The response format of a JSON object with a text for each tier."""
    schema = {
        "type": "object",
        "properties": {tier: {"type": "string"} for tier in tiers},
        "required": list(tiers),
        "additionalProperties": False,
    }
    return {"type": "json_schema", "json_schema": {"name": "tiers", "strict": True, "schema": schema}}
