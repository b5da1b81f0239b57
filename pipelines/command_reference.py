"""The reference of all commands as Markdown, from the commands themselves: `python -m pipelines.command_reference`.

`make docs` writes it to `docs/commands.md`. It is the same on every terminal and every machine.
"""

import importlib
import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from typer.models import ArgumentInfo

from adiff_data.core.files import replace_file
from adiff_data.core.markdown import table
from pipelines.command import STEPS

_INTRODUCTION = """# Commands

Written by `make docs` from the commands themselves: edit their help texts, not this file. `adiff COMMAND --help` shows
the same on a terminal. `adiff --version` shows the version, and `--debug`, anywhere in a call, an error's traceback.

Exit status: 0 means done; 1 that the work failed, what is done is kept, and the same command continues; 2 that the call
or its input was wrong.
"""
_EXAMPLE = "Example: "
_VALUES = {int: "N", float: "NUMBER", Path: "PATH", str: "TEXT"}


@dataclass(frozen=True)
class _Parameter:
    """An argument or option of a command, in the words of the reference."""

    is_argument: bool
    call: str
    default: str
    help: str


def reference() -> str:
    """The whole document."""
    steps = {name: _step(target) for name, target in STEPS.items()}
    links = [f"- [`adiff {name}`](#adiff-{name.replace(' ', '-')}): {_about(step)[0]}" for name, step in steps.items()]
    return "\n".join([_INTRODUCTION, *links, "", "\n".join(_section(name, step) for name, step in steps.items())])


def _step(target: str) -> Callable[..., None]:
    module, function = target.split(":")
    step: Callable[..., None] = getattr(importlib.import_module(module), function)
    return step


def _section(name: str, step: Callable[..., None]) -> str:
    purpose, example = _about(step)
    parameters = [_described(parameter) for parameter in inspect.signature(step, eval_str=True).parameters.values()]
    arguments = [(each.call, each.help) for each in parameters if each.is_argument]
    options = [(each.call, each.default, each.help) for each in parameters if not each.is_argument]
    lines = [f"## adiff {name}", "", purpose, "", f"    {example}", ""]
    if arguments:
        lines += [_table(("argument", "what it is"), arguments), ""]
    if options:
        lines += [_table(("option", "default", "what it does"), options), ""]
    return "\n".join(lines)


def _about(step: Callable[..., None]) -> tuple[str, str]:
    """What a command does, and its example, from its docstring."""
    purpose, _, example = " ".join((step.__doc__ or "").split()).partition(_EXAMPLE)
    return purpose.strip(), example.strip()


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return table(header, [tuple(map(_escaped, row)) for row in rows])


def _escaped(cell: str) -> str:
    """A cell's text, in which a bar does not end the cell."""
    return cell.replace("|", r"\|")


def _described(parameter: inspect.Parameter) -> _Parameter:
    annotated, info = get_args(parameter.annotation)
    kind = next(each for each in _alternatives(annotated) if each is not NoneType)
    several = "…" if get_origin(kind) is list else ""
    if isinstance(info, ArgumentInfo):
        name = f"{parameter.name.upper()}{several}"
        if get_origin(kind) is Literal:
            name = _value(kind)
        optional = parameter.default is not inspect.Parameter.empty
        return _Parameter(True, f"`[{name}]`" if optional else f"`{name}`", "", info.help or "")
    declared = [each for each in (info.default, *(info.param_decls or ())) if isinstance(each, str)]
    name = declared[0] if declared else f"--{parameter.name.replace('_', '-')}"
    call = f"`{name} {info.metavar or _value(kind)}{several}`"
    if kind is bool:
        call = f"`{name}`" if declared else f"`{name}` / `--no-{name.removeprefix('--')}`"
    return _Parameter(False, call, _default(parameter, name), info.help or "")


def _alternatives(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _value(kind: Any) -> str:
    """What stands for an option's value: `N`, `PATH`, or its choices."""
    if get_origin(kind) is Literal:
        return "|".join(str(choice) for choice in get_args(kind))
    if get_origin(kind) is list:
        return _value(get_args(kind)[0])
    if get_origin(kind) is tuple:
        return " ".join(_value(each) for each in get_args(kind))
    return _VALUES.get(kind, "TEXT")


def _default(parameter: inspect.Parameter, name: str) -> str:
    value = parameter.default
    if value is inspect.Parameter.empty:
        return "required"
    if value is True:
        return f"`{name}`"
    if value is None or value is False or value in ("", "{}") or value in ((), []):
        return ""
    if isinstance(value, tuple):
        return f"`{' '.join(str(each) for each in value)}`"
    return f"`{value.as_posix() if isinstance(value, Path) else value}`"


def main() -> None:
    """Writes the reference to the file that is named, or to standard output."""
    if len(sys.argv) < 2:
        sys.stdout.write(reference())
        return
    with replace_file(Path(sys.argv[1]), force=True) as output:
        output.text.write(reference())


if __name__ == "__main__":
    main()
