"""A job on a few pairs, and a run of it against a server."""

import itertools
from pathlib import Path

import pytest

from adiff_data.annotation.annotators import ModelAnnotator, annotate_job
from adiff_data.annotation.run import Job
from adiff_data.core.json_lines import read_records, write_records
from adiff_data.llm import ModelOptions, Price, RunOptions, dispatcher
from adiff_data.records import Annotation, Clip, Pair, make_pair
from adiff_data.tiers import TIERS

PRICE = Price(input=1.0, output=10.0)  # an exchange of 100 and 20 tokens costs 0.0003 USD


def sound_pairs(count: int) -> list[Pair]:
    clips = [
        Clip(corpus="demo", split="s", filepath=f"Demo/s/{number}.wav", captions=(f"Sound {number}",))
        for number in range(count + 1)
    ]
    return [
        make_pair(one, two, one.captions[0], two.captions[0], strategy="random")
        for one, two in itertools.pairwise(clips)
    ]


def write_pairs(path: Path, count: int) -> Path:
    write_records(path, sound_pairs(count), force=True)
    return path


@pytest.fixture
def fast_retries(monkeypatch):
    """The first pause before a retry is short."""
    monkeypatch.setattr(dispatcher, "_FIRST_BACKOFF", 0.02)


@pytest.fixture
def annotate(tmp_path, fast_retries):
    """Annotates `count` pairs against a server; keyword arguments go to the options."""

    def call(
        server,
        count=4,
        tiers=tuple(TIERS),
        price=PRICE,
        key="sk-secret-key-0123",
        force=False,
        retry=False,
        tiers_per_call="one",
        **options,
    ):
        pairs = write_pairs(tmp_path / "pairs.jsonl", count)
        job = Job(pairs, tmp_path / "annotations.jsonl", tiers, tiers_per_call, force=force, retry_failed=retry)
        model_fields = {name: value for name, value in options.items() if name in ModelOptions.model_fields}
        run_fields = {name: value for name, value in options.items() if name in RunOptions.model_fields}
        model = ModelOptions(base_url=server.url, model="m", **model_fields)
        return annotate_job(job, ModelAnnotator(model, RunOptions(**run_fields), key, price=price))

    return call


@pytest.fixture
def rows(tmp_path):
    """Reads the annotations."""
    return lambda: list(read_records(tmp_path / "annotations.jsonl", Annotation))
