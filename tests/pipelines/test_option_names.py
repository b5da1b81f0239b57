"""What the library says of arguments is said of options by the command, and the library itself names no option."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

from pipelines.command import STEPS
from pipelines.option_names import as_options

ROOT = Path(__file__).parents[2]
LIBRARY = sorted(path for package in ("adiff_data", "adiff_model") for path in (ROOT / package).rglob("*.py"))
OF_OTHER_PROGRAMS = {"--add-opens", "--head"}  # Java's, and Ray's


def texts_of(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.mark.slow
def test_no_text_of_the_library_names_an_option():
    named = {
        (str(path.relative_to(ROOT)), option)
        for path in LIBRARY
        for text in texts_of(path)
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)
    }
    assert {(path, option) for path, option in named if option not in OF_OTHER_PROGRAMS} == set()


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("`force=True` overwrites it, another `out` keeps it", "--force overwrites it, another --out keeps it"),
        ("`spice=False` skips it", "--no-spice skips it"),
        ('`exclude="none"` keeps blacklisted clips', "--exclude none keeps blacklisted clips"),
        ("waits with `patience=120`", "waits with --patience 120"),
        ("give it with `price`", "give it with --prices"),
        ("`pip install 'adiff-toolkit[model]'`", "`pip install 'adiff-toolkit[model]'`"),
    ],
)
def test_arguments_are_shown_as_options(message, shown):
    assert as_options(message) == shown


@pytest.mark.slow
def test_what_a_mend_names_is_an_option_of_a_command():
    options = set()
    for place in STEPS.values():
        module, function = place.split(":")
        signature = inspect.signature(getattr(importlib.import_module(module), function))
        options |= {f"--{name.replace('_', '-')}" for name in signature.parameters}
    mends = [
        node.value.value
        for path in LIBRARY
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "mend" and isinstance(node.value, ast.Constant)
    ]
    named = {option for mend in mends for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", as_options(mend))}
    assert len(named) > 5
    assert named <= options | {"--from", "--rows", "--no-spice", "--no-fense"}
