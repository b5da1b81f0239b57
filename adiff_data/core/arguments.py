"""Arguments of public calls: a wrong one is an InputError that names it, and says what it should be.

In a message an argument stands in backticks, as in Python: `force=True`. The command shows it as an option
(`pipelines.option_names`).
"""

import inspect
import re
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, wraps
from numbers import Integral, Real
from operator import ge, gt, le, lt
from pathlib import Path
from typing import Annotated, Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError

from adiff_data.core.errors import InputError
from adiff_data.core.validation import first_fault
from adiff_data.core.wording import with_article

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Item = TypeVar("Item")
_BOUNDS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {  # by the attribute of `Gt(0)` that holds the 0
    "gt": ("greater than", gt),
    "ge": ("at least", ge),
    "lt": ("less than", lt),
    "le": ("at most", le),
}
_NUMBERS: dict[Any, type] = {int: Integral, float: Real}  # numpy's numbers are numbers as well
_NAMES: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    str: "text",
    bool: "True or False",
    Path: "a path",
    type(None): "None",
}
_PLACE_IN_LIST = re.compile(r"\.\d+$")
_PLURALS: dict[Any, str] = {str: "texts", Path: "paths", float: "numbers", int: "whole numbers"}


def checks_arguments(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Holds the arguments of a public call against its annotations.

    What is in a list is looked at before the call; what comes out of an iterator, when it comes.

    Raises:
        InputError: an argument is of another type, or out of its bounds (`Annotated[int, Gt(0)]`).
    """
    signature = inspect.signature(function)

    @cache
    def hints() -> dict[str, Any]:
        return get_type_hints(function, include_extras=True)

    @wraps(function)
    def call(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        bound = signature.bind(*args, **kwargs)
        for name, value in bound.arguments.items():
            if name in hints():
                bound.arguments[name] = _checked(name, value, hints()[name])
        return function(*bound.args, **bound.kwargs)

    return call


def require_field_types(record: Any) -> None:
    """Holds the fields of a public dataclass against its annotations; for its `__post_init__`.

    Raises:
        InputError: as `checks_arguments`.
    """
    for name, hint in get_type_hints(type(record), include_extras=True).items():
        _checked(name, getattr(record, name), hint)


def plain_reason(fault: ValidationError) -> str:
    """What is wrong with the first field that pydantic refuses, which is an argument: "`limit` should be …"."""
    name, first = first_fault(fault)
    name = _PLACE_IN_LIST.sub("", name)
    reason = first["msg"].removeprefix("Value error, ")
    if not reason.startswith("Input should be"):
        return f"`{name}`: {reason}" if name else reason
    return f"`{name}` {reason.removeprefix('Input ')}, not {_shown(first['input'])}"


def as_list(paths: str | Path | Iterable[str | Path]) -> list[str | Path]:
    """One path as a list of one."""
    return [paths] if isinstance(paths, str | Path) else list(paths)


def records_of(
    source: str | Path | Iterable[Item | str | Path], read: Callable[[Path], Iterable[Item]]
) -> Iterator[Item]:
    """Yields records, and those of the files that stand in place of them."""
    for each in (source,) if isinstance(source, str | Path) else source:
        if isinstance(each, str | Path):
            yield from read(Path(each))
        else:
            yield each


def _checked(name: str, value: Any, hint: Any) -> Any:
    """The argument; an iterator is replaced by one that looks at each item on its way."""
    if not _fits(value, hint):
        raise InputError(f"`{name}` should be {_described(hint)}, not {_shown(value)}")
    item_hint = _item_hint(hint)
    if item_hint is Any or not isinstance(value, Iterator):
        return value
    return _checked_items(name, value, hint, item_hint)


def _checked_items(name: str, items: Iterator[Any], hint: Any, item_hint: Any) -> Iterator[Any]:
    for item in items:
        if not _fits(item, item_hint):
            raise InputError(f"`{name}` should be {_described(hint)}, and has {_shown(item)}")
        yield item


def _item_hint(hint: Any) -> Any:
    """What an iterator given for `hint` must yield."""
    for alternative in _alternatives(hint):
        if get_origin(alternative) is Iterable:
            return get_args(alternative)[0]
    return Any


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _fits(value: Any, hint: Any) -> bool:  # noqa: PLR0911, C901 - one return a kind of annotation
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, types.UnionType):
        return not _is_no_path(value, arguments) and any(_fits(value, each) for each in arguments)
    if origin is Annotated:
        return _fits(value, arguments[0]) and all(_is_within(value, bound) for bound in arguments[1:])
    if origin is Literal:
        return any(value == each and type(value) is type(each) for each in arguments)
    if origin is type:
        return isinstance(value, type) and issubclass(value, _classes(arguments[0]))
    if origin is Callable or hint is Callable:
        return callable(value)
    if origin is tuple and Ellipsis not in arguments:
        return _is_list(value) and len(value) == len(arguments) and all(map(_fits, value, arguments))
    if origin in (Iterable, Sequence, tuple):
        return _fits_all(value, origin, arguments[0])
    if origin is Mapping:
        return isinstance(value, Mapping) and all(_fits(each, arguments[1]) for each in value.values())
    if hint in _NUMBERS:
        return isinstance(value, _NUMBERS[hint]) and not isinstance(value, bool)
    return isinstance(value, origin or hint)


def _is_no_path(value: Any, alternatives: tuple[Any, ...]) -> bool:
    """Whether a text that stands for a path is empty: a name that was never filled in, not the folder one is in."""
    return value == "" and Path in alternatives


def _fits_all(value: Any, origin: Any, item_hint: Any) -> bool:
    """Whether a value is a collection whose items fit; an iterator's are not looked at yet."""
    if isinstance(value, str | bytes | Path | Mapping | BaseModel):
        return False
    if origin is Iterable and not _is_list(value):
        return isinstance(value, Iterable)
    return isinstance(value, Sequence) and all(_fits(item, item_hint) for item in value)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_within(value: Any, bound: Any) -> bool:
    return all(holds(value, getattr(bound, name)) for name, (_, holds) in _BOUNDS.items() if hasattr(bound, name))


def _classes(hint: Any) -> tuple[type, ...]:
    if isinstance(hint, TypeVar):
        return (hint.__bound__ or object,)
    return _alternatives(hint)


def _described(hint: Any) -> str:
    """An annotation in words, such as "a list of Clip or a path"."""
    alternatives = [each for each in _alternatives(hint) if each is not type(None)]
    if {str, Path} <= set(alternatives):
        alternatives.remove(str)
    words = list(dict.fromkeys(_described_alone(each) for each in alternatives))
    words += ["None"] if type(None) in _alternatives(hint) else []
    last = ", or " if any(" or " in each for each in words) else " or "
    return last.join(filter(None, (", ".join(words[:-1]), words[-1])))


def _described_alone(hint: Any) -> str:  # noqa: PLR0911 - one return a kind of annotation
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _NAMES:
        return _NAMES[hint]
    if origin is Annotated:
        told = [each for each in arguments[1:] if isinstance(each, str)]
        bounds = [words for each in arguments[1:] for words in _bounds_of(each)]
        return told[0] if told else " ".join([_described(arguments[0]), " and ".join(bounds)]).strip()
    if origin is Literal:
        *most, last = [repr(each) for each in arguments]
        return f"{', '.join(most)} or {last}" if most else last
    if origin is type:
        return f"the class {' or '.join(each.__name__ for each in _classes(arguments[0]))}"
    if origin is Callable or hint is Callable:
        return "a function"
    if origin is tuple and Ellipsis not in arguments:
        return f"{len(arguments)} {_plural(arguments[0])}"
    if origin in (Iterable, Sequence, tuple):
        return f"a list of {_plural(arguments[0])}"
    if origin is Mapping:
        return "a dict" if arguments[1] is Any else f"a dict of {_plural(arguments[1])}"
    return with_article((origin or hint).__name__)


def _bounds_of(bound: Any) -> Iterator[str]:
    return (f"{words} {getattr(bound, name)}" for name, (words, _) in _BOUNDS.items() if hasattr(bound, name))


def _plural(hint: Any) -> str:
    """What a list holds: "Pair or paths"."""
    kinds = [Path if each is str and Path in _alternatives(hint) else each for each in _alternatives(hint)]
    words = (_PLURALS.get(kind) or _described_alone(kind).removeprefix("a ").removeprefix("an ") for kind in kinds)
    return " or ".join(dict.fromkeys(words))


def _shown(value: Any) -> str:
    if isinstance(value, str | Real | None):
        text = repr(value)
        return text if len(text) <= 40 else f"{text[:39]}…"
    if isinstance(value, list | tuple):
        kinds = ", ".join(dict.fromkeys(type(each).__name__ for each in value)) or "nothing"
        return repr(value) if _is_short(value) else f"a {type(value).__name__} of {kinds}"
    return f"the class {value.__name__}" if isinstance(value, type) else with_article(type(value).__name__)


def _is_short(values: Sequence[Any]) -> bool:
    return all(isinstance(each, str | int | float | None) for each in values) and len(repr(values)) <= 40


def split_at_commas(text: str) -> tuple[str, ...]:
    """Several names that are said in one text: "A, B"."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
