"""FENSE (Zhou et al., ICASSP 2022): the similarity of sentence embeddings, with a penalty for disfluent sentences.

Computed by `aac-metrics`, whose two models are downloaded from the Hub and from GitHub on first use.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from adiff_data.core.distribution import install_hint
from adiff_model.metrics.java import MetricUnavailable

REQUIREMENT = f"aac-metrics 0.5.4: {install_hint('fense')}"


class Fense:
    """Scores rows. Its models are requested once: without a network, a request takes more than a minute."""

    def __call__(self, predictions: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
        """The score of each row, 0 to 1.

        Raises:
            MetricUnavailable: aac-metrics is not installed, or its models cannot be downloaded.
        """
        if isinstance(self._metric, MetricUnavailable):
            raise self._metric
        _, row_scores = self._metric(list(predictions), [list(texts) for texts in references])
        return [float(score) for score in row_scores["fense"]]

    @cached_property
    def _metric(self) -> Callable[..., tuple[dict[str, Any], dict[str, Any]]] | MetricUnavailable:
        try:
            from aac_metrics.classes.fense import FENSE  # noqa: PLC0415
        except ImportError:
            return MetricUnavailable(f"needs {REQUIREMENT}")
        try:
            metric: Callable[..., tuple[dict[str, Any], dict[str, Any]]] = FENSE(return_all_scores=True)
        except Exception as fault:
            return MetricUnavailable(f"its models could not be downloaded ({type(fault).__name__})")
        return metric
