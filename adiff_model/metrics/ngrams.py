"""BLEU, ROUGE-L and CIDEr-D, by COCO's evaluation code (pycocoevalcap)."""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adiff_model.metrics.java import wheel_folder

ORDERS = 4
_SMALL, _TINY = 1e-9, 1e-15  # COCO's own, against division by nothing


@dataclass(frozen=True)
class BleuCounts:
    """What BLEU is made of, by row.

    Attributes:
        correct, guessed: (rows, 4), matched and all n-grams of the prediction.
        length, reference_length: (rows,), words; the reference whose length is nearest.
        rows: (rows, 4), the scores of the rows alone.
    """

    correct: np.ndarray
    guessed: np.ndarray
    length: np.ndarray
    reference_length: np.ndarray
    rows: np.ndarray

    def corpus(self, chosen: np.ndarray | None = None) -> np.ndarray:
        """BLEU-1 to 4 of all rows together, or of chosen ones: (…, rows) places to (…, 4)."""
        places = np.arange(len(self.length)) if chosen is None else chosen
        correct, guessed = self.correct[places].sum(axis=-2), self.guessed[places].sum(axis=-2)
        precision = np.cumprod((correct + _TINY) / (guessed + _SMALL), axis=-1)
        scores = precision ** (1 / np.arange(1, ORDERS + 1))
        ratio = (self.length[places].sum(axis=-1) + _TINY) / (self.reference_length[places].sum(axis=-1) + _SMALL)
        return scores * np.where(ratio < 1, np.exp(1 - 1 / ratio), 1.0)[..., None]


def bleu(predictions: Sequence[str], references: Sequence[Sequence[str]]) -> BleuCounts:
    """BLEU (Papineni et al., 2002) of tokenized texts."""
    wheel_folder("bleu")
    from pycocoevalcap.bleu.bleu_scorer import BleuScorer  # noqa: PLC0415

    scorer = BleuScorer(n=ORDERS)
    for prediction, own in zip(predictions, references, strict=True):
        scorer += (prediction, list(own))
    with contextlib.redirect_stdout(io.StringIO()):
        _, rows = scorer.compute_score(option="closest", verbose=0)
    counts = scorer.ctest
    nearest = [min(row["reflen"], key=lambda length, row=row: (abs(length - row["testlen"]), length)) for row in counts]
    return BleuCounts(
        correct=np.array([row["correct"] for row in counts], dtype=float),
        guessed=np.array([row["guess"] for row in counts], dtype=float),
        length=np.array([row["testlen"] for row in counts], dtype=float),
        reference_length=np.array(nearest, dtype=float),
        rows=np.array(rows).T,
    )


def rouge_l(predictions: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
    """ROUGE-L (Lin, 2004) of each row."""
    wheel_folder("rouge")
    from pycocoevalcap.rouge.rouge import Rouge  # noqa: PLC0415

    scorer = Rouge()
    return [float(scorer.calc_score([one], list(own))) for one, own in zip(predictions, references, strict=True)]


def cider_d(predictions: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
    """CIDEr-D (Vedantam et al., 2015) of each row; the rarity of words is taken from these references."""
    wheel_folder("cider")
    from pycocoevalcap.cider.cider_scorer import CiderScorer  # noqa: PLC0415

    scorer = CiderScorer()
    for prediction, own in zip(predictions, references, strict=True):
        scorer += (prediction, list(own))
    return [float(score) for score in scorer.compute_score()[1]]
