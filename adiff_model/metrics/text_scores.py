"""All text metrics of one system on one tier of one dataset, each with its interval, or why it could not run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from adiff_model.metrics.confidence import Interval, interval, mean_of, resampled
from adiff_model.metrics.java import MetricMissing
from adiff_model.metrics.meteor import Meteor
from adiff_model.metrics.ngrams import ORDERS, bleu, cider_d, rouge_l
from adiff_model.metrics.tokenization import Tokenizer

BLEU = tuple(f"BLEU-{order + 1}" for order in range(ORDERS))
METRICS = (*BLEU, "METEOR", "ROUGE-L", "CIDEr-D", "SPICE", "SPIDEr", "FENSE")
Scores = Sequence[float]
RowMetric = Callable[[Sequence[str], Sequence[Sequence[str]]], Scores]  # predictions and references as they are


@dataclass(frozen=True)
class Score:
    """A metric's score; the field prints all of them x 100.

    Attributes:
        value: of all rows.
        interval: 95 %, by bootstrap over the rows.
        rows: of each row that was scored.
        draws: of each resample, for comparisons with another system.
        sampled: the places of the rows that were scored, where not all were.
    """

    value: float
    interval: Interval
    rows: Scores
    draws: np.ndarray
    sampled: tuple[int, ...] | None = None


@dataclass(frozen=True)
class NoScore:
    """Why a metric has no score."""

    reason: str


Found = dict[str, Score | NoScore]


def text_scores(
    predictions: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    tokenizer: Tokenizer,
    meteor: Meteor,
    spice: RowMetric | NoScore,
    fense: RowMetric | NoScore,
    sample: Sequence[int] | None = None,
) -> Found:
    """Every metric of `METRICS`, in their order.

    Args:
        references: all of each row, one at least.
        tokenizer, meteor: their programs, which several calls may share.
        spice: scores rows; its mean is SPICE.
        fense: as `spice`.
        sample: the rows that SPICE, which takes its time, is scored on; None for all.
    """
    found: Found = {}
    try:
        tokenized = tokenizer(predictions)
        own = iter(tokenizer([reference for row in references for reference in row]))
        tokenized_references = [[next(own) for _ in row] for row in references]
    except MetricMissing as missing:
        return dict.fromkeys(METRICS, NoScore(str(missing)))
    found |= dict(_ngram_scores(tokenized, tokenized_references, meteor))
    found["SPICE"] = _row_score(spice, predictions, references, sample)
    found["SPIDEr"] = _spider(found["CIDEr-D"], found["SPICE"])
    found["FENSE"] = _row_score(fense, predictions, references, None)
    return {name: found[name] for name in METRICS}


def _ngram_scores(
    predictions: Sequence[str], references: Sequence[Sequence[str]], meteor: Meteor
) -> Iterator[tuple[str, Score]]:
    counts = bleu(predictions, references)
    whole, draws = counts.corpus(), resampled(counts.corpus, len(predictions))
    for order, name in enumerate(BLEU):
        yield name, Score(whole[order], interval(draws[:, order]), counts.rows[:, order].tolist(), draws[:, order])
    value, rows = meteor.score(predictions, references)
    yield "METEOR", _shifted(value, rows)
    yield "ROUGE-L", score_of_mean(rouge_l(predictions, references))
    yield "CIDEr-D", score_of_mean(cider_d(predictions, references))


def _row_score(
    metric: RowMetric | NoScore,
    predictions: Sequence[str],
    references: Sequence[Sequence[str]],
    sample: Sequence[int] | None,
) -> Score | NoScore:
    if isinstance(metric, NoScore):
        return metric
    places = range(len(predictions)) if sample is None else sample
    try:
        rows = metric([predictions[place] for place in places], [references[place] for place in places])
    except MetricMissing as missing:
        return NoScore(str(missing))
    return score_of_mean(rows, tuple(sample) if sample is not None else None)


def _spider(cider: Score | NoScore, spice: Score | NoScore) -> Score | NoScore:
    """SPIDEr (Liu et al., 2017): the mean of CIDEr-D and SPICE, on the rows that both have."""
    if isinstance(spice, NoScore):
        return NoScore(f"SPICE: {spice.reason}")
    if isinstance(cider, NoScore):
        return cider
    own = [cider.rows[place] for place in spice.sampled] if spice.sampled is not None else cider.rows
    return score_of_mean([(one + other) / 2 for one, other in zip(own, spice.rows, strict=True)], spice.sampled)


def score_of_mean(rows: Scores, sampled: tuple[int, ...] | None = None) -> Score:
    """The mean of rows' scores, with its interval."""
    draws = resampled(mean_of(rows), len(rows))
    return Score(float(np.mean(rows)), interval(draws), list(rows), draws, sampled)


def _shifted(value: float, rows: Scores) -> Score:
    """METEOR's score of the whole is not its rows' mean; its interval is taken to be as wide as the mean's."""
    draws = resampled(mean_of(rows), len(rows)) + (value - float(np.mean(rows)))
    return Score(value, interval(draws), list(rows), draws)
