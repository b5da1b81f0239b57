"""Work shared out among processes, as scripts of every kind start it."""

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adiff_data.core.errors import WorkError
from adiff_data.core.processes import map_in_processes

SCRIPT = """
import math
import multiprocessing
import threading

from adiff_data.core.processes import map_in_processes

multiprocessing.set_start_method({start_method!r})
print("the script runs")
held = threading.Lock()
held.acquire()
print(list(map_in_processes(math.sqrt, [0, 1, 4] * 10, chunk_size=1))[:3])
"""


def end_the_process(number: int) -> int:
    """Ends its process at 3, as the system does when memory is short."""
    if number == 3:
        os._exit(9)
    return number


@pytest.mark.slow
def test_results_come_in_order_whatever_the_chunks():
    numbers = range(50)
    assert list(map_in_processes(math.hypot, numbers, numbers, chunk_size=7)) == list(map(math.hypot, numbers, numbers))


def test_what_the_function_raises_is_raised():
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        list(map_in_processes(math.sqrt, [1, -1] * 20))


@pytest.mark.slow
def test_a_process_that_is_ended_is_one_line_and_the_next_call_works():
    with pytest.raises(WorkError, match="worker process was ended by the system; mostly the memory was not enough"):
        list(map_in_processes(end_the_process, range(40)))
    assert list(map_in_processes(math.sqrt, [4] * 40)) == [2.0] * 40


@pytest.mark.slow
@pytest.mark.parametrize("start_method", ["fork", "spawn", "forkserver"])
def test_a_script_needs_no_main_guard_and_runs_once(start_method, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(start_method=start_method))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "the script runs\n[0.0, 1.0, 2.0]\n", done.stderr
