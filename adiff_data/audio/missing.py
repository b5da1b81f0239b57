"""Saying which clips have no usable recording: the first few in a warning, all of them in a file."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from adiff_data.core.files import replace_file

_FIRST = 5
NO_RECORDING = "no recording"


def name_first(reasons: Mapping[str, str]) -> str:
    """The first few of the paths, each with the reason why it has no recording unless there is just no file."""
    names = [
        filepath if reason == NO_RECORDING else f"{filepath} ({reason})"
        for filepath, reason in list(reasons.items())[:_FIRST]
    ]
    more = f" and {len(reasons) - _FIRST:,} more" if len(reasons) > _FIRST else ""
    return f"{', '.join(names)}{more}"


def warn_of_missing(log: logging.Logger, what: str, reasons: Mapping[str, str], file: Path | None) -> None:
    """Logs a warning that names the first clips, and writes all to a JSON-lines file; removes it where none is missing.

    Args:
        what: what the clips lack, as the beginning of the warning.
        reasons: why each has no recording, by published path.
        file: where all of them are written; None writes none.

    Raises:
        WorkError: the file cannot be written.
    """
    if file is not None:
        _write(file, reasons)
    if reasons:
        all_of_them = f"; all of them: {file}" if file else ""
        log.warning("%s: %s%s", what, name_first(reasons), all_of_them)


def _write(file: Path, reasons: Mapping[str, str]) -> None:
    if not reasons:
        file.unlink(missing_ok=True)
        return
    with replace_file(file, force=True) as output:
        for filepath, reason in reasons.items():
            output.text.write(json.dumps({"filepath": filepath, "reason": reason}, ensure_ascii=False) + "\n")
