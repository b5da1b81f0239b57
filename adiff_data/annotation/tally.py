"""What a run has done so far: rows, failures, tokens, dollars, time."""

import time
from collections import Counter
from dataclasses import dataclass, field

from adiff_data.records import Annotation


@dataclass
class Tally:
    """Counts over annotations.

    Attributes:
        rows: rows that stand in the file, failed ones included.
        failed: failed rows by reason.
        tokens_in, tokens_out, cost: over all rows; `cost` in US dollars.
        unpriced: rows whose cost is not known.
        added: rows written in this run.
        tiers: rows by tier.
    """

    rows: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    unpriced: int = 0
    added: int = 0
    tiers: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=time.monotonic)

    def add(self, annotation: Annotation) -> None:
        """Counts one row."""
        provenance = annotation.provenance
        self.rows += 1
        self.tiers[annotation.tier] += 1
        self.tokens_in += provenance.tokens_in or 0
        self.tokens_out += provenance.tokens_out or 0
        self.cost += provenance.cost or 0.0
        self.unpriced += provenance.cost is None and provenance.annotator == "llm"
        if provenance.failure is not None:
            self.failed[provenance.failure] += 1

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self.started

    def figures(self) -> str:
        """Rows, tokens, cost and failures in one line."""
        cost = f"{self.cost:.4f} USD" if not self.unpriced else "cost unknown (no price for the model)"
        failed = self.failed.total()
        return f"{self.rows:,} rows, {self.tokens_in:,} tokens in, {self.tokens_out:,} out, {cost}, {failed:,} failed"
