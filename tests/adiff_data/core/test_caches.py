"""Caches of libraries: their own folders where these can be written to, a private temporary one elsewhere."""

import os
import stat
from pathlib import Path

import pytest

from adiff_data.core import caches
from adiff_data.core.caches import prepare_matplotlib_cache


@pytest.fixture
def homeless(tmp_path, monkeypatch) -> Path:
    """A home below a file, which nobody can write to, not even root."""
    (tmp_path / "file").touch()
    for variable in ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR"):
        monkeypatch.setenv(variable, "")  # so that what a test leaves there is taken back, where it was not set
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", str(tmp_path / "file" / "home"))
    return tmp_path


def test_without_a_home_a_cache_is_temporary_and_private(homeless):
    prepare_matplotlib_cache()
    folder = Path(os.environ["MPLCONFIGDIR"])
    assert folder.is_dir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_home_that_can_be_written_to_is_used(homeless, monkeypatch):
    monkeypatch.setenv("HOME", str(homeless / "home"))
    prepare_matplotlib_cache()
    assert "MPLCONFIGDIR" not in os.environ
    assert [path.name for path in (homeless / "home" / ".config").iterdir()] == ["matplotlib"]


def test_what_the_user_says_is_kept(homeless, monkeypatch):
    monkeypatch.setenv("MPLCONFIGDIR", "/somewhere")
    prepare_matplotlib_cache()
    assert os.environ["MPLCONFIGDIR"] == "/somewhere"


def test_numba_gets_a_folder_only_where_librosas_own_cannot_be_written_to(homeless, monkeypatch):
    caches.prepare_numba_cache()
    is_writable = os.access(Path(caches.find_spec("librosa").origin).parent, os.W_OK)
    assert ("NUMBA_CACHE_DIR" in os.environ) is not is_writable
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(caches, "can_hold_files", lambda folder: False)
    caches.prepare_numba_cache()
    assert Path(os.environ["NUMBA_CACHE_DIR"]).is_dir()
