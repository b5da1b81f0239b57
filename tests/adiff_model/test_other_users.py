"""The model for a user without a home folder: nothing is kept there, and no library that would is imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
CHECKOUT = Path(__file__).parents[2]
CACHES = (
    "HF_HOME",
    "HF_HUB_CACHE",
    "HF_DATASETS_CACHE",
    "NUMBA_CACHE_DIR",
    "MPLCONFIGDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
)


@pytest.fixture
def homeless(tmp_path) -> dict[str, str]:
    """The environment of a user whose home lies below a file: nobody can write there, not even root."""
    (tmp_path / "file").touch()
    kept = {name: value for name, value in os.environ.items() if name not in CACHES}
    return {**kept, "HOME": str(tmp_path / "file" / "home"), "PYTHONPATH": str(CHECKOUT)}


def test_explaining_drawing_and_previews_need_neither_home_nor_librosa(homeless, tones, tmp_path):
    script = f"""
import sys
from pathlib import Path
from adiff_model.evaluation.clips import preview_clips
from pipelines.command import run_command
one, other = {tones("one.wav", 300)!r}, {tones("other.wav", 900)!r}
status = run_command(["explain", one, other, "--tier", "fewwords", "--plot", {str(tmp_path / "pair.png")!r}])
[preview] = preview_clips([Path(one)]).values()
print(status, preview.fault, preview.picture[:22], sorted({{"librosa", "numba"}} & sys.modules.keys()))
"""
    call = [sys.executable, "-c", script]
    finished = subprocess.run(call, env=homeless, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines()[-1] == "0  data:image/jpeg;base64 []"
    assert (tmp_path / "pair.png").stat().st_size > 0


def test_a_cache_that_is_needed_and_cannot_be_written_is_one_line(homeless, tmp_path, demo_corpus):
    script = f"""
from adiff_data import annotate, build, load_split, make_pairs, publish, read_clips
pairs = make_pairs(read_clips("demo", {str(demo_corpus)!r}, "evaluation"), limit=7)
build(annotate(pairs, annotator="rules", tiers=["fewwords"]), "DEMO")
print(load_split("DEMO", "demo", "test").num_rows)
publish(["DEMO"], to="published")
try:
    load_split("published", "demo", "test")
except Exception as fault:
    print(type(fault).__name__, fault)
"""
    call = [sys.executable, "-c", script]
    finished = subprocess.run(call, env=homeless, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert "matplotlib" not in finished.stderr.lower()
    built, published = finished.stdout.splitlines()
    assert built == "7"
    assert published.startswith("WorkError published: its copy in ")
    assert "huggingface/datasets cannot be written" in published
    assert published.endswith("set HF_HOME to a folder that can be written to")
