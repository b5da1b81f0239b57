"""The options of a command from a settings model, so that each is said once: type, default, bounds and help."""

import inspect
import json
from collections.abc import Callable
from functools import reduce, wraps
from operator import or_
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from adiff_data.core.arguments import split_at_commas
from adiff_data.core.errors import InputError
from adiff_data.llm import checked

# Options that several steps have, said once.
Recordings = Annotated[Path, typer.Option(help="The folder of the recordings.")]
FactsCache = Annotated[
    Path | None, typer.Option(help="A file that keeps what was measured. Default: facts.jsonl beside the output.")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite what was made from other input or settings.")]


def settings_as_options(step: Callable[..., None]) -> Callable[..., None]:
    """Turns each parameter of `step` that is a settings model into one option a field.

    A field of several words is an option with commas between them, of several paths or headers one that may be
    repeated, of further fields a JSON object; a field that is false by default becomes a flag.

    Returns:
        a function for typer. Values that the model refuses are an InputError that names the option.
    """
    hints = get_type_hints(step, include_extras=True)
    signature = inspect.signature(step)
    models: dict[str, type[BaseModel]] = {}
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        hint = hints[name]
        if isinstance(hint, type) and issubclass(hint, BaseModel):
            models[name] = hint
            parameters += [_option(field, info) for field, info in hint.model_fields.items()]
        else:
            parameters.append(parameter.replace(annotation=hint, kind=inspect.Parameter.KEYWORD_ONLY))

    @wraps(step)
    def call(**options: Any) -> None:
        for name, model in models.items():
            given = {field: options.pop(field) for field in model.model_fields}
            options[name] = checked(model, **{field: _parsed(model, field, value) for field, value in given.items()})
        step(**options)

    call.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined] # typer reads it
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return call


def _option(name: str, info: FieldInfo) -> inspect.Parameter:
    flag = f"--{name.replace('_', '-')}"
    default: Any = info.get_default(call_default_factory=True)
    kind: Any = _without_bounds(info.annotation)
    declarations: list[str] = []
    if kind is bool and default is False:
        declarations = [flag]
    if _is_list(kind) and not _is_of_words(kind):  # a path or a header may have commas in it
        kind, default = list[Path] if get_args(kind)[0] is Path else list[str], list(default)
    elif _is_list(kind):
        kind, default = str, ",".join(default)
    elif _is_object(kind):
        kind, default = str, json.dumps(default)
    elif bool in get_args(kind):  # a recipe may say yes or no where a command says what
        kind = str | None
    bounds = {limit: getattr(item, key) for item in info.metadata for limit, key in _BOUNDS if hasattr(item, key)}
    option = typer.Option(*declarations, help=info.description, **bounds)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option])


_BOUNDS = (("min", "ge"), ("max", "le"))


def _parsed(model: type[BaseModel], name: str, value: Any) -> Any:
    kind = model.model_fields[name].annotation
    if _is_list(kind) and isinstance(value, str):
        return split_at_commas(value)
    if _is_object(kind):
        return _read_object(value, f"--{name.replace('_', '-')}")
    return value


def _read_object(text: str, option: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as fault:
        raise InputError(f"{option} is not JSON (column {fault.colno}: {fault.msg})") from None
    if not isinstance(value, dict):
        raise InputError(f"{option} is not a JSON object")
    return value


def _without_bounds(kind: Any) -> Any:
    """`int | None` of `PositiveInt | None`: the model itself holds the bounds, and typer would print them as code."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    return reduce(or_, [get_args(part)[0] if get_origin(part) is Annotated else part for part in get_args(kind)])


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis


def _is_of_words(kind: Any) -> bool:
    item = get_args(kind)[0]
    return item is str or get_origin(item) is Literal


def _is_object(kind: Any) -> bool:
    return get_origin(kind) is dict
