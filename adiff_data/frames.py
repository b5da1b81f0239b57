"""Clips, pairs and annotations to and from pandas.

A record is a line of the frame. What is nested in an annotation has dotted columns (`provenance.model`); what a record
does not have is missing (`pd.NA`) in the frame and None in the record.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ValidationError

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.validation import first_fault
from adiff_data.records import Annotation, Clip, Pair, Provenance, annotation_id, pair_id
from adiff_data.tiers import require_tier

Record = Clip | Pair | Annotation
_PREFIX = "provenance."
_CONTENT = ("corpus", "split", "filepath1", "filepath2", "caption1", "caption2")


@checks_arguments
def to_frame(records: Iterable[Record]) -> pd.DataFrame:
    """A frame with a line a record, in their order, and a column a field.

    Raises:
        InputError: records of different kinds.
    """
    rows = list(records)
    kinds = {type(row) for row in rows}
    if len(kinds) > 1:
        raise InputError(f"a frame holds records of one kind, not {' and '.join(sorted(k.__name__ for k in kinds))}")
    kind = kinds.pop() if kinds else Annotation
    columns = _columns(kind)
    values = {name: [_value(row, name) for row in rows] for name in columns}
    return pd.DataFrame({name: pd.Series(column, dtype=columns[name]) for name, column in values.items()})


@checks_arguments
def from_frame(frame: pd.DataFrame, kind: type[Record] | None = None) -> list[Any]:
    """The records of a frame, in its order.

    Columns that records of the kind do not have are left out of them. A missing `id` follows from the content.

    Args:
        frame: as `to_frame` makes it, or one of your own with these columns.
        kind: `Clip`, `Pair` or `Annotation`; None tells it by the columns: only clips have `captions`, only annotations
            an `answer`.

    Raises:
        InputError: a column is missing, or a value is wrong; the line, counted from 1, is named.
    """
    if kind is None:
        kind = Clip if "captions" in frame.columns else Annotation if "answer" in frame.columns else Pair
    records = []
    for number, values in enumerate(frame.to_dict("records"), start=1):
        fields = {str(name): _plain(value) for name, value in values.items() if not _is_missing(value)}
        try:
            record = kind.model_validate(_fields_of(kind, fields))
        except (ValueError, KeyError) as fault:
            raise InputError(f"the frame, row {number}: {_reason(fault)}") from None
        if isinstance(record, Annotation):
            require_tier(record.tier, file="the frame", row=number)
        records.append(record)
    return records


def _columns(kind: type[Record]) -> dict[str, str]:
    """The frame's columns of a kind of record, and their dtypes."""
    dtypes = {name: "object" if name in ("captions", "provenance") else "string" for name in kind.model_fields}
    dtypes |= {"similarity": "Float64"} if "similarity" in dtypes else {}
    if "provenance" in dtypes:
        del dtypes["provenance"]
        dtypes |= {f"{_PREFIX}{name}": _PROVENANCE_DTYPES.get(name, "string") for name in Provenance.model_fields}
    return dtypes


_PROVENANCE_DTYPES = {
    "request": "object",
    "facts": "object",
    "cost": "Float64",
    "seconds": "Float64",
    "attempts": "Int64",
    "tokens_in": "Int64",
    "tokens_out": "Int64",
    "row": "Int64",
}


def _value(record: Record, column: str) -> Any:
    holder: BaseModel = record
    if column.startswith(_PREFIX) and isinstance(record, Annotation):
        holder, column = record.provenance, column.removeprefix(_PREFIX)
    return getattr(holder, column)


def _fields_of(kind: type[Record], fields: dict[str, Any]) -> dict[str, Any]:
    columns = {name: value for name, value in fields.items() if name in kind.model_fields}
    if kind is Annotation:
        nested = {name.removeprefix(_PREFIX): value for name, value in fields.items() if name.startswith(_PREFIX)}
        columns["provenance"] = Provenance.model_validate(nested or {"annotator": "unknown"})
    if kind is not Clip and "id" not in columns:
        id_of_pair = pair_id(*(columns[name] for name in _CONTENT))
        columns["id"] = annotation_id(id_of_pair, columns["tier"]) if kind is Annotation else id_of_pair
    return columns


def _is_missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _plain(value: Any) -> Any:
    """A value of Python's own types, in place of numpy's: a frame that was in a Parquet file has arrays for lists."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray | list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def _reason(fault: ValueError | KeyError) -> str:
    if isinstance(fault, KeyError):
        return f"column {fault} is missing"
    if not isinstance(fault, ValidationError):
        return str(fault)
    name, first = first_fault(fault)
    return f"{name}: {first['msg']}"
