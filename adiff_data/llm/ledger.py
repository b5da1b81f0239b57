"""The one holder of a run's money: what is spent, what may have been billed, and what is reserved.

Amounts are kept in whole picodollars (1e-12 US dollars). Prices with up to six decimals a million tokens are exact in
them, so that sums never drift, whatever their order. Everything that goes in and out is in US dollars.
"""

import asyncio
import math
from collections.abc import Callable
from types import TracebackType

from adiff_data.core.errors import WorkError

_PICODOLLARS = 10**12


class BudgetExhausted(WorkError):
    """The budget does not allow the next request, and no request in flight can give anything back."""


class Reservation:
    """Money set aside for one request in flight; a context manager around the request.

    A request counts as billed in full (`Ledger.possibly_billed`) unless the block says what became of it: a kill, a
    dropped connection or a timeout may come after the server has done the work.
    """

    def __init__(self, ledger: "Ledger", most: int) -> None:
        self._ledger, self._most = ledger, most
        self._spent, self._possibly_billed = 0, most

    def __enter__(self) -> "Reservation":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.settle()

    def settle(self) -> None:
        """Ends it, as the block does."""
        self._ledger._settle(self._most, self._spent, self._possibly_billed)

    @property
    def most(self) -> float:
        """What was set aside, in US dollars."""
        return self._most / _PICODOLLARS

    def answered(self, cost: float) -> None:
        """The request cost so many US dollars."""
        self._spent, self._possibly_billed = _picodollars(cost), 0

    def estimated(self, cost: float) -> None:
        """The request was answered, and cost about so much; the rest of what was set aside may have been billed too."""
        self._spent = min(_picodollars(cost), self._most)
        self._possibly_billed = self._most - self._spent

    def booked(self, spent: float, possibly_billed: float) -> None:
        """Of many requests, the answers cost so many US dollars, and what became of others is not known."""
        self._spent, self._possibly_billed = _picodollars(spent), _picodollars(possibly_billed)

    def not_billed(self) -> None:
        """The server refused the request: it certainly cost nothing."""
        self._spent = self._possibly_billed = 0


class Ledger:
    """What a run has spent and may still spend.

    What is written down is always ahead of what is spent: money is announced (`announce`) before a request that could
    cost it is sent, so that a kill at any moment leaves no cost out.

    Args:
        budget: US dollars that are never exceeded; None is no limit.
        spent, possibly_billed, requests: of earlier runs on the same output; they count against the budget.

    Attributes:
        requests: how many requests money was reserved for.
        in_flight: how many of them are not settled yet.
        save: called when more is about to be committed than was announced; it announces more, and writes that down.
        announces_ahead: whether what the next requests may cost is announced with those that are sent.
    """

    def __init__(
        self, budget: float | None = None, *, spent: float = 0.0, possibly_billed: float = 0.0, requests: int = 0
    ) -> None:
        self.budget = budget
        self.requests = requests
        self.in_flight = 0
        self.save: Callable[[], None] = self.announce
        self.announces_ahead = True
        self._budget = None if budget is None else _picodollars(budget)
        self._spent, self._possibly_billed = _picodollars(spent), _picodollars(possibly_billed)
        self._reserved = 0
        self._overrun = 1.0
        self._announced = 0
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def spent(self) -> float:
        """What answers cost."""
        return self._spent / _PICODOLLARS

    @property
    def possibly_billed(self) -> float:
        """The most that requests may have cost whose answers never came."""
        return self._possibly_billed / _PICODOLLARS

    @property
    def left(self) -> float | None:
        """What the budget still holds; None without a budget."""
        return None if self._budget is None else (self._budget - self._committed) / _PICODOLLARS

    @property
    def at_risk(self) -> float:
        """What was announced beyond `spent` and `possibly_billed`: the most that a kill would leave unseen."""
        return max(0, self._announced - self._spent - self._possibly_billed) / _PICODOLLARS

    def announce(self, *, ahead: bool = True) -> None:
        """Announces what is committed, and what the next requests may cost; `ahead` is false at the end of a run."""
        self._announced = self._committed + (
            self._with_overrun(self._reserved) // 2 if ahead and self.announces_ahead else 0
        )
        if self._budget is not None:
            self._announced = max(self._committed, min(self._announced, self._budget))

    def record(self, cost: float) -> None:
        """Counts as spent what no money was reserved for."""
        self._spent += _picodollars(cost)

    def reserve(self, most: float) -> Reservation | None:
        """Sets aside the most that a request may cost.

        Returns:
            None where the budget does not hold it now, but may once a request in flight is settled.

        Raises:
            BudgetExhausted: no request is in flight, so that it never will.
        """
        amount = _picodollars(most)
        if self._budget is not None and self._committed + self._with_overrun(amount) > self._budget:
            if self.in_flight:
                return None
            used = f": {self.spent:.4f} USD are spent, {self.possibly_billed:.4f} may be billed"
            raise BudgetExhausted(f"the budget of {self.budget:g} USD holds no further request{used}")
        self._reserved += amount
        try:
            if self._committed > self._announced:
                self.save()
        except BaseException:
            self._reserved -= amount
            raise
        self.in_flight += 1
        self.requests += 1
        return Reservation(self, amount)

    def take_back(self, most: float) -> Reservation:
        """Sets aside again what an earlier process had set aside for a request that is still under way."""
        amount = min(_picodollars(most), self._possibly_billed)
        self._possibly_billed -= amount
        self._reserved += amount
        self.in_flight += 1
        return Reservation(self, amount)

    def learn_overrun(self, cost: float, reservation: Reservation) -> bool:
        """Counts more for all that is in flight, and all that follows, where a request cost more than it can.

        Returns:
            whether it did.
        """
        if cost <= reservation.most * self._overrun or reservation.most <= 0:
            return False
        self._overrun = cost / reservation.most
        return True

    async def wait_for_settlement(self) -> None:
        """Waits until a request in flight is settled."""
        settled = asyncio.get_running_loop().create_future()
        self._waiting.append(settled)
        await settled

    @property
    def _committed(self) -> int:
        return self._spent + self._possibly_billed + self._with_overrun(self._reserved)

    def _with_overrun(self, amount: int) -> int:
        return amount if self._overrun == 1.0 else math.ceil(amount * self._overrun)

    def _settle(self, most: int, spent: int, possibly_billed: int) -> None:
        """Ends a reservation of `most`."""
        self._reserved -= most
        self.in_flight -= 1
        self._spent += spent
        self._possibly_billed += self._with_overrun(possibly_billed)
        waiting, self._waiting = self._waiting, []
        for settled in waiting:
            if not settled.done():
                settled.set_result(None)


def _picodollars(dollars: float) -> int:
    return round(dollars * _PICODOLLARS)
