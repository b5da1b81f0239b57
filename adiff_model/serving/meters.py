"""What the server tells Prometheus of itself."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from adiff_data.core.distribution import version

_SIZES = (1, 2, 4, 8, 16, 32, 64, 128)
_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250)


class Meters:
    """The figures of one server."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "adiff_requests", "Requests for an answer, by status of HTTP", ["status"], registry=self._registry
        )
        self.tokens = Counter("adiff_answer_tokens", "Tokens of all answers", registry=self._registry)
        self.seconds = Histogram(
            "adiff_answer_seconds", "Time from a request to its answer", buckets=_SECONDS, registry=self._registry
        )
        self.batches = Histogram(
            "adiff_batch_size", "Requests that were answered together", buckets=_SIZES, registry=self._registry
        )
        information = Gauge("adiff_info", "The version of adiff", ["version"], registry=self._registry)
        information.labels(version()).set(1)

    def watch(self, waiting: Callable[[], int], held: Callable[[], int]) -> None:
        """Looks up how many requests wait, and how many bytes are held for them, whenever the figures are asked for."""
        self._gauge("adiff_waiting_requests", "Requests that wait for the model", waiting)
        self._gauge("adiff_held_bytes", "Bytes that are held for requests", held)

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, meaning: str, value: Callable[[], int]) -> None:
        Gauge(name, meaning, registry=self._registry).set_function(value)
