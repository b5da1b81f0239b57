"""What an engine costs: how long it takes to start, and each clip or row of each step that runs on it.

    python benchmarks/many_machines.py [--clips N] [--rows N] [--predictions N] [--ray-address HOST:PORT]

Makes a demo corpus in a temporary folder; measures its clips, checks rows about them by words and by sentences, and
lets the bundled model answer, with one worker and with two: on this machine's processes, and on Ray, which without an
address is started here. Compares what both made, and tells how much memory this process takes for a million items that
come and go. `--clips 30 --rows 2000 --predictions 16` tries it out in two minutes.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from adiff_data import Clip, LocalEngine, RayEngine, annotate, build, check, make_pairs, measure, read_clips
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.engines.engine import Engine
from adiff_data.records import Annotation
from adiff_model import predict

MILLION = 1_000_000


class Steps:
    """The steps, on data that is made once."""

    def __init__(self, folder: Path, clips: int, rows: int, predictions: int) -> None:
        self._folder, self._corpus, self._predictions = folder, folder / "corpus", predictions
        write_corpus(self._corpus, DemoSettings(development=clips, validation=0, evaluation=0))
        self._clips: list[Clip] = list(read_clips("demo", self._corpus, "development"))
        made = annotate(make_pairs(self._clips), annotator="rules")
        self._rows: list[Annotation] = (made * (rows // len(made) + 1))[:rows]
        build(made, folder / "DEMO")

    def by_name(self) -> dict[str, tuple[int, Callable[[Engine], object]]]:
        """How many clips or rows each step works on, and what it makes of them on an engine."""
        return {
            "measure": (len(self._clips), self._measure),
            "check, words": (len(self._rows), lambda engine: check(self._rows, attribution="words", engine=engine)),
            "check, sentences": (
                len(self._rows),
                lambda engine: check(self._rows, attribution="sentences", engine=engine).verdicts,
            ),
            "predict": (self._predictions, self._predict),
        }

    def _measure(self, engine: Engine) -> bytes:
        cache = self._folder / "facts.jsonl"
        cache.unlink(missing_ok=True)
        measure(make_pairs(self._clips), self._corpus, cache=cache, engine=engine)
        return cache.read_bytes()

    def _predict(self, engine: Engine) -> object:
        return predict(
            self._folder / "DEMO",
            split="development",
            audio_root=self._corpus,
            limit=self._predictions,
            batch_size=8,
            engine=engine,
        )


def starting(engine: Engine) -> float:
    began = time.perf_counter()
    for _ in engine.map(abs, range(200)):
        pass
    return time.perf_counter() - began


def memory_of_a_million(engine: Engine) -> float:
    """By how many MB the most that this process has held so far grows."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in engine.map(abs, iter(range(MILLION)), chunk_size=1000):
        pass
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--predictions", type=int, default=128)
    parser.add_argument("--ray-address")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, RayEngine(arguments.ray_address) as joined:
        steps = Steps(Path(name), arguments.clips, arguments.rows, arguments.predictions)
        print(f"a cluster and its first results: {starting(joined):.1f} s")
        engines = {
            (kind, workers): make(workers)
            for workers in (1, 2)
            for kind, make in (
                ("local", LocalEngine),
                ("ray", lambda count: RayEngine(arguments.ray_address, workers=count)),
            )
        }
        for (kind, workers), engine in engines.items():
            print(f"{kind}, {workers}: first results after {starting(engine):.1f} s")
        for (kind, workers), engine in engines.items():
            if workers == 2:
                print(f"{kind}: {memory_of_a_million(engine):.0f} MB more for a million items")
        print(
            f"{'step':18} {'items':>7} {'engine':>6} {'workers':>7} {'seconds':>8} {'ms an item':>10} {'of local':>8}"
        )
        for step, (items, work) in steps.by_name().items():
            results, seconds = [], {}
            for (kind, workers), engine in engines.items():
                work_warm(step, work, engine)
                began = time.perf_counter()
                results.append(work(engine))
                seconds[kind, workers] = time.perf_counter() - began
                ratio = seconds[kind, workers] / seconds["local", workers]
                print(
                    f"{step:18} {items:7,} {kind:>6} {workers:7} {seconds[kind, workers]:8.1f} "
                    f"{1000 * seconds[kind, workers] / items:10.2f} {ratio:8.2f}",
                    flush=True,
                )
            growth = {kind: seconds[kind, 1] / seconds[kind, 2] for kind in ("local", "ray")}
            same = "the same results" if all(result == results[0] for result in results) else "THE RESULTS DIFFER"
            print(f"{step}: {same}; two workers are {growth['local']:.2f} and {growth['ray']:.2f} times one")


def work_warm(step: str, work: Callable[[Engine], object], engine: Engine) -> None:
    """Does a step once before it is timed, where workers load a model first, which they then keep."""
    if step in ("check, sentences", "predict"):
        work(engine)


if __name__ == "__main__":
    main()
