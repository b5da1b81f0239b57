"""What a run has spent, as it is written down for the runs that come after it."""

from pydantic import BaseModel, ConfigDict

from adiff_data.llm.ledger import Ledger


class Account(BaseModel):
    """The state of a `Ledger` on disk, in US dollars.

    Attributes:
        spent, maybe_spent, at_risk, requests: over all runs, as in the `Ledger` (`maybe_spent` is its
            `possibly_billed`).
    """

    model_config = ConfigDict(extra="forbid")

    spent: float = 0.0
    maybe_spent: float = 0.0
    at_risk: float = 0.0
    requests: int = 0

    def open_ledger(self, budget: float | None, known_cost: float) -> Ledger:
        """The ledger of the next run.

        What was announced when a run was killed may have been billed, except for what is known: some answers may have
        come since the last save.

        Args:
            known_cost: what the answers cost that are there.
        """
        spent = max(self.spent, known_cost)
        announced = self.spent + self.maybe_spent + self.at_risk
        return Ledger(
            budget,
            spent=spent,
            possibly_billed=max(self.maybe_spent, announced - spent),
            requests=self.requests,
        )

    def take_over(self, ledger: Ledger) -> None:
        """Takes over the state of the money."""
        self.spent, self.maybe_spent, self.at_risk = ledger.spent, ledger.possibly_billed, ledger.at_risk
        self.requests = ledger.requests
