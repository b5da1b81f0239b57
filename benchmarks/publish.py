"""How long a large dataset takes to publish, in how much memory, and how long one tier of it takes to load.

    python benchmarks/publish.py [--pairs 50000]

Makes a built dataset of sentences drawn from the demo's rules (three tiers, three splits, with annotations, facts and
verdicts in its work folder), publishes it by the command in a process of its own, and loads one tier of its train split
twice: first from Parquet, then from the cache of `datasets`.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from adiff_data.annotation.rules import answer
from adiff_data.annotation.tasks import make_annotation
from adiff_data.audio.differences import PairFacts
from adiff_data.audio.facts import FACT_NAMES, Facts
from adiff_data.checks.verdicts import Verdict
from adiff_data.core.json_lines import write_records
from adiff_data.core.seeded import Seeded
from adiff_data.demo import scenes, wording
from adiff_data.published_csv import file_name, published_row, write_rows
from adiff_data.records import Annotation, Clip, Pair, Provenance, make_pair
from adiff_data.tiers import TIERS

SHARES = {"development": 0.6, "validation": 0.2, "evaluation": 0.2}
FACTS = PairFacts(*(Facts(**dict.fromkeys(FACT_NAMES, number)) for number in (1.25, 2.5))).as_dict()
LOAD = """
import sys, time
began = time.perf_counter()
from adiff_data import load_split
imported = time.perf_counter()
rows = load_split(sys.argv[1], "cld", "train", tier="detail")
print(f"load_split of a tier: {len(rows):,} rows in {time.perf_counter() - imported:.2f} s, "
      f"imports {imported - began:.2f} s")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=50_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        built, published = Path(folder) / "CLD", Path(folder) / "published"
        built.mkdir()
        for split, share in SHARES.items():
            write_split(built, split, round(arguments.pairs * share))
        size = sum(path.stat().st_size for path in built.iterdir())
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "pipelines", "publish", built, "--to", published], check=True)
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        rows = arguments.pairs * len(TIERS)
        print(f"published {rows:,} rows ({size / 1e6:.0f} MB of CSV) in {seconds:.1f} s, {peak:.0f} MiB at most")
        environment = {**os.environ, "HF_HOME": f"{folder}/cache", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
        for _ in range(2):
            subprocess.run([sys.executable, "-c", LOAD, str(published)], check=True, env=environment)


def write_split(folder: Path, split: str, count: int) -> None:
    """The CSV files of a split; captions are the demo's, answers sentences of its rules, drawn at random."""
    draw = random.Random(split)
    captions = [wording.captions(scenes.compose(stream), stream) for stream in streams(split)]
    answers = {tier: written(split, captions, tier) for tier in TIERS}
    pairs = [pair(split, number, count, captions, draw) for number in range(count)]
    annotations = []
    for tier in TIERS:
        rows = [annotated(each, tier, draw.choice(answers[tier]), row) for row, each in enumerate(pairs)]
        with (folder / file_name("clotho", split, tier)).open("w", encoding="utf-8", newline="") as file:
            write_rows(file, map(published_row, rows))
        annotations += rows
    work = folder / "work" / split
    write_records(work / "annotations.jsonl", annotations)
    verdicts = (Verdict(row=row, id=each.id, verdict="pass") for row, each in enumerate(annotations, start=1))
    write_records(work / "verdicts.jsonl", verdicts)


def streams(split: str) -> list[Seeded]:
    return [Seeded("benchmark", split, number) for number in range(300)]


def pair(split: str, number: int, count: int, captions: list, draw: random.Random) -> Pair:
    places = number // 5, (number // 5 + 1 + draw.randrange(max(count // 5 - 1, 1))) % max(count // 5, 2)
    clips = [
        Clip(corpus="clotho", split=split, filepath=f"ClothoV21/{split}/{place}.wav", captions=("x",))
        for place in places
    ]
    texts = [f"{draw.choice(draw.choice(captions))} ({number}, {side})" for side in (1, 2)]
    return make_pair(*clips, *texts, strategy="random")


def annotated(each: Pair, tier: str, text: str, row: int) -> Annotation:
    return make_annotation(each, tier, text, Provenance(annotator="rules", row=row, attempts=1, facts=FACTS))


def written(split: str, captions: list, tier: str) -> list[str]:
    draw = random.Random(split)
    return [answer(pair(split, number, 2000, captions, draw), tier) for number in range(400)]


if __name__ == "__main__":
    main()
