"""Work shared out among processes of this machine, as scripts of every kind start it."""

import math
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from adiff_data.core.errors import WorkError
from adiff_data.engines.local import LOCAL, LocalEngine

SCRIPT = """
import math
import multiprocessing
import threading

from adiff_data.engines.local import LOCAL

multiprocessing.set_start_method({start_method!r})
print("the script runs")
held = threading.Lock()
held.acquire()
print(list(LOCAL.map(math.sqrt, [0, 1, 4] * 10, chunk_size=1))[:3])
"""


def end_at(poison: int, number: int) -> int:
    """Ends its process at a number, as the system does when memory is short."""
    if number == poison:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def end_always(number: int) -> int:
    """Ends its process whatever the number, as a package that is installed in part does."""
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def name_of(number: int) -> str:
    return f"lost {number}"


def write_late(folder: Path, number: int) -> None:
    time.sleep(0.02)
    (folder / str(number)).touch()


class Unfit(Exception):
    """An exception that cannot be made again of its own arguments."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: {why}")


def refuse(number: int) -> int:
    raise Unfit(str(number), "refused")


@pytest.mark.slow
def test_results_come_in_order_whatever_the_chunks():
    numbers = range(50)
    assert list(LOCAL.map(math.sqrt, numbers, chunk_size=7)) == list(map(math.sqrt, numbers))
    assert list(LocalEngine(workers=1).map(math.sqrt, numbers)) == list(map(math.sqrt, numbers))


def test_a_few_items_are_done_here():
    assert set(LOCAL.map(lambda _: os.getpid(), range(5))) == {os.getpid()}


def test_what_the_function_raises_is_raised_after_the_results_before_it():
    results = LOCAL.map(math.sqrt, [*[4] * 30, -1, 4], chunk_size=7)
    assert [next(results) for _ in range(30)] == [2.0] * 30
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        next(results)


def test_an_exception_that_cannot_be_pickled_is_told():
    with pytest.raises(WorkError, match="Unfit: 0: refused"):
        list(LOCAL.map(refuse, range(30)))


def test_a_generator_is_not_drained_ahead():
    numbers = iter(range(10_000))
    results = LocalEngine(workers=2).map(abs, numbers, chunk_size=3)
    assert [next(results) for _ in range(10)] == list(range(10))
    assert next(numbers) <= 40
    results.close()


@pytest.mark.slow
def test_a_map_that_is_left_writes_nothing_any_more(tmp_path, recwarn):
    results = LocalEngine(workers=2).map(partial(write_late, tmp_path), range(200))
    next(results)
    results.close()
    written = set(tmp_path.iterdir())
    time.sleep(0.5)
    assert set(tmp_path.iterdir()) == written
    assert len(written) < 40
    assert not recwarn.list


@pytest.mark.slow
def test_an_item_that_ends_its_process_costs_itself_alone():
    numbers = range(60)
    expected = [name_of(number) if number == 33 else number for number in numbers]
    assert list(LOCAL.map(partial(end_at, 33), numbers, chunk_size=4, lost=name_of)) == expected
    assert list(LOCAL.map(math.sqrt, [4] * 40)) == [2.0] * 40


@pytest.mark.slow
def test_an_item_that_ends_its_process_is_one_line_where_nothing_can_stand_for_it():
    with pytest.raises(WorkError, match="worker process was ended by the system, and others"):
        list(LOCAL.map(partial(end_at, 3), range(40)))


@pytest.mark.slow
def test_where_every_item_ends_its_process_it_is_not_the_items():
    with pytest.raises(WorkError, match="every process that worked on the last 6 items; it seems to be this machine"):
        list(LOCAL.map(end_always, range(40), chunk_size=4, lost=name_of))


@pytest.mark.slow
@pytest.mark.parametrize("start_method", ["fork", "spawn", "forkserver"])
def test_a_script_needs_no_main_guard_and_runs_once(start_method, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(start_method=start_method))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "the script runs\n[0.0, 1.0, 2.0]\n", done.stderr
