"""What came of a review: for each row the decision that holds, how many people said it, and how far they agree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from adiff_data.core.arguments import as_list, checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records
from adiff_data.listeners.agreement import alpha
from adiff_data.records import Annotation
from adiff_data.reviews.events import OPINIONS, Event, Opinion
from adiff_data.reviews.standing import Standing
from adiff_data.reviews.store import ReviewStore


class ReviewedRow(BaseModel):
    """A row of which at least one reviewer said something.

    Attributes:
        id: of the annotation.
        outcome: the decision that holds; None where too few were asked, or they disagree.
        original: the answer before the review.
        answer: the answer after it: that of the edit, else the original.
        passed, reasons: of an edit, what the checks say of the new answer.
        said: what each reviewer said, the first one first. Who it was is in the database alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    class Said(BaseModel):
        """What one reviewer said."""

        model_config = ConfigDict(frozen=True, extra="forbid")

        action: Opinion
        answer: str | None = None
        reason: str = ""
        comment: str = ""
        seconds: float | None = None

    id: str
    outcome: Opinion | None
    original: str
    answer: str
    passed: bool | None = None
    reasons: tuple[str, ...] = ()
    said: tuple[Said, ...]

    @property
    def is_verified(self) -> bool:
        """Whether people let its answer stand, as it was or as they edited it."""
        return self.outcome in ("accept", "edit")

    @property
    def agreement(self) -> float | None:
        """The share of its reviewers whose decision is the one that holds; None where none does."""
        if self.outcome is None:
            return None
        return sum(said.action == self.outcome for said in self.said) / len(self.said)

    @property
    def is_rejected(self) -> bool:
        """Whether people turned its answer down."""
        return self.outcome == "reject"


@dataclass(frozen=True)
class Reviews:
    """Reviewed rows, by id."""

    rows: Mapping[str, ReviewedRow] = field(default_factory=dict)

    @property
    def agreement(self) -> float | None:
        """Krippendorff's alpha (nominal) of accepting, editing and rejecting; None where no row has two opinions.

        It is also None where everybody said the same of every row: then there is nothing that could differ.

        Raises:
            InputError: the package that computes it is not installed.
        """
        return alpha([[said.action for said in row.said] for row in self.rows.values()], OPINIONS)

    def applied_to(self, annotation: Annotation) -> Annotation:
        """The row as people left it.

        Raises:
            InputError: the row's answer is neither the one that was reviewed nor what became of it.
        """
        row = self.rows.get(annotation.id)
        if row is None or not row.is_verified:
            return annotation
        if annotation.answer not in (row.original, row.answer):
            raise InputError(
                f"the row '{annotation.id}' was reviewed with another answer", mend="review it again, in a new database"
            )
        return annotation.model_copy(update={"answer": row.answer})


@checks_arguments
def read_reviews(paths: str | Path | Sequence[str | Path]) -> Reviews:
    """What came of reviews: databases (`reviews.sqlite`), or JSON lines that `adiff review` exported.

    Raises:
        InputError: a file is missing or of another kind, or a row is in two of them.
    """
    rows: dict[str, ReviewedRow] = {}
    for path in map(Path, as_list(paths)):
        for row in _read(path):
            if row.id in rows:
                raise InputError(f"the row '{row.id}' is in another review too", file=path)
            rows[row.id] = row
    return Reviews(rows)


def results_of(store: ReviewStore) -> list[ReviewedRow]:
    """The rows of a database of which somebody said something, in the order in which they were given."""
    answers = store.answers()
    standing = Standing(list(answers), store.people)
    for event in store.events():
        standing.take(event)
    return [
        _reviewed(row, answer, standing.outcome(row), opinions)
        for row, answer in answers.items()
        if (opinions := standing.opinions(row))
    ]


def _read(path: Path) -> Iterable[ReviewedRow]:
    if path.suffix == ".jsonl":
        return read_records(path, ReviewedRow)
    with ReviewStore(path) as store:
        return results_of(store)


def _reviewed(row: str, answer: str, outcome: Event | None, opinions: Sequence[Event]) -> ReviewedRow:
    is_edit = outcome is not None and outcome.action == "edit"
    said = [event.model_dump(include=set(ReviewedRow.Said.model_fields)) for event in opinions]
    return ReviewedRow.model_validate(
        {
            "id": row,
            "outcome": outcome.action if outcome else None,
            "original": answer,
            "answer": outcome.answer if outcome and is_edit else answer,
            "passed": outcome.passed if outcome and is_edit else None,
            "reasons": outcome.reasons if outcome and is_edit else (),
            "said": said,
        }
    )
