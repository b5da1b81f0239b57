"""Why a metric cannot run here."""


class MetricMissing(Exception):
    """A part of a metric is not on this machine; the message names it and how to get it."""
