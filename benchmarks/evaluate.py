"""How long `adiff evaluate` takes, and SPICE beside its reference program.

    python -m benchmarks.evaluate [--rows 5000] [--spice 40] [--published ../shared/data/published/CLD]
                                  [--parts ../shared/spice/lib]

Rows are published sentences, each with the next row's answer as its prediction (where they are not here: answers of
the rules to demo scenes). `--rows` of them are evaluated by the command, without SPICE, in a process of its own. Of the
first `--spice` rows SPICE is scored: by the reference program as its README runs it, then by ours with an empty cache,
then a second system (the answers after next) on the same references, then the first once more.
"""

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas

from adiff_data.annotation.rules import answer
from adiff_data.core.seeded import Seeded
from adiff_data.demo import scenes, wording
from adiff_data.records import Clip, make_pair
from adiff_model.metrics.java import java, program_folder
from adiff_model.metrics.spice import Spice
from adiff_model.prediction_file import Prediction

FILE = "cld_validation_adiff_sentence_answer.csv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--spice", type=int, default=0, help="0 leaves SPICE out")
    parser.add_argument("--published", type=Path, default=Path("../shared/data/published/CLD"))
    parser.add_argument("--parts", type=Path, default=Path("../shared/spice/lib"))
    arguments = parser.parse_args()
    answers = sentences(arguments.published / FILE, max(arguments.rows, arguments.spice + 2))
    with tempfile.TemporaryDirectory() as folder:
        if arguments.rows:
            evaluate(Path(folder), answers[: arguments.rows])
        if arguments.spice:
            compare_spice(Path(folder), answers[: arguments.spice + 2], arguments.parts)


def sentences(path: Path, count: int) -> list[str]:
    if path.is_file():
        return pandas.read_csv(path)["answer"].tolist()[:count]
    captions = [
        wording.captions(scenes.compose(Seeded("benchmark", number)), Seeded("benchmark", number, "words"))[0]
        for number in range(count + 1)
    ]
    clips = [Clip(corpus="demo", split="s", filepath=str(n), captions=(text,)) for n, text in enumerate(captions)]
    pairs = [
        make_pair(one, other, one.captions[0], other.captions[0], strategy="random")
        for one, other in itertools.pairwise(clips)
    ]
    return [answer(pair, "sentence") for pair in pairs]


def evaluate(folder: Path, answers: Sequence[str]) -> None:
    rows = [
        Prediction(
            id=f"{number}-sentence",
            filepath1=f"ClothoV21/validation/{number}.wav",
            filepath2=f"ClothoV21/validation/{number + 1}.wav",
            tier="sentence",
            prompt="explain the difference in a sentence",
            references=(own,),
            prediction=answers[(number + 1) % len(answers)],
        )
        for number, own in enumerate(answers)
    ]
    path = folder / "predictions.jsonl"
    path.write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")
    command = [sys.executable, "-m", "pipelines", "evaluate", str(path), "--out", str(folder / "report"), "--no-spice"]
    _, seconds = timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"adiff evaluate, {len(rows):,} rows without SPICE: {seconds:.0f} s, {most:.0f} MiB at most")


def compare_spice(folder: Path, answers: Sequence[str], parts: Path) -> None:
    count = len(answers) - 2
    references = [[own] for own in answers[:count]]
    first, second = list(answers[1 : count + 1]), list(answers[2 : count + 2])
    reference, seconds = timed(lambda: reference_program(folder, first, references, parts))
    print(f"SPICE, {count} rows, reference program: {seconds:.0f} s")
    spice = Spice(parts, folder / "cache")
    for name, predictions in (("ours, first run", first), ("a second system", second), ("the first again", first)):
        found, own = timed(lambda predictions=predictions: spice(predictions, references))
        same = f", {sum(abs(a - b) < 1e-8 for a, b in zip(found, reference, strict=True))} rows equal"
        print(f"SPICE, {name}: {own:.1f} s, {own / seconds:.2f} of it{same if predictions is first else ''}")


def reference_program(
    folder: Path, texts: Sequence[str], references: Sequence[Sequence[str]], parts: Path
) -> list[float]:
    asked, told, program = folder / "in.json", folder / "out.json", program_folder("spice")
    lines = [
        {"image_id": number, "test": text, "refs": own}
        for number, (text, own) in enumerate(zip(texts, references, strict=True))
    ]
    asked.write_text(json.dumps(lines), encoding="utf-8")
    jars = os.pathsep.join(map(str, (program / "spice-1.0.jar", program / "lib" / "*", parts / "*")))
    command = [java(), "-Xmx4G", "-cp", jars, "edu.anu.spice.SpiceScorer", asked, "-out", told, "-subset", "-silent"]
    subprocess.run(command, check=True, capture_output=True)
    return [row["scores"]["All"]["f"] for row in json.loads(told.read_text(encoding="utf-8"))]


def timed(work: Callable[[], object]) -> tuple[object, float]:
    began = time.monotonic()
    done = work()
    return done, time.monotonic() - began


if __name__ == "__main__":
    main()
