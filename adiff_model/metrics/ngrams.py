"""BLEU, ROUGE-L and CIDEr-D, computed by COCO's evaluation code (pycocoevalcap)."""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adiff_model.metrics.bootstrap import FloatArray, IndexArray
from adiff_model.metrics.java import program_folder

MAX_ORDER = 4
_SMALL, _TINY = 1e-9, 1e-15  # COCO's constants against division by zero


@dataclass(frozen=True)
class BleuStatistics:
    """The row statistics from which BLEU is computed.

    Attributes:
        matched, total: (rows, 4), n-grams of the prediction that are in a reference, and all of them.
        length: (rows,), words of the prediction.
        reference_length: (rows,), words of the reference whose length is closest.
        row_scores: (rows, 4), BLEU-1 to 4 of each row alone.
    """

    matched: FloatArray
    total: FloatArray
    length: FloatArray
    reference_length: FloatArray
    row_scores: FloatArray

    def corpus(self, indices: IndexArray | None = None) -> FloatArray:
        """Corpus BLEU-1 to 4, of all rows or of resamples of them.

        Args:
            indices: (…, rows), the rows of each resample.

        Returns:
            (…, 4).
        """
        rows = np.arange(len(self.length)) if indices is None else indices
        matched, total = self.matched[rows].sum(axis=-2), self.total[rows].sum(axis=-2)
        precision = np.cumprod((matched + _TINY) / (total + _SMALL), axis=-1)
        geometric_mean = precision ** (1 / np.arange(1, MAX_ORDER + 1))
        ratio = (self.length[rows].sum(axis=-1) + _TINY) / (self.reference_length[rows].sum(axis=-1) + _SMALL)
        brevity_penalty = np.where(ratio < 1, np.exp(1 - 1 / ratio), 1.0)
        return geometric_mean * brevity_penalty[..., None]


def bleu(predictions: Sequence[str], references: Sequence[Sequence[str]]) -> BleuStatistics:
    """BLEU (Papineni et al., 2002) of tokenized texts."""
    program_folder("bleu")
    from pycocoevalcap.bleu.bleu_scorer import BleuScorer  # noqa: PLC0415

    scorer = BleuScorer(n=MAX_ORDER)
    for prediction, texts in zip(predictions, references, strict=True):
        scorer += (prediction, list(texts))
    with contextlib.redirect_stdout(io.StringIO()):
        _, row_scores = scorer.compute_score(option="closest", verbose=0)
    rows = scorer.ctest
    closest = [_closest(row["reflen"], row["testlen"]) for row in rows]
    return BleuStatistics(
        matched=np.array([row["correct"] for row in rows], dtype=float),
        total=np.array([row["guess"] for row in rows], dtype=float),
        length=np.array([row["testlen"] for row in rows], dtype=float),
        reference_length=np.array(closest, dtype=float),
        row_scores=np.array(row_scores).T,
    )


def _closest(reference_lengths: Sequence[int], length: int) -> int:
    """The reference length that is closest to a length; of two, the shorter."""
    return min(reference_lengths, key=lambda reference_length: (abs(reference_length - length), reference_length))


def rouge_l(predictions: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
    """ROUGE-L (Lin, 2004) of each row."""
    program_folder("rouge")
    from pycocoevalcap.rouge.rouge import Rouge  # noqa: PLC0415

    scorer = Rouge()
    rows = zip(predictions, references, strict=True)
    return [float(scorer.calc_score([prediction], list(texts))) for prediction, texts in rows]


def cider_d(predictions: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
    """CIDEr-D (Vedantam et al., 2015) of each row; document frequencies are those of these references."""
    program_folder("cider")
    from pycocoevalcap.cider.cider_scorer import CiderScorer  # noqa: PLC0415

    scorer = CiderScorer()
    for prediction, texts in zip(predictions, references, strict=True):
        scorer += (prediction, list(texts))
    return [float(score) for score in scorer.compute_score()[1]]
