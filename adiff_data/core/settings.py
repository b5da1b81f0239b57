"""Whether what stands on disk was made with the settings that are given now."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adiff_data.core.errors import InputError


class OtherSettingsError(InputError):
    """What stands there was made with other settings."""


def require_same_settings(path: Path, kept: Mapping[str, Any], given: Mapping[str, Any], *, mend: str) -> None:
    """Compares the settings that `path` was made with and those that are given, as they look in JSON.

    Args:
        kept: read from beside `path`.
        mend: what the user can do where they differ.

    Raises:
        OtherSettingsError: they differ; the first one that does is named, with a dot before each name within another.
    """
    difference = _first_difference(kept, json.loads(json.dumps(given)))
    if difference:
        name, before, now = difference
        reason = f"exists and was made with {name} = {_short(before)}, not {_short(now)}"
        raise OtherSettingsError(reason, file=path, mend=mend)


def read_settings(path: Path) -> dict[str, Any] | None:
    """The settings in a JSON file; None where it is missing or holds none."""
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return settings if isinstance(settings, dict) else None


def _first_difference(kept: Any, given: Any, name: str = "") -> tuple[str, Any, Any] | None:
    """The first setting that differs, by its dotted name, and its two values; None where all are the same."""
    if kept == given:
        return None
    if isinstance(kept, Mapping) and isinstance(given, Mapping):
        inner = [(key, kept.get(key), given.get(key)) for key in sorted(kept.keys() | given.keys())]
    elif isinstance(kept, list) and isinstance(given, list) and len(kept) == len(given):
        inner = [(str(number), *values) for number, values in enumerate(zip(kept, given, strict=True))]
    else:
        return name, kept, given
    differences = (_first_difference(before, now, f"{name}.{key}" if name else key) for key, before, now in inner)
    return next(filter(None, differences))


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 24 else text[:23] + "…"
