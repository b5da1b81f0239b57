"""All text metrics of one system on one tier of one dataset: each a score with a confidence interval, or the reason
why there is none."""

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from adiff_data.core.errors import AdiffError, one_line
from adiff_model.metrics.bootstrap import (
    ConfidenceInterval,
    FloatArray,
    bootstrap,
    confidence_interval,
    mean_of_known,
    mean_statistic,
)
from adiff_model.metrics.java import MetricUnavailable
from adiff_model.metrics.meteor import Meteor
from adiff_model.metrics.ngrams import MAX_ORDER, bleu, cider_d, rouge_l
from adiff_model.metrics.tokenization import Tokenizer

BLEU = tuple(f"BLEU-{order + 1}" for order in range(MAX_ORDER))
METRICS = (*BLEU, "METEOR", "ROUGE-L", "CIDEr-D", "SPICE", "SPIDEr", "FENSE")
RowMetric = Callable[[Sequence[str], Sequence[Sequence[str]]], Sequence[float]]  # of predictions and their references
Texts = tuple[Sequence[str], Sequence[Sequence[str]]]  # tokenized predictions and references
Result = TypeVar("Result")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Score:
    """A metric's score; tables print it x 100, as papers do.

    Attributes:
        value: the score of all rows together.
        interval: the 95 % confidence interval, by bootstrap over the rows.
        row_scores: the score of each row that was scored.
        distribution: the score of each bootstrap resample, for a paired comparison with another system.
        sample: the indices of the rows that were scored; None where all were.
    """

    value: float
    interval: ConfidenceInterval
    row_scores: Sequence[float]
    distribution: FloatArray
    sample: tuple[int, ...] | None = None


@dataclass(frozen=True)
class NoScore:
    """Why a metric has no score.

    Attributes:
        reason: in words.
        failed: whether it was tried and failed; otherwise it was left out, or needs what is not here.
    """

    reason: str
    failed: bool = False


MetricScores = dict[str, Score | NoScore]  # by metric


def text_scores(
    predictions: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    tokenizer: Tokenizer,
    meteor: Meteor,
    spice: RowMetric | NoScore,
    fense: RowMetric | NoScore,
    sample: Sequence[int] | None = None,
) -> MetricScores:
    """Every metric of `METRICS`, in their order. One that fails has the cause in place of its score.

    Args:
        references: all of each row, at least one.
        tokenizer, meteor: their programs, which several calls may share.
        spice, fense: metrics that score rows, with NaN for a row that they leave out; their means are the scores.
        sample: the indices of the rows on which SPICE, which is slow, is scored; None for all.
    """
    tokenized = _attempt(lambda: _tokenize(tokenizer, predictions, references))
    scores: MetricScores = {}
    for names, compute in _NGRAM_METRICS.items():
        scores |= _ngram_scores(names, compute, tokenized, meteor)
    scores["SPICE"] = _row_metric_score(spice, predictions, references, sample)
    scores["SPIDEr"] = _spider(
        scores["CIDEr-D"], scores["SPICE"], range(len(predictions)) if sample is None else sample, sample
    )
    scores["FENSE"] = _row_metric_score(fense, predictions, references, None)
    return {name: scores[name] for name in METRICS}


def _attempt(compute: Callable[[], Result]) -> Result | NoScore:
    """What `compute` returns, or why there is none: a metric that fails takes no other with it."""
    try:
        return compute()
    except MetricUnavailable as unavailable:
        return NoScore(str(unavailable))
    except AdiffError as fault:
        return NoScore(str(fault), failed=True)
    except Exception as fault:
        _log.debug("a metric failed", exc_info=True)
        return NoScore(one_line(f"failed ({type(fault).__name__}: {fault})"), failed=True)


def _tokenize(tokenizer: Tokenizer, predictions: Sequence[str], references: Sequence[Sequence[str]]) -> Texts:
    tokenized = tokenizer(predictions)
    tokens = iter(tokenizer([text for texts in references for text in texts]))
    return tokenized, [[next(tokens) for _ in texts] for texts in references]


