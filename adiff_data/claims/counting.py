"""How many claims of an answer are so, and how much of what is so was said."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from adiff_data.claims.claim import BOTH, Claim, Kind
from adiff_data.claims.truth import Outcome, PairTruth, judge_claim


@dataclass(frozen=True)
class ClaimCounts:
    """Counts over the claims of one answer or of many; two can be added.

    Attributes:
        outcomes: claims by kind and outcome.
        told: by kind (`EVENT`, `COMPARISON`), how many of the things that could be told were.
        tellable: how many there were.
    """

    outcomes: Counter[tuple[Kind, Outcome]] = field(default_factory=Counter)
    told: Counter[Kind] = field(default_factory=Counter)
    tellable: Counter[Kind] = field(default_factory=Counter)

    def __add__(self, more: "ClaimCounts") -> "ClaimCounts":
        return ClaimCounts(self.outcomes + more.outcomes, self.told + more.told, self.tellable + more.tellable)

    def number(self, *outcomes: Outcome, kind: Kind | None = None) -> int:
        """How many claims have one of these outcomes, of one kind or of all."""
        return sum(
            count
            for (its_kind, outcome), count in self.outcomes.items()
            if outcome in outcomes and kind in (None, its_kind)
        )

    def precision(self, kind: Kind | None = None) -> float | None:
        """The share of true claims among those that could be decided; None where none could."""
        decided = self.number(Outcome.TRUE, Outcome.CONTRADICTED, Outcome.INVENTED, kind=kind)
        return self.number(Outcome.TRUE, kind=kind) / decided if decided else None

    def recall(self, kind: Kind) -> float | None:
        """The share that was told among the events, or the differences, that there are; None where there are none."""
        return self.told[kind] / self.tellable[kind] if self.tellable[kind] else None

    def share(self, outcome: Outcome) -> float | None:
        """The share of all claims that have an outcome; None where there is no claim."""
        total = self.outcomes.total()
        return self.number(outcome) / total if total else None


def count_claims(claims: Iterable[Claim], truth: PairTruth) -> ClaimCounts:
    """Judges the claims of one answer on how two audios differ, and counts.

    Each event of each audio, and each quality that differs, is something that can be told. It counts as told by a true
    claim, however often it is made.
    """
    events = {(audio, event) for audio in (1, 2) for event in truth.clip(audio).events}
    return _counted(claims, truth, events, set(truth.more))


def count_shared_claims(claims: Iterable[Claim], truth: PairTruth) -> ClaimCounts:
    """The same of an answer on what two audios have in common, of which the events of both can be told."""
    events = {(audio, event) for audio in (1, 2) for event in truth.first.events & truth.second.events}
    return _counted(claims, truth, events, set())


def _counted(
    claims: Iterable[Claim], truth: PairTruth, events: set[tuple[int, str]], qualities: set[str]
) -> ClaimCounts:
    judged = [(claim, judge_claim(claim, truth)) for claim in claims]
    true = [claim for claim, outcome in judged if outcome == Outcome.TRUE]
    events_told = {
        (audio, claim.subject)
        for claim in true
        if claim.kind == Kind.EVENT
        for audio in ((1, 2) if claim.audio == BOTH else (claim.audio,))
    }
    qualities_told = {claim.subject for claim in true if claim.kind == Kind.COMPARISON}
    return ClaimCounts(
        Counter((claim.kind, outcome) for claim, outcome in judged),
        Counter({Kind.EVENT: len(events_told & events), Kind.COMPARISON: len(qualities_told & qualities)}),
        Counter({Kind.EVENT: len(events), Kind.COMPARISON: len(qualities)}),
    )
