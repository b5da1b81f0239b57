"""The core install: what needs an extra is told before anything is done, and the rest goes without."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adiff_data.core.distribution import EXTRAS, install_hint
from pipelines.command import STEPS

# Runs the command with packages that cannot be found, as where their extra is not installed.
WITHOUT = """
import sys
from importlib.machinery import PathFinder

hidden = set(sys.argv.pop(1).split(","))

class Hiding(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in hidden else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Hiding
from pipelines.command import run_command
sys.exit(max(run_command(call.split()) for call in sys.argv[1:]))
"""
ALL = tuple(package for packages in EXTRAS.values() for package in packages)


def run_without(folder: Path, packages: tuple[str, ...], *calls: str) -> subprocess.CompletedProcess[str]:
    """The highest exit status of some calls in `folder`, in a Python that does not find the packages."""
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", WITHOUT, ",".join(packages), *calls]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_every_command_has_help_on_the_core_install(tmp_path):
    ended = run_without(tmp_path, ALL, *(f"{step} --help" for step in STEPS))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.count("Example: adiff ") == len(STEPS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "extras"),
    [
        ("demo --clips 6 --out demo", "model,metrics"),
        ("run demo --out demo", "model,metrics"),
        ("explain a.wav b.wav", "model"),
        ("predict data --split test --audio-root .", "model"),
        ("review data --split test --audio-root .", "review"),
        ("convert a.ckpt converted", "model"),
        ("serve", "serve"),
        ("train tiny --out trained", "model"),
    ],
)
def test_what_is_missing_is_told_before_anything_is_made(tmp_path, call, extras):
    ended = run_without(tmp_path, ALL, call)
    assert ended.returncode == 2
    assert install_hint(extras) in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_predictions_are_evaluated_without_torch(tmp_path):
    row = {"id": "a", "filepath1": "a.wav", "filepath2": "b.wav", "tier": "sentence", "prompt": "explain"}
    row |= {"references": ["a dog barks, then rain"], "prediction": "a dog barks, then rain"}
    (tmp_path / "predictions.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    ended = run_without(tmp_path, (*EXTRAS["model"], *EXTRAS["train"]), "evaluate predictions.jsonl --no-spice")
    assert (ended.returncode, ended.stderr) == (0, "")
    scores = json.loads((tmp_path / "report" / "scores.json").read_text(encoding="utf-8"))
    assert "100.0" in (tmp_path / "report" / "summary.md").read_text(encoding="utf-8"), scores
