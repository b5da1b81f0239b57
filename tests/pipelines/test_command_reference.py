"""`docs/commands.md` is what the commands say of themselves, and the same on every terminal."""

from pathlib import Path

import pytest
from typer.main import get_command

from pipelines import command_reference
from pipelines.command import STEPS, make_app

WRITTEN = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_reference_is_up_to_date():
    assert WRITTEN.read_text(encoding="utf-8") == command_reference.reference(), "make docs writes it anew"


def test_the_reference_does_not_depend_on_the_terminal(monkeypatch):
    before = command_reference.reference()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "dumb")
    assert command_reference.reference() == before


@pytest.mark.parametrize("step", STEPS)
def test_every_option_of_a_command_is_in_its_section(step):
    sections = WRITTEN.read_text(encoding="utf-8").split("\n## ")
    section = next(each for each in sections if each.startswith(f"adiff {step}\n"))
    command = get_command(make_app(step.split()))
    for name in step.split():
        command = command.commands[name]
    options = [parameter for parameter in command.params if parameter.opts]
    flags = [flag for option in options for flag in (*option.opts, *option.secondary_opts) if flag.startswith("--")]
    assert all(f"`{flag}`" in section or f"`{flag} " in section for flag in flags)
    assert section.count("\n| `--") == sum(option.param_type_name == "option" for option in options)
    assert f"    adiff {step}" in section


def test_the_module_writes_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["command_reference", str(tmp_path / "commands.md")])
    command_reference.main()
    assert (tmp_path / "commands.md").read_text(encoding="utf-8") == command_reference.reference()
