"""FENSE (Zhou et al., ICASSP 2022): the similarity of sentence embeddings, with a penalty for disfluent sentences.

Computed by `aac-metrics`, whose two models are downloaded from the Hub and from GitHub on first use.
"""

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from adiff_data.core.distribution import install_hint
from adiff_model.metrics.java import MetricUnavailable

REQUIREMENT = f"aac-metrics 0.5.4: {install_hint('fense')}"
_SECONDS_TO_ANSWER = 5.0

Scorer = Callable[..., tuple[dict[str, Any], dict[str, Any]]]


class Fense:
    """Scores rows. Its models are loaded once, or found missing once."""

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
    def _metric(self) -> Scorer | MetricUnavailable:
        try:
            from aac_metrics.classes.fense import FENSE  # noqa: PLC0415
        except ImportError:
            return MetricUnavailable(f"needs {REQUIREMENT}")
        try:
            with _offline_if_unreachable():
                metric: Scorer = FENSE(return_all_scores=True)
        except Exception as fault:
            return MetricUnavailable(
                f"its models could not be downloaded ({type(fault).__name__}); `fense=False` skips it"
            )
        return metric


@contextmanager
def _offline_if_unreachable() -> Iterator[None]:
    """Lets the Hub's libraries use what was downloaded before, at once, where a server would be asked in vain for more
    than a minute."""
    from huggingface_hub import constants  # noqa: PLC0415 - takes long to import

    if constants.HF_HUB_OFFLINE or _answers(constants.ENDPOINT):
        yield
        return
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = False


def _answers(address: str) -> bool:
    """Whether a server answers within seconds. Looking up its name has no time limit, hence the thread."""
    answered = threading.Event()

    def ask() -> None:
        try:
            urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=_SECONDS_TO_ANSWER).close()
        except urllib.error.HTTPError:
            pass  # an answer, too
        except (OSError, ValueError):
            return
        answered.set()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_SECONDS_TO_ANSWER)
    return answered.is_set()
