"""How fast clips are measured, on one core.

    python benchmarks/facts.py [--clips 60] [--runs 5]

Prints the median, over runs, of seconds of audio measured in a second of processor time, reading included.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from threadpoolctl import threadpool_limits

from adiff_data.audio.acoustics import measure_file
from adiff_data.demo import DemoSettings, write_corpus


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        write_corpus(corpus, DemoSettings(development=arguments.clips, validation=1, evaluation=1))
        paths = sorted((corpus / "development").glob("*.wav"))
        threadpool_limits(1)
        measure_file(paths[0])  # librosa compiles parts of itself on the first call
        speeds = []
        for number in range(arguments.runs):
            began = time.process_time()
            seconds = sum(measure_file(path).duration for path in paths)
            speeds.append(seconds / (time.process_time() - began))
            print(f"run {number + 1}: {speeds[-1]:.0f} times real time")
        print(f"median of {arguments.runs} runs: {statistics.median(speeds):.0f} times real time a core")


if __name__ == "__main__":
    main()
