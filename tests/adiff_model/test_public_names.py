"""What `from adiff_model import …` gives, and that a bare import costs nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

import adiff_model
from adiff_data.core.distribution import version


@pytest.mark.parametrize("name", adiff_model.__all__)
def test_every_public_name_is_there_and_documented(name):
    found = getattr(adiff_model, name)
    assert name in ("Scores", "__version__") or found.__doc__


def test_public_names_are_sorted_and_listed_by_dir():
    assert adiff_model.__all__ == sorted(adiff_model.__all__)
    assert dir(adiff_model) == adiff_model.__all__
    assert adiff_model.__version__ == version()


def test_another_name_is_refused():
    with pytest.raises(AttributeError, match="'adiff_model' has no attribute 'explain_all'"):
        _ = adiff_model.explain_all


@pytest.mark.slow
def test_the_import_alone_brings_no_torch():
    script = "import sys, adiff_model; assert 'torch' not in sys.modules; print(*dir(adiff_model))"
    printed = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert printed.stdout.split() == adiff_model.__all__


def test_the_library_knows_nothing_of_the_command():
    for path in Path(adiff_model.__file__).parent.rglob("*.py"):
        assert "pipelines" not in path.read_text(encoding="utf-8").replace("pipelines/recipes", ""), path
