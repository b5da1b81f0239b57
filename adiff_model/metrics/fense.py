"""FENSE (Zhou et al., ICASSP 2022): similarity of sentence embeddings, less a penalty for sentences that do not flow.

By `aac-metrics`, whose two models come from the Hub and from GitHub when they are first asked for.
"""

from collections.abc import Callable, Sequence
from functools import cached_property

from adiff_data.core.distribution import install_hint
from adiff_model.metrics.java import MetricMissing

NEEDED = f"aac-metrics 0.5.4: {install_hint('fense')}"


class Fense:
    """Scores rows. Its models are asked for once: where there is no network, that takes more than a minute."""

    def __call__(self, predictions: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
        """The score of each row, 0 to 1.

        Raises:
            MetricMissing: aac-metrics is not here, or its models are not and cannot be fetched.
        """
        if isinstance(self._metric, MetricMissing):
            raise self._metric
        _, rows = self._metric(list(predictions), [list(own) for own in references])
        return [float(score) for score in rows["fense"]]

    @cached_property
    def _metric(self) -> Callable[..., tuple[dict, dict]] | MetricMissing:
        try:
            from aac_metrics.classes.fense import FENSE  # noqa: PLC0415
        except ImportError:
            return MetricMissing(f"needs {NEEDED}")
        try:
            return FENSE(return_all_scores=True)
        except Exception as fault:
            return MetricMissing(f"its models were not reached ({type(fault).__name__})")
