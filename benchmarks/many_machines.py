"""What an engine costs: how long it takes to start, and each clip that is measured and each row that is checked.

    python benchmarks/many_machines.py [--clips N] [--rows N] [--workers N] [--ray-address HOST:PORT]

Makes a demo corpus in a temporary folder, measures its clips and checks rows about them, on this machine's processes
and on Ray, with as many workers: without an address on a Ray that is started here. Compares what both made.
`--clips 8 --rows 2000` tries it out in half a minute.
"""

import argparse
import tempfile
import time
from pathlib import Path

from adiff_data import Clip, LocalEngine, RayEngine, annotate, check, make_pairs, measure, read_clips
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.engines.engine import Engine
from adiff_data.records import Annotation


def starting(engine: Engine, workers: int) -> float:
    began = time.perf_counter()
    for _ in engine.map(abs, range(100 * workers)):
        pass
    return time.perf_counter() - began


def measuring(engine: Engine, clips: list[Clip], corpus: Path, cache: Path) -> float:
    began = time.perf_counter()
    measure(make_pairs(clips), corpus, cache=cache, engine=engine)
    return time.perf_counter() - began


def checking(engine: Engine, rows: list[Annotation]) -> tuple[float, object]:
    began = time.perf_counter()
    report = check(rows, attribution="words", engine=engine)
    return time.perf_counter() - began, report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=400)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ray-address")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, RayEngine(arguments.ray_address, workers=arguments.workers) as ray:
        corpus = Path(name) / "corpus"
        write_corpus(corpus, DemoSettings(development=arguments.clips, validation=0, evaluation=0))
        clips = list(read_clips("demo", corpus, "development"))
        made = annotate(make_pairs(clips), annotator="rules")
        rows = (made * (arguments.rows // len(made) + 1))[: arguments.rows]
        print(f"{'engine':8} {'start, s':>10} {'ms a clip':>10} {'ms a row':>10}")
        results = []
        for label, engine in (("local", LocalEngine(arguments.workers)), ("ray", ray)):
            cache = Path(name) / f"{label}.jsonl"
            start = starting(engine, arguments.workers)
            measured = measuring(engine, clips, corpus, cache)
            checked, report = checking(engine, rows)
            print(f"{label:8} {start:10.1f} {1000 * measured / len(clips):10.2f} {1000 * checked / len(rows):10.3f}")
            results.append((cache.read_bytes(), report))
        print("the same facts and verdicts" if results[0] == results[1] else "THE RESULTS DIFFER")


if __name__ == "__main__":
    main()
