"""The facts of edited pairs: what was measured on both recordings, and what was edited, which overrules it.

With them a language model words anew what is known of a pair, and `check` holds its answer against that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adiff_data.audio.differences import Difference, MeasuredFacts, PairFacts, PairFactsSource
from adiff_data.checks.measurements import KNOWN_AMOUNTS
from adiff_data.claims.edit_truth import QUALITY_OF_EDIT, TRUTH, TRUTH_FILE, EditTruth, read_truth, untouched_by
from adiff_data.core.arguments import checks_arguments
from adiff_data.edits.answers import explain
from adiff_data.records import Annotation, Pair
from adiff_data.tiers import FEWWORDS


@dataclass(frozen=True)
class EditedPairFacts(PairFacts):
    """The facts of both audios of an edited pair, and the truth about them."""

    truth: EditTruth

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The difference that was made, and those that were measured where the edit may have made them."""
        if self.truth.quality == "nothing":
            return ()
        made = QUALITY_OF_EDIT.get(self.truth.quality)
        untouched = untouched_by(self.truth)
        measured = [
            difference
            for difference in super().differences
            if difference.quality != made and difference.quality not in untouched
        ]
        if made is None or self.truth.more is None:
            return tuple(measured)
        amount = f"{self.truth.amount:g} {self.truth.unit}"
        return (Difference(made, self.truth.more, amount), *measured)

    def as_dict(self) -> dict[str, object]:
        """What is kept in `provenance.facts`, with the truth and the amounts that an answer may state."""
        truth = self.truth.model_dump(mode="json", exclude={"id"})
        return {**super().as_dict(), KNOWN_AMOUNTS: self.truth.known_amounts(), TRUTH: truth}

    def in_words(self) -> str:
        """As a language model is told them: what was edited, and what that leaves as it was."""
        return f"both audios are one recording, and one of them was edited. {explain(self.truth, FEWWORDS.name)}"


class KnownEdits:
    """The facts of pairs, of which some are edited."""

    def __init__(self, facts: PairFactsSource, truths: Mapping[str, EditTruth]) -> None:
        self._facts, self._truths = facts, truths

    def of(self, pair: Pair | Annotation) -> PairFacts | None:
        """The facts of both audios, or None where one has none."""
        facts, truth = self._facts.of(pair), self._truths.get(_pair_id(pair))
        if facts is None or truth is None:
            return facts
        return EditedPairFacts(facts.first, facts.second, truth)


@checks_arguments
def known_edits(facts: MeasuredFacts, folder: str | Path) -> KnownEdits:
    """Facts that know what was edited: `annotate` words it anew, and `check` holds answers against it.

    Args:
        facts: what `measure` returned of the pairs.
        folder: what `make_edited_pairs` wrote.

    Raises:
        InputError: the folder holds no edited pairs.
    """
    return KnownEdits(facts, read_truth(Path(folder) / TRUTH_FILE))


def _pair_id(pair: Pair | Annotation) -> str:
    return pair.id.removesuffix(f"-{pair.tier}") if isinstance(pair, Annotation) else pair.id
