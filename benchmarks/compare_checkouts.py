"""Compares a number that a benchmark prints between this checkout and an earlier commit.

    python benchmarks/compare_checkouts.py daba18b --number 'runs: ([0-9.]+)' -- annotate --runs 1 --big 0
    python benchmarks/compare_checkouts.py daba18b --number 'in ([0-9.]+) s' -- publish --pairs 5000

The two are run in turn, so that whatever else the machine does meets both; medians and the ratio are printed. Each
checkout runs the benchmark of its own commit, with the Python that runs this.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


def measure(checkout: Path, benchmark: list[str], number: re.Pattern[str]) -> float:
    """The number in the last line that the pattern matches.

    Raises:
        SystemExit: the benchmark failed, or printed no such number.
    """
    name, *arguments = benchmark
    command = [sys.executable, str(checkout / "benchmarks" / f"{name}.py"), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    run = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    numbers = number.findall(run.stdout)
    if run.returncode or not numbers:
        sys.exit(f"{checkout}: {' '.join(benchmark)} ended with {run.returncode}\n{run.stdout}{run.stderr}")
    return float(numbers[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit")
    parser.add_argument("--number", type=re.compile, required=True, help="a pattern whose group is the number")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("benchmark", nargs="+", help="after --: the benchmark's name and its arguments")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / "before"
        subprocess.run(
            ["git", "worktree", "add", "--quiet", "--detach", before, arguments.commit], cwd=HERE, check=True
        )
        try:
            compare(before, arguments.benchmark, arguments.number, arguments.runs)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", before], cwd=HERE, check=True)


def compare(before: Path, benchmark: list[str], number: re.Pattern[str], runs: int) -> None:
    pairs = []
    for run in range(1, runs + 1):
        earlier, now = (measure(checkout, benchmark, number) for checkout in (before, HERE))
        pairs.append((earlier, now))
        print(f"run {run}: {earlier:g} before, {now:g} now", flush=True)
    earlier, now = (statistics.median(numbers) for numbers in zip(*pairs, strict=True))
    ratio = statistics.median(now / earlier for earlier, now in pairs)
    print(f"median of {runs} runs: {earlier:g} before, {now:g} now; now/before {ratio:.2f}")


if __name__ == "__main__":
    main()
