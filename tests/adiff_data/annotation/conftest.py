"""A job on a few pairs, and a run of it against a server."""

import itertools
from pathlib import Path

import pytest

from adiff_data.annotation import engine
from adiff_data.annotation.annotators import annotate_by_model
from adiff_data.annotation.options import ModelOptions, RunOptions
from adiff_data.annotation.prices import Price
from adiff_data.annotation.run import Job
from adiff_data.core.json_lines import read_records, write_records
from adiff_data.records import Annotation, Clip, make_pair
from adiff_data.tiers import TIERS

PRICE = Price(input=1.0, output=10.0)  # an exchange of 100 and 20 tokens costs 0.0003 USD


def write_pairs(path: Path, count: int) -> Path:
    clips = [
        Clip(corpus="demo", split="s", filepath=f"Demo/s/{number}.wav", captions=(f"Sound {number}",))
        for number in range(count + 1)
    ]
    pairs = [
        make_pair(one, two, one.captions[0], two.captions[0], strategy="random")
        for one, two in itertools.pairwise(clips)
    ]
    write_records(path, pairs, force=True)
    return path


@pytest.fixture
def annotate(tmp_path, monkeypatch):
    """Annotates `count` pairs against a server; keyword arguments go to the options."""
    monkeypatch.setattr(engine, "_FIRST_BACKOFF", 0.02)

    def call(
        server, count=4, tiers=tuple(TIERS), price=PRICE, key="sk-secret-key-0123", force=False, retry=False, **options
    ):
        pairs = write_pairs(tmp_path / "pairs.jsonl", count)
        job = Job(pairs, tmp_path / "annotations.jsonl", tiers, force=force, retry_failed=retry)
        model_fields = {name: value for name, value in options.items() if name in ModelOptions.model_fields}
        run_fields = {name: value for name, value in options.items() if name in RunOptions.model_fields}
        model = ModelOptions(base_url=server.url, model="m", **model_fields)
        return annotate_by_model(job, model, RunOptions(**run_fields), key=key, price=price)

    return call


@pytest.fixture
def rows(tmp_path):
    """Reads the annotations."""
    return lambda: list(read_records(tmp_path / "annotations.jsonl", Annotation))
