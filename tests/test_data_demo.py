"""`data/DEMO`: the dataset that is committed, and that the rules make again to the byte."""

import difflib
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from adiff_data import TIERS, load_split
from pipelines.recipes.runner import run_recipe
from pipelines.recipes.schema import read_recipe

COMMITTED = Path(__file__).parents[1] / "data" / "DEMO"
SPLITS = {"development": 300, "validation": 100, "evaluation": 100}


@pytest.mark.slow
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


def changes(before: Path, after: Path) -> str:
    """What differs between two tables, as far as a person wants to read it; empty where nothing does."""
    if after.read_bytes() == before.read_bytes():
        return ""
    old, new = (path.read_text(encoding="utf-8").splitlines() for path in (before, after))
    lines = list(difflib.unified_diff(old, new, lineterm="", n=0))[2:]
    count = sum(line.startswith("+") for line in lines)
    return "\n".join([f"{before.name}: {count} rows are others", *(line[:300] for line in lines[:6])])


@pytest.mark.slow
def test_the_rules_make_it_again_to_the_byte(tmp_path):
    corpus = tmp_path / "corpus"
    run_recipe(read_recipe("demo-data", {"out": tmp_path, "root": corpus, "audio_root": corpus}))
    made, committed = (sorted(folder.glob("*.csv")) for folder in (tmp_path, COMMITTED))
    assert [path.name for path in made] == [path.name for path in committed]
    found = [told for tables in zip(committed, made, strict=True) if (told := changes(*tables))]
    assert not found, "\n".join(["`make data` writes these changes to data/DEMO:", *found])


def test_a_change_is_shown_by_its_rows(tmp_path):
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    before.write_text("input,answer\na,one\nb,two\n")
    after.write_text("input,answer\na,one\nb,three\n")
    assert changes(before, after).splitlines() == ["before.csv: 1 rows are others", "@@ -3 +3 @@", "-b,two", "+b,three"]
    assert changes(before, before) == ""


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("DEMO/demo_evaluation_adiff_detail_answer.csv", False),
        ("DEMO/README.md", False),
        ("DEMO/corpus/clotho_captions_evaluation.csv", True),
        ("DEMO/work/evaluation/annotations.jsonl", True),
        ("DEMO/published/README.md", True),
        ("DEMO/predictions/evaluation.jsonl", True),
        ("DEMO-6/demo_evaluation_adiff_detail_answer.csv", True),
        ("CLD/cld_evaluation_adiff_detail_answer.csv", True),
    ],
)
def test_git_sees_the_tables_and_nothing_else_that_is_made(path, ignored):
    data = COMMITTED.parent
    if not (data.parent / ".git").exists():
        pytest.skip("no checkout")
    asked = subprocess.run(["git", "check-ignore", "--quiet", "--no-index", path], cwd=data, check=False)
    assert (asked.returncode == 0) == ignored
