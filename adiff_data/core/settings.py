"""Whether results on disk were made with the settings of the current call."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adiff_data.core.errors import InputError


class OtherSettingsError(InputError):
    """The results on disk were made with other settings."""


def require_same_settings(path: Path, saved: Mapping[str, Any], current: Mapping[str, Any], *, mend: str) -> None:
    """Compares the settings that `path` was made with and the current ones, both as they look in JSON.

    Args:
        saved: the settings that were saved with `path`.
        mend: what the user can do if they differ.

    Raises:
        OtherSettingsError: they differ; it names the first difference, nested settings with dots (`model.size.hidden`).
    """
    if difference := first_difference(saved, current):
        raise OtherSettingsError(f"exists and was made with {difference}", file=path, mend=mend)


def first_difference(saved: Mapping[str, Any], current: Mapping[str, Any]) -> str | None:
    """The first setting that differs, in words: "model.temperature = 0.7, not 0.1"; None where none does."""
    difference = _first_differing(saved, json.loads(json.dumps(current)))
    return _described(*difference) if difference else None


def read_settings(path: Path) -> dict[str, Any] | None:
    """The settings in a JSON file; None if there is no such file, or no JSON object in it."""
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return settings if isinstance(settings, dict) else None


def _first_differing(saved: Any, current: Any, name: str = "") -> tuple[str, Any, Any] | None:
    """The dotted name of the first setting that differs, and its two values; None if all are equal."""
    if saved == current:
        return None
    if isinstance(saved, Mapping) and isinstance(current, Mapping):
        children = [(key, saved.get(key), current.get(key)) for key in sorted(saved.keys() | current.keys())]
    elif isinstance(saved, list) and isinstance(current, list) and len(saved) == len(current):
        children = [(str(index), *values) for index, values in enumerate(zip(saved, current, strict=True))]
    else:
        return name, saved, current
    differences = (_first_differing(before, now, f"{name}.{key}" if name else key) for key, before, now in children)
    return next(filter(None, differences), None)  # none where a setting is None in one and missing in the other


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 24 else text[:23] + "…"


def _described(name: str, before: object, now: object) -> str:
    """A setting that differs, in words: "temperature = 0.7, not 0.1"."""
    return f"{name} = {_short(before)}, not {_short(now)}"
