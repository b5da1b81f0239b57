"""What a built folder knows of its rows beside what its CSV files hold: origin, verdict, and what people said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adiff_data.checks.verdicts import Verdict
from adiff_data.dataset.built_folder import Origins
from adiff_data.dataset.columns import PublishedRow
from adiff_data.records import Annotation
from adiff_data.reviews.results import ReviewedRow, Reviews


@dataclass(frozen=True)
class Known:
    """What is known of the rows of a built folder.

    Attributes:
        origins: how each answer came to be.
        verdicts: what the checks say, by id.
        reviews: what people said.
    """

    origins: Origins
    verdicts: Mapping[str, Verdict]
    reviews: Reviews

    def published(self, row: Annotation, flags: Sequence[str] = ()) -> PublishedRow:
        """A row of a CSV file with all that is known of it."""
        review = self.review_of(row)
        before = row if review is None else row.model_copy(update={"answer": review.original})
        complete = self.origins.complete(before).model_copy(update={"answer": row.answer})
        return PublishedRow(complete, self.verdict_of(row), tuple(flags), review)

    def review_of(self, row: Annotation) -> ReviewedRow | None:
        """What people said; None where nobody said anything of this answer, or of the one that became this."""
        review = self.reviews.rows.get(row.id)
        return review if review and row.answer in (review.original, review.answer) else None

    def verdict_of(self, row: Annotation) -> Verdict | None:
        """What the checks say of the answer as it stands: an edit was checked when it was made."""
        verdict, review = self.verdicts.get(row.id), self.review_of(row)
        if review is None or review.passed is None or row.answer != review.answer:
            return verdict
        number = verdict.row if verdict else 1
        return Verdict(row=number, id=row.id, verdict="pass" if review.passed else "fail", reasons=review.reasons)
