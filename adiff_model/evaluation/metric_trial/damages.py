"""Answers that are wrong in a known way, and to a known degree."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from adiff_data.annotation.rules.caption_phrases import Kind
from adiff_data.claims.content_words import content_stems
from adiff_data.core.seeded import Seeded
from adiff_model.evaluation.metric_trial import wordings
from adiff_model.evaluation.metric_trial.answers import (
    BEHIND_EVENTS,
    Answer,
    Claim,
    ComparisonClaim,
    EventClaim,
    OtherWords,
)
from adiff_model.evaluation.metric_trial.events import EventPhrase
from adiff_model.prediction_file import Task

_TRIES = 200  # of other rows' events
_NEXT_WORDING = 7  # further on: another frame and other words in every table of wordings


class Damage(StrEnum):
    """The ways in which an answer is broken."""

    PARAPHRASED = "claim in other words"  # the control: nothing is wrong
    MOVED = "event on the other side"
    EXCHANGED = "event exchanged"
    TURNED = "comparison turned"
    DROPPED = "event dropped"
    INVENTED = "event invented"
    OTHER_ROW = "another row's answer"
    GENERIC = "generic answer"


class Degree(StrEnum):
    """How many of an answer's claims are damaged."""

    ONE = "one"
    TWO = "two"
    ALL = "all"  # that can be; of dropped events all but one, of invented ones as many as there are events


FAULTS = (Damage.MOVED, Damage.EXCHANGED, Damage.TURNED, Damage.DROPPED, Damage.INVENTED)
GRADED = (Damage.PARAPHRASED, *FAULTS)
_LEAST = 2  # claims that must be there to be damaged, so that "one" and "two" are both possible


@dataclass(frozen=True)
class TrialRow:
    """A row, its right answer, and other words for the answer's events, where they are known."""

    task: Task
    answer: Answer
    other_words: OtherWords = field(default_factory=dict)


Answers = Mapping[Damage, Mapping[Degree, str]]
Change = tuple[int | None, tuple[Claim, ...]]  # a claim's place, and what takes it; None adds


def broken_answers(rows: Sequence[TrialRow]) -> list[Answers]:
    """The broken answers to each row.

    A way to break it that needs more than the row has is left out: of each graded way, a row has all degrees or none,
    so that these can be compared.
    """
    others = _other_events(rows)
    return [
        {
            **{damage: _graded(row.answer, changes) for damage, changes in _changes(row, others) if changes},
            **_replaced(row, rows[(index + 1) % len(rows)]),
        }
        for index, row in enumerate(rows)
    ]


def _replaced(row: TrialRow, other: TrialRow) -> Answers:
    """The answers that have nothing to do with the row."""
    generic = {Damage.GENERIC: {Degree.ALL: wordings.GENERIC[row.task.tier]}}
    return generic if other is row else {Damage.OTHER_ROW: {Degree.ALL: other.answer.text()}, **generic}


def _graded(answer: Answer, changes: Sequence[Change]) -> dict[Degree, str]:
    numbers = {Degree.ONE: 1, Degree.TWO: 2, Degree.ALL: len(changes)}
    return {degree: _changed(answer, changes[:number]).text() for degree, number in numbers.items()}


def _changed(answer: Answer, changes: Sequence[Change]) -> Answer:
    claims: list[tuple[Claim, ...]] = [(claim,) for claim in answer.claims]
    added: list[Claim] = []
    for place, new in changes:
        if place is None:
            added += new
        else:
            claims[place] = new
    every = [*(claim for kept in claims for claim in kept), *added]
    return replace(answer, claims=tuple(sorted(every, key=lambda claim: claim.sentence)))


def _changes(row: TrialRow, others: Sequence[EventPhrase]) -> Iterator[tuple[Damage, list[Change]]]:
    """For each graded way the changes of single claims, in the order in which they are made; empty where too few are
    possible."""
    for damage, changes_of in _CHANGES.items():
        changes = changes_of(row, others)
        Seeded("metric trial", damage, row.task.id).shuffle(changes)
        changes = changes[:-1] if damage is Damage.DROPPED else changes
        yield damage, changes if len(changes) >= _LEAST else []


def _paraphrased(row: TrialRow, _: Sequence[EventPhrase]) -> list[Change]:
    """Another wording, and of an event the words of another caption, where there is one."""
    changes: list[Change] = []
    for place, claim in enumerate(row.answer.claims):
        said = replace(claim, wording=claim.wording + _NEXT_WORDING)
        if isinstance(said, EventClaim):
            said = replace(said, event=row.other_words.get((said.audio, said.event), said.event))
        changes.append((place, (said,)))
    return changes


def _moved(row: TrialRow, _: Sequence[EventPhrase]) -> list[Change]:
    """Events that the other audio does not have, too, whether it is told or not."""
    stems = {1: content_stems(row.task.caption1), 2: content_stems(row.task.caption2)}
    return [
        (place, (replace(claim, audio=3 - claim.audio),))
        for place, claim in _events(row.answer)
        if not claim.event.stems & stems[3 - claim.audio]
    ]


def _exchanged(row: TrialRow, others: Sequence[EventPhrase]) -> list[Change]:
    events = _events(row.answer)
    strange = _strange_events(row, others, len(events), "exchanged")
    return [(place, (replace(claim, event=event),)) for (place, claim), event in zip(events, strange, strict=False)]


def _turned(row: TrialRow, _: Sequence[EventPhrase]) -> list[Change]:
    return [
        (place, (replace(claim, audio=3 - claim.audio),))
        for place, claim in enumerate(row.answer.claims)
        if isinstance(claim, ComparisonClaim)
    ]


def _dropped(row: TrialRow, _: Sequence[EventPhrase]) -> list[Change]:
    return [(place, ()) for place, _ in _events(row.answer)]


def _invented(row: TrialRow, others: Sequence[EventPhrase]) -> list[Change]:
    count = len(_events(row.answer))
    stream = Seeded("metric trial", "audio", row.task.id)
    return [
        (None, (EventClaim(1 + stream.below(2), event, True, BEHIND_EVENTS - count + number, stream.below(1000)),))
        for number, event in enumerate(_strange_events(row, others, count, "invented"))
    ]


_CHANGES: dict[Damage, Callable[[TrialRow, Sequence[EventPhrase]], list[Change]]] = {
    Damage.PARAPHRASED: _paraphrased,
    Damage.MOVED: _moved,
    Damage.EXCHANGED: _exchanged,
    Damage.TURNED: _turned,
    Damage.DROPPED: _dropped,
    Damage.INVENTED: _invented,
}


def _events(answer: Answer) -> list[tuple[int, EventClaim]]:
    return [(place, claim) for place, claim in enumerate(answer.claims) if isinstance(claim, EventClaim)]


def _other_events(rows: Sequence[TrialRow]) -> list[EventPhrase]:
    """The different events of all rows that fit into a sentence."""
    events = {claim.event.text: claim.event for row in rows for _, claim in _events(row.answer)}
    return [event for event in events.values() if event.kind is not Kind.LOOSE]


def _strange_events(row: TrialRow, others: Sequence[EventPhrase], count: int, use: str) -> list[EventPhrase]:
    """Up to `count` events that share no telling word with the row's captions, nor with each other."""
    stream = Seeded("metric trial", use, row.task.id)
    taken = set(content_stems(row.task.caption1) | content_stems(row.task.caption2))
    found: list[EventPhrase] = []
    for _ in range(_TRIES if others else 0):
        event = stream.choice(others)
        if not event.stems & taken:
            found.append(event)
            taken |= event.stems
        if len(found) == count:
            break
    return found
