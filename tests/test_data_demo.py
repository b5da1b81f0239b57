"""`data/DEMO`: the dataset that is committed, and that the rules make again to the byte."""

import difflib
from pathlib import Path

import pandas as pd
import pytest

from adiff_data import TIERS, load_split
from pipelines.recipes.runner import run_recipe
from pipelines.recipes.schema import read_recipe

COMMITTED = Path(__file__).parents[1] / "data" / "DEMO"
SPLITS = {"development": 300, "validation": 100, "evaluation": 100}


def test_it_loads_in_a_fresh_clone():
    for split, pairs in SPLITS.items():
        for tier in TIERS:
            rows = load_split(COMMITTED, "demo", split, tier=tier)
            assert rows.num_rows == pairs
            table = pd.read_csv(COMMITTED / f"demo_{split}_adiff_{tier}_answer.csv")
            assert table["answer"].tolist() == rows["answer"][:]


def test_its_recipe_is_the_beginning_of_the_demos():
    data, demo = (read_recipe(name, {}).model_dump() for name in ("demo-data", "demo"))
    later = {"publish": None, "predict": None, "evaluate": None}
    assert data == {**demo, "steps": {**demo["steps"], **later}}


@pytest.mark.slow
def test_the_rules_make_it_again_to_the_byte(tmp_path):
    """Where this fails after a change of the rules, `make data` writes what the change does to the data."""
    corpus = tmp_path / "corpus"
    run_recipe(read_recipe("demo-data", {"out": tmp_path, "root": corpus, "audio_root": corpus}))
    made, committed = (sorted(folder.glob("*.csv")) for folder in (tmp_path, COMMITTED))
    assert [path.name for path in made] == [path.name for path in committed]
    for again, before in zip(made, committed, strict=True):
        old, new = (path.read_text(encoding="utf-8").splitlines() for path in (before, again))
        changes = list(difflib.unified_diff(old, new, lineterm="", n=0))[2:12]
        assert not changes, f"{before.name}: " + " | ".join(line[:300] for line in changes)
        assert again.read_bytes() == before.read_bytes()
