"""FENSE (Zhou et al., ICASSP 2022): similarity of sentence embeddings, less a penalty for sentences that do not flow.

By `aac-metrics`, whose two models come from the Hub and from GitHub when they are first asked for.
"""

from collections.abc import Sequence

from adiff_model.metrics.missing import MetricMissing

NEEDED = "aac-metrics 0.5.4: pip install 'adiff[fense]'"


class Fense:
    """Scores rows."""

    def __call__(self, predictions: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
        """The score of each row, 0 to 1.

        Raises:
            MetricMissing: aac-metrics is not here, or its models are not and cannot be fetched.
        """
        try:
            from aac_metrics.classes.fense import FENSE  # noqa: PLC0415
        except ImportError:
            raise MetricMissing(f"needs {NEEDED}") from None
        try:
            metric = FENSE(return_all_scores=True)
        except Exception as fault:
            raise MetricMissing(f"its models were not reached ({type(fault).__name__})") from None
        _, rows = metric(list(predictions), [list(own) for own in references])
        return [float(score) for score in rows["fense"]]
