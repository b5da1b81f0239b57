"""Work ahead in threads: in order, no further ahead than is said, and with nothing left behind."""

import threading
import time

import pytest

from adiff_data.core.threads import work_ahead


def working() -> list[str]:
    """The names of this project's threads that are alive."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("adiff")]


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_results_come_in_the_order_of_the_items(threads):
    def work(number: int) -> int:
        time.sleep(0.002 * (number % 3))
        return number * number

    with work_ahead(work, range(40), threads=threads, ahead=2) as results:
        assert list(results) == [number * number for number in range(40)]
    assert working() == []


@pytest.mark.parametrize(("threads", "ahead"), [(1, 0), (1, 4), (3, 2)])
def test_no_more_results_wait_than_is_said(threads, ahead):
    begun: list[int] = []
    with work_ahead(begun.append, range(100), threads=threads, ahead=ahead) as results:
        for taken, _ in enumerate(results, start=1):
            time.sleep(0.001)
            assert len(begun) <= taken + threads + ahead


def test_the_next_item_is_begun_while_a_result_is_used():
    second_begun = threading.Event()
    with work_ahead(lambda number: number == 1 and second_begun.set(), range(3), threads=1, ahead=0) as results:
        next(results)
        assert second_begun.wait(10)


def take_one_and_fail(fault: type[BaseException], begun: list[int]) -> None:
    with work_ahead(begun.append, range(1000), threads=2, ahead=3) as results:
        next(results)
        raise fault


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt])
def test_after_a_fault_of_the_one_who_takes_nothing_more_is_begun_and_no_thread_is_left(fault):
    begun: list[int] = []
    with pytest.raises(fault):
        take_one_and_fail(fault, begun)
    assert len(begun) <= 6
    assert working() == []


def test_a_fault_of_the_work_is_raised_where_its_result_is_taken():
    with work_ahead(lambda number: 1 // (3 - number), range(9), threads=2, ahead=4) as results:
        assert [next(results) for _ in range(3)] == [0, 0, 1]
        with pytest.raises(ZeroDivisionError):
            next(results)
    assert working() == []
