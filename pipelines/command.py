"""The `adiff` command: its steps, and what becomes of an error."""

import ast
import importlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from adiff_data.core.distribution import extra_of, install_hint, version
from adiff_data.core.errors import AdiffError, InputError, one_line
from pipelines import console

STEPS = {
    "audio": "pipelines.steps.audio:audio",
    "pair": "pipelines.steps.pair:pair",
    "edit": "pipelines.steps.edit:edit",
    "annotate": "pipelines.steps.annotate:annotate",
    "status": "pipelines.steps.status:status",
    "check": "pipelines.steps.check:check",
    "build": "pipelines.steps.build:build",
    "review": "pipelines.steps.review:review",
    "publish": "pipelines.steps.publish:publish",
    "export": "pipelines.steps.export:export",
    "import": "pipelines.steps.import_published:import_published",
    "explain": "pipelines.steps.explain:explain",
    "serve": "pipelines.steps.serve:serve",
    "convert": "pipelines.steps.convert:convert",
    "predict": "pipelines.steps.predict:predict",
    "evaluate": "pipelines.steps.evaluate:evaluate",
    "metrics status": "pipelines.steps.metrics:status",
    "metrics install": "pipelines.steps.metrics:install",
    "metrics trust": "pipelines.steps.metrics_trust:trust",
    "study new": "pipelines.steps.study:new",
    "study serve": "pipelines.steps.study:serve",
    "study export": "pipelines.steps.study:export",
    "study import": "pipelines.steps.study:import_",
    "study results": "pipelines.steps.study:results",
    "train": "pipelines.steps.train:train",
    "controls": "pipelines.steps.controls:controls",
    "run": "pipelines.steps.run:run",
    "demo": "pipelines.steps.demo:demo",
}
GROUPS = {
    "metrics": "What the text metrics need, and which faults they notice",
    "study": "Let people listen and rate what systems answered",
}


class _InOrder(TyperGroup):
    """Lists the steps in their order, and a group where its first step stands."""

    def list_commands(self, ctx: object) -> list[str]:
        return list(dict.fromkeys(name.split()[0] for name in STEPS))


def _tell_version(asked: bool) -> None:
    if asked:
        console.say(f"adiff {version()}")
        raise typer.Exit


def make_app(arguments: list[str]) -> typer.Typer:
    """The command with its steps; only the step that is called is imported, since some take seconds.

    Args:
        arguments: of the call; where a shell asks for completions there are none, and the line it completes counts.
    """
    called_step = _step_of(arguments or _line_to_complete())
    app = typer.Typer(
        cls=_InOrder,
        help="Datasets that explain how two recordings differ. --debug, anywhere, shows an error's traceback.",
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_keep_step_names)
    apps = {"": app, **{group: typer.Typer(help=about, rich_markup_mode=None) for group, about in GROUPS.items()}}
    for name, target in STEPS.items():
        module, function = target.split(":")
        step = _imported(module, function) if name == called_step else _named(module, function)
        group, _, own_name = name.rpartition(" ")
        apps[group].command(own_name, short_help=_in_short(step))(step)
    for group in GROUPS:
        app.add_typer(apps[group], name=group)
    return app


def _step_of(arguments: Sequence[str]) -> str:
    """The step that a call begins with: one word, or two where it belongs to a group; empty where there is none."""
    return next((name for name in STEPS if name.split() == list(arguments[: len(name.split())])), "")


def _line_to_complete() -> list[str]:
    """The words behind the command's name that a shell has so far (typer's variables of bash, and of zsh and fish)."""
    line = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or ""
    return line.split()[1:]


def _in_short(step: Callable[..., None]) -> str:
    """What the list of steps says of one: its docstring up to the first full stop, colon or semicolon."""
    return " ".join(re.split(r"[.:;](?:\s|$)", step.__doc__ or "")[0].split())


def _imported(module: str, function: str) -> Callable[..., None]:
    return getattr(importlib.import_module(module), function)


def _named(module: str, function: str) -> Callable[[], None]:
    """What stands for a step that is not called: its docstring alone, for the list of steps."""

    def step() -> None:
        """Never called."""

    package, _, name = module.rpartition(".")
    source = (files(package) / f"{name}.py").read_text(encoding="utf-8")
    functions = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    step.__doc__ = next(ast.get_docstring(node) for node in functions if node.name == function)
    return step


def _keep_step_names(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Datasets that explain how two recordings differ. --debug, anywhere, shows an error's traceback."""


def main() -> None:
    """Runs the command line; exits 0 done, 1 the work failed, 2 the call was wrong."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    console.log_warnings()
    sys.exit(run_command(arguments, debug=debug))


def run_command(arguments: list[str], *, debug: bool = False) -> int:
    """Runs one command; returns its exit status. An error is one line on standard error."""
    try:
        return make_app(arguments)(arguments or ["--help"], standalone_mode=False) or 0
    except typer.Exit as done:
        return done.exit_code
    except (typer.Abort, KeyboardInterrupt):
        console.warn("stopped")
        return 1
    except TyperException as fault:
        console.warn(f"error: {fault.format_message().rstrip('.')}; {_help_of(arguments)} shows the call")
        return 2
    except (AdiffError, ModuleNotFoundError) as raised:
        if debug:
            raise
        expected = _naming_the_extra(raised)
        console.warn(f"error: {expected}")
        return expected.exit_code
    except Exception as fault:
        if debug:
            raise
        console.warn(f"error: {type(fault).__name__}: {one_line(str(fault))}; --debug shows where")
        return 1


def _naming_the_extra(fault: AdiffError | ModuleNotFoundError) -> AdiffError:
    """A package that is missing, as the call that brings it; one that no extra holds is the project's own fault."""
    if isinstance(fault, AdiffError):
        return fault
    package = (fault.name or "").partition(".")[0]
    extra = extra_of(package)
    return InputError(f"{package} is not installed", mend=install_hint(extra) if extra else None)


def _help_of(arguments: list[str]) -> str:
    called = _step_of(arguments) or next((name for name in arguments[:1] if name in GROUPS), "")
    return f"adiff {called} --help" if called else "adiff --help"
