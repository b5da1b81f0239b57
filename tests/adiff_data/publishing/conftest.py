"""Built datasets, as small as a test needs them."""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from adiff_data.annotation.tasks import make_annotation
from adiff_data.checks.verdicts import Verdict
from adiff_data.core.json_lines import write_records
from adiff_data.dataset.building import build
from adiff_data.dataset.built_folder import find_built
from adiff_data.publishing.description import describe
from adiff_data.publishing.repository import Repository, write_repository
from adiff_data.records import Annotation, Clip, Provenance, make_pair

ANSWER = "Audio 1 has rain on a roof, while audio 2 has a dog that barks twice."


@pytest.fixture
def row() -> Callable[..., Annotation]:
    """Makes an annotation of Clotho's; `first` and `second` are file names."""

    def make(
        first: str = "a.wav",
        second: str = "b.wav",
        *,
        split: str = "evaluation",
        tier: str = "fewwords",
        answer: str = ANSWER,
        captions: tuple[str, str] = ("Rain falls.", "A dog barks."),
        **provenance: object,
    ) -> Annotation:
        clips = [
            Clip(corpus="clotho", split=split, filepath=f"ClothoV21/{split}/{name}", captions=("x",))
            for name in (first, second)
        ]
        pair = make_pair(*clips, *captions, strategy="random", similarity=0.25)
        return make_annotation(pair, tier, answer, Provenance(**{"annotator": "llm", "row": 0, **provenance}))

    return make


@pytest.fixture
def built(tmp_path) -> Callable[..., Path]:
    """Builds a dataset's folder with its work; `failed` are the ids that did not pass."""

    def make(*rows: Annotation, name: str = "CLD", failed: tuple[str, ...] = ()) -> Path:
        folder = tmp_path / name
        by_split: dict[str, list[Annotation]] = {}
        for each in rows:
            by_split.setdefault(each.split, []).append(each)
        for split, own in by_split.items():
            write_records(folder / "work" / split / "annotations.jsonl", own)
            verdicts = [
                Verdict(row=number, id=each.id, verdict="fail", reasons=("talk: it speaks of captions",))
                if each.id in failed
                else Verdict(row=number, id=each.id, verdict="pass")
                for number, each in enumerate(own, start=1)
            ]
            write_records(folder / "work" / split / "verdicts.jsonl", verdicts)
        build([folder / "work" / split / "annotations.jsonl" for split in by_split], folder)
        return folder

    return make


@pytest.fixture
def published(tmp_path) -> Callable[..., Repository]:
    """Publishes folders to `tmp_path/published`."""

    def make(*folders: object, **options: object) -> Repository:
        describing = partial(describe, "published", endpoint="https://hub", on_hub=False)
        built = [find_built(str(folder)) for folder in folders]
        return write_repository(built, tmp_path / "published", describing, **options)

    return make


@pytest.fixture
def run_card(monkeypatch) -> Callable[[Path], list[dict[str, object]]]:
    """Runs the code of a folder's card, from the folder that holds it; the names that each block sets."""

    def run(folder: Path) -> list[dict[str, object]]:
        monkeypatch.chdir(folder.parent)
        results = []
        for code in re.findall(r"^```python\n(.*?)^```$", (folder / "README.md").read_text(), re.DOTALL | re.MULTILINE):
            names: dict[str, object] = {}
            exec(code, names)
            results.append(names)
        return results

    return run


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]
