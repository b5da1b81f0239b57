"""Whole or not at all: files and folders that take another's place."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.files import UNCHANGED, WRITTEN, replace_file, replace_folder, restore_folder


def fill(folder: Path, text: str) -> str:
    with replace_folder(folder, force=True) as output:
        (output.path / "inner").mkdir()
        (output.path / "inner" / "a.txt").write_text(text)
    return output.outcome


def read(folder: Path) -> str:
    return (folder / "inner" / "a.txt").read_text()


def test_a_folder_takes_the_place_of_another(tmp_path):
    assert fill(tmp_path / "x", "old") == WRITTEN
    assert fill(tmp_path / "x", "new") == WRITTEN
    assert read(tmp_path / "x") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_the_same_files_are_left_as_they_are(tmp_path):
    fill(tmp_path / "x", "same")
    before = (tmp_path / "x").stat().st_ino
    assert fill(tmp_path / "x", "same") == UNCHANGED
    assert (tmp_path / "x").stat().st_ino == before


def test_another_folder_is_refused_without_force(tmp_path):
    fill(tmp_path / "x", "old")
    with pytest.raises(InputError, match="holds other data"), replace_folder(tmp_path / "x") as output:
        (output.path / "b.txt").write_text("new")
    assert read(tmp_path / "x") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_another_folder_is_refused_as_soon_as_one_file_differs(tmp_path):
    fill(tmp_path / "x", "old")

    def write(text: str, *, force: bool = False) -> str:
        with replace_folder(tmp_path / "x", force=force) as output:
            (output.path / "inner").mkdir()
            (output.path / "inner" / "a.txt").write_text(text)
            output.require_same("inner/a.txt")
        return output.outcome

    with pytest.raises(InputError, match="holds other data"):
        write("new")
    assert read(tmp_path / "x") == "old"
    assert write("old") == UNCHANGED
    assert write("new", force=True) == WRITTEN


def test_an_error_on_the_way_leaves_the_old_folder(tmp_path):
    fill(tmp_path / "x", "old")

    def fail_halfway(folder: Path) -> None:
        (folder / "a.txt").write_text("half")
        (folder / "missing" / "b.txt").write_text("half")

    with pytest.raises(WorkError, match="No such file"), replace_folder(tmp_path / "x", force=True) as output:
        fail_halfway(output.path)
    assert read(tmp_path / "x") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_file_is_no_folder_to_replace(tmp_path):
    (tmp_path / "x").write_text("a file")
    with pytest.raises(InputError, match="is a file"), replace_folder(tmp_path / "x", force=True):
        pass


KILLED_BETWEEN = """
import os, pathlib, signal, sys
from adiff_data.core.files import replace_folder

renamed = pathlib.Path.rename
calls = []

def rename(self, target):
    calls.append(1)
    if len(calls) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return renamed(self, target)

pathlib.Path.rename = rename
with replace_folder(pathlib.Path(sys.argv[1]), force=True) as output:
    (output.path / "inner").mkdir()
    (output.path / "inner" / "a.txt").write_text("new")
"""


@pytest.mark.parametrize("at", [1, 2])
def test_a_kill_at_either_rename_loses_nothing(tmp_path, at):
    folder = tmp_path / "x"
    fill(folder, "old")
    script = [sys.executable, "-c", KILLED_BETWEEN, str(folder), str(at)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    assert subprocess.run(script, env=environment, check=False).returncode == -signal.SIGKILL
    restore_folder(folder)
    assert read(folder) == "old"
    assert fill(folder, "newer") == WRITTEN
    assert read(folder) == "newer"


def test_a_file_takes_the_place_of_another_or_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    with replace_file(path) as output:
        output.text.write("old")
    with pytest.raises(InputError, match="other settings"), replace_file(path) as output:
        output.text.write("new")
    assert path.read_text() == "old"