def _bleu_scores(texts: Texts, _: Meteor) -> list[Score]:
    predictions, references = texts
    statistics = bleu(predictions, references)
    values, distributions = statistics.corpus(), bootstrap(statistics.corpus, len(predictions))
    return [
        Score(
            values[order],
            confidence_interval(distributions[:, order]),
            statistics.row_scores[:, order].tolist(),
            distributions[:, order],
        )
        for order in range(MAX_ORDER)
    ]


_NGRAM_METRICS: dict[tuple[str, ...], Callable[[Texts, Meteor], list[Score]]] = {
    BLEU: _bleu_scores,
    ("METEOR",): lambda texts, meteor: [_corpus_score(*meteor.score(*texts))],
    ("ROUGE-L",): lambda texts, _: [mean_score(rouge_l(*texts))],
    ("CIDEr-D",): lambda texts, _: [mean_score(cider_d(*texts))],
}


def _ngram_scores(
    names: tuple[str, ...], compute: Callable[[Texts, Meteor], list[Score]], texts: Texts | NoScore, meteor: Meteor
) -> MetricScores:
    if isinstance(texts, NoScore):
        return dict.fromkeys(names, texts)
    scores = _attempt(lambda: compute(texts, meteor))
    return dict.fromkeys(names, scores) if isinstance(scores, NoScore) else dict(zip(names, scores, strict=True))


def _row_metric_score(
    metric: RowMetric | NoScore,
    predictions: Sequence[str],
    references: Sequence[Sequence[str]],
    sample: Sequence[int] | None,
) -> Score | NoScore:
    if isinstance(metric, NoScore):
        return metric
    rows = range(len(predictions)) if sample is None else sample
    row_scores = _attempt(lambda: metric([predictions[row] for row in rows], [references[row] for row in rows]))
    return row_scores if isinstance(row_scores, NoScore) else _mean_of_scored_rows(row_scores, rows, sample)


def _mean_of_scored_rows(
    row_scores: Sequence[float], rows: Sequence[int], sample: Sequence[int] | None
) -> Score | NoScore:
    """The mean over the rows whose score is not NaN. Resamples are of all rows, and so paired with other systems'."""
    values = np.asarray(row_scores, dtype=float)
    is_known = ~np.isnan(values)
    if is_known.all():
        return mean_score(row_scores, None if sample is None else tuple(sample))
    if not is_known.any():
        return NoScore("each row takes longer than the time limit", failed=True)
    distribution = bootstrap(lambda indices: mean_of_known(values[indices]), len(values))
    known = values[is_known].tolist()
    scored_rows = tuple(row for row, has_score in zip(rows, is_known, strict=True) if has_score)
    return Score(float(np.mean(known)), confidence_interval(distribution), known, distribution, scored_rows)


def _spider(
    cider: Score | NoScore, spice: Score | NoScore, rows: Sequence[int], sample: Sequence[int] | None
) -> Score | NoScore:
    """SPIDEr (Liu et al., 2017): the mean of CIDEr-D and SPICE, on the rows that have both."""
    if isinstance(spice, NoScore):
        return NoScore(f"SPICE: {spice.reason}")
    if isinstance(cider, NoScore):
        return cider
    spice_of_row = dict(zip(rows if spice.sample is None else spice.sample, spice.row_scores, strict=True))
    means = [(cider.row_scores[row] + spice_of_row.get(row, math.nan)) / 2 for row in rows]
    return _mean_of_scored_rows(means, rows, sample)


def mean_score(row_scores: Sequence[float], sample: tuple[int, ...] | None = None) -> Score:
    """The mean of row scores, with its confidence interval."""
    distribution = bootstrap(mean_statistic(row_scores), len(row_scores))
    value = float(np.mean(row_scores))
    return Score(value, confidence_interval(distribution), list(row_scores), distribution, sample)


def _corpus_score(value: float, row_scores: Sequence[float]) -> Score:
    """METEOR's corpus score is not the mean of its row scores; its interval is that of the mean, shifted to it."""
    shift = value - float(np.mean(row_scores))
    distribution = bootstrap(mean_statistic(row_scores), len(row_scores)) + shift
    return Score(value, confidence_interval(distribution), list(row_scores), distribution)
