"""Reading predictions of any origin: JSON lines or a JSON array, with more fields than are needed, or few."""

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_objects, without_cut_line
from adiff_data.core.text_files import read_json
from adiff_data.core.validation import first_fault
from adiff_data.tiers import ANSWER_KINDS, TIER_OF_REQUEST
from adiff_model.prediction_file import Prediction

_log = logging.getLogger(__name__)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FROM_FIRST_SYSTEM = ("filepath1", "filepath2", "tier", "prompt", "references", "caption1", "caption2")


def read_predictions(path: Path, of_first_system: Mapping[str, Prediction]) -> Iterator[tuple[int, Prediction]]:
    """Yields the number of each row (from 1) and its prediction.

    Needed are `id`, `prediction` and `references`, and the `tier`, unless the prompt or the end of the id tells it.
    Fields that are not known are not read, and a warning names them.

    Args:
        of_first_system: predictions of another system, by id: what a row does not tell of its task is taken from there.

    Raises:
        InputError: the file is missing, or a row is not an object with these fields.
    """
    unread: dict[str, None] = {}
    for row, fields in _read_rows(path):
        unread |= dict.fromkeys(fields.keys() - Prediction.model_fields.keys())
        yield row, _prediction(fields, of_first_system, path, row)
    if unread:
        _log.warning("%s: fields that are not read: %s", path, ", ".join(sorted(unread)))


def _read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if not _begins_an_array(path):
        yield from without_cut_line(read_objects(path))
        return
    items = read_json(path)
    for row, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            raise InputError("not a JSON object", file=path, row=row, mend="an array has one object for each row")
        yield row, item


def _begins_an_array(path: Path) -> bool:
    """Whether a file is one JSON array, in whose first line no array ends that others follow."""
    try:
        with path.open("rb") as file:
            beginning = file.read(1024)
    except OSError:
        return False  # reading it raises the error
    return beginning.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"[")


def _prediction(
    fields: Mapping[str, Any], of_first_system: Mapping[str, Prediction], path: Path, row: int
) -> Prediction:
    given = {name: value for name, value in fields.items() if name in Prediction.model_fields}
    identifier = given.get("id")
    if isinstance(identifier, int):
        identifier = given["id"] = str(identifier)
    if isinstance(given.get("references"), str):
        given["references"] = (given["references"],)
    defaults = _defaults(given, of_first_system.get(identifier) if isinstance(identifier, str) else None)
    try:
        return Prediction.model_validate(defaults | given)
    except ValidationError as fault:
        raise _error(fault, path, row) from None


def _defaults(given: Mapping[str, Any], of_first_system: Prediction | None) -> dict[str, Any]:
    """What is taken for fields that a row does not have."""
    if of_first_system:
        return {name: getattr(of_first_system, name) for name in _FROM_FIRST_SYSTEM}
    identifier = given.get("id")
    defaults = {"filepath1": f"{identifier}, audio 1", "filepath2": f"{identifier}, audio 2"}
    tier = TIER_OF_REQUEST.get(str(given.get("prompt"))) or str(identifier).rpartition("-")[2]
    prompt = ANSWER_KINDS[str(given.get("tier", tier))].request if str(given.get("tier", tier)) in ANSWER_KINDS else ""
    return defaults | {"prompt": prompt} | ({"tier": tier} if tier in ANSWER_KINDS else {})


def _error(fault: ValidationError, path: Path, row: int) -> InputError:
    name, first = first_fault(fault)
    if name == "tier" and first["type"] == "missing":
        return InputError("no tier", file=path, row=row, mend=f"a field tier says which: {', '.join(ANSWER_KINDS)}")
    return InputError(f"{name}: {first['msg']}", file=path, row=row)
