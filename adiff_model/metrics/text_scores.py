"""All text metrics of one system on one tier of one dataset: each a score with a confidence interval, or the reason
why there is none."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from adiff_model.metrics.bootstrap import (
    ConfidenceInterval,
    FloatArray,
    bootstrap,
    confidence_interval,
    mean_statistic,
)
from adiff_model.metrics.java import MetricUnavailable
from adiff_model.metrics.meteor import Meteor
from adiff_model.metrics.ngrams import MAX_ORDER, bleu, cider_d, rouge_l
from adiff_model.metrics.tokenization import Tokenizer

BLEU = tuple(f"BLEU-{order + 1}" for order in range(MAX_ORDER))
METRICS = (*BLEU, "METEOR", "ROUGE-L", "CIDEr-D", "SPICE", "SPIDEr", "FENSE")
RowMetric = Callable[[Sequence[str], Sequence[Sequence[str]]], Sequence[float]]  # of predictions and their references


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
    """Why a metric has no score."""

    reason: str


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
    """Every metric of `METRICS`, in their order.

    Args:
        references: all of each row, at least one.
        tokenizer, meteor: their programs, which several calls may share.
        spice, fense: metrics that score rows; their means are the scores.
        sample: the indices of the rows on which SPICE, which is slow, is scored; None for all.
    """
    scores: MetricScores = {}
    try:
        tokenized = tokenizer(predictions)
        tokens = iter(tokenizer([text for texts in references for text in texts]))
        tokenized_references = [[next(tokens) for _ in texts] for texts in references]
    except MetricUnavailable as unavailable:
        return dict.fromkeys(METRICS, NoScore(str(unavailable)))
    scores |= dict(_ngram_scores(tokenized, tokenized_references, meteor))
    scores["SPICE"] = _row_metric_score(spice, predictions, references, sample)
    scores["SPIDEr"] = _spider(scores["CIDEr-D"], scores["SPICE"])
    scores["FENSE"] = _row_metric_score(fense, predictions, references, None)
    return {name: scores[name] for name in METRICS}


def _ngram_scores(
    predictions: Sequence[str], references: Sequence[Sequence[str]], meteor: Meteor
) -> Iterator[tuple[str, Score]]:
    statistics = bleu(predictions, references)
    values, distributions = statistics.corpus(), bootstrap(statistics.corpus, len(predictions))
    for order, name in enumerate(BLEU):
        distribution = distributions[:, order]
        row_scores = statistics.row_scores[:, order].tolist()
        yield name, Score(values[order], confidence_interval(distribution), row_scores, distribution)
    yield "METEOR", _corpus_score(*meteor.score(predictions, references))
    yield "ROUGE-L", mean_score(rouge_l(predictions, references))
    yield "CIDEr-D", mean_score(cider_d(predictions, references))


def _row_metric_score(
    metric: RowMetric | NoScore,
    predictions: Sequence[str],
    references: Sequence[Sequence[str]],
    sample: Sequence[int] | None,
) -> Score | NoScore:
    if isinstance(metric, NoScore):
        return metric
    rows = range(len(predictions)) if sample is None else sample
    try:
        row_scores = metric([predictions[row] for row in rows], [references[row] for row in rows])
    except MetricUnavailable as unavailable:
        return NoScore(str(unavailable))
    return mean_score(row_scores, tuple(sample) if sample is not None else None)


def _spider(cider: Score | NoScore, spice: Score | NoScore) -> Score | NoScore:
    """SPIDEr (Liu et al., 2017): the mean of CIDEr-D and SPICE, on the rows that have both."""
    if isinstance(spice, NoScore):
        return NoScore(f"SPICE: {spice.reason}")
    if isinstance(cider, NoScore):
        return cider
    cider_rows = cider.row_scores if spice.sample is None else [cider.row_scores[row] for row in spice.sample]
    means = [(of_cider + of_spice) / 2 for of_cider, of_spice in zip(cider_rows, spice.row_scores, strict=True)]
    return mean_score(means, spice.sample)


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
