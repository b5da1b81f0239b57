"""JSON lines through `jsonlines` beside a hand-written loop: how long each takes to read and to write annotations.

    python benchmarks/json_lines.py [ROWS]

Both run in turn in one process; the least processor time of nine runs counts.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from adiff_data.annotation.tasks import make_annotation
from adiff_data.core.files import replace_file
from adiff_data.core.json_lines import read_objects, read_records, write_records
from adiff_data.records import Annotation, Clip, Provenance, make_pair

RUNS = 9
ANSWER = (
    "The first clip can be summed up in these words: a quickly wailing siren sounds nearby, and nothing else is heard. "
    "The second clip is different: rain falls on a tin roof while somebody says {} and closes a window. "
)
SAYINGS = ("that's life",) * 4 + ("“c’est la vie”",)  # every fifth answer is not in ASCII


def annotations(count: int) -> list[Annotation]:
    """Annotations of the size that a language model's have."""
    rows = []
    for number in range(count):
        clips = [
            Clip(corpus="clotho", split="x", filepath=f"ClothoV21/x/{number}{side}.wav", captions=("Rain falls.",))
            for side in "ab"
        ]
        pair = make_pair(*clips, f"Rain falls on roof {number}.", f"A siren wails {number} times.", strategy="random")
        provenance = Provenance(
            annotator="llm",
            model="my-model",
            request={"temperature": 0.7, "seed": number, "max_tokens": 400},
            attempts=1,
            tokens_in=812,
            tokens_out=133,
            cost=0.000123,
            row=number,
        )
        rows.append(make_annotation(pair, "detail", ANSWER.format(SAYINGS[number % len(SAYINGS)]), provenance))
    return rows


def loop_over_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as file:
        for row, line in enumerate(file, start=1):
            if line.strip():
                yield row, json.loads(line.decode())


def loop_over_records(path: Path) -> Iterator[Annotation]:
    with path.open("rb") as file:
        for line in file:
            if line.strip():
                yield Annotation.model_validate_json(line)


def loop_that_writes(path: Path, rows: list[Annotation]) -> None:
    with replace_file(path, force=True) as output:
        for row in rows:
            output.text.write(row.model_dump_json() + "\n")


def consume(rows: Iterator[Any]) -> None:
    for _ in rows:
        pass


def seconds(work: Callable[[], Any]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def compare(name: str, loop: Callable[[], Any], library: Callable[[], Any]) -> None:
    times = [(seconds(loop), seconds(library)) for _ in range(RUNS)]
    by_loop, by_library = (min(column) for column in zip(*times, strict=True))
    print(f"{name:14}{by_loop:8.3f} s by hand{by_library:8.3f} s by jsonlines{by_library / by_loop:8.2f} times")


def main() -> None:
    rows = annotations(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    with tempfile.TemporaryDirectory() as folder:
        path, second = Path(folder) / "annotations.jsonl", Path(folder) / "second.jsonl"
        write_records(path, rows)
        loop_that_writes(second, rows)
        print(
            f"{len(rows):,} rows, {path.stat().st_size:,} bytes; same bytes: {path.read_bytes() == second.read_bytes()}"
        )
        compare("write records", lambda: loop_that_writes(second, rows), lambda: write_records(path, rows, force=True))
        compare(
            "read records", lambda: consume(loop_over_records(path)), lambda: consume(read_records(path, Annotation))
        )
        compare("read objects", lambda: consume(loop_over_objects(path)), lambda: consume(read_objects(path)))


if __name__ == "__main__":
    main()
