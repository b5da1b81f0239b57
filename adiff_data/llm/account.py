"""What a run has spent, as it is written down for the runs that come after it."""

from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import BaseModel, ConfigDict

from adiff_data.core.json_documents import read_document, write_document
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


class KeptAccount:
    """An account in a file, over all runs that share it; a context manager around one of them.

    Args:
        path: the file; it is made with the first request.
        budget: US dollars that are never exceeded; None is no limit.
        known_cost: what the answers cost that are there.

    Attributes:
        ledger: the money.

    Raises:
        InputError: the file is no account.
        WorkError: it cannot be written.
    """

    def __init__(self, path: Path, budget: float | None, known_cost: float) -> None:
        self._path = path
        self._account = read_document(path, Account, "an account of what was spent") or Account()
        self.ledger = self._account.open_ledger(budget, known_cost)
        self.ledger.save = self._save

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.ledger.requests:
            self._save(ahead=False)

    def _save(self, *, ahead: bool = True) -> None:
        self.ledger.announce(ahead=ahead)
        self._account.take_over(self.ledger)
        write_document(self._path, self._account)
