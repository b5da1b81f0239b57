"""What came of predicting a split."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from adiff_data.core.errors import WorkError
from adiff_data.core.wording import counted
from adiff_data.llm.reply import NoAnswer, fault_of_end
from adiff_model.prediction_file import Prediction


@dataclass(frozen=True)
class PredictionRun:
    """The result of a job.

    Attributes:
        predictions: those of all rows, in the split's order.
        resumed: how many of them were in the file before.
        out: the file, if any.
    """

    predictions: list[Prediction]
    resumed: int
    out: Path | None

    @property
    def unanswered(self) -> int:
        """The number of rows without an answer."""
        return sum(prediction.fault is not None for prediction in self.predictions)

    @property
    def cut(self) -> int:
        """The number of answers of a server that end where its token limit cut them."""
        reasons = (row.provenance.finish_reason for row in self.predictions if row.provenance and row.fault is None)
        return sum(fault_of_end(reason) is NoAnswer.CUT for reason in reasons)

    def summary(self) -> str:
        """The counts, in words."""
        rows = len(self.predictions)
        cut = f", {self.cut:,} cut by the token limit" if self.cut else ""
        return f"{rows:,} rows, {self.resumed:,} of them from before, {self.unanswered:,} without an answer{cut}"

    def require_all_answers(self) -> None:
        """Raises WorkError if a row has no answer."""
        faults = Counter(prediction.fault for prediction in self.predictions if prediction.fault is not None)
        if faults:
            raise WorkError(
                f"{counted(self.unanswered, 'row has', 'rows have')} no answer, such as: {faults.most_common(1)[0][0]}",
                file=self.out,
                mend="mend what the rows name, and run the same command again",
            )
