"""Where the evaluated predictions come from: their files, and the models that made them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from adiff_data.core.distribution import version
from adiff_model.evaluation.baselines import BASELINES
from adiff_model.evaluation.systems import System
from adiff_model.prediction_file import CHECKPOINT, WEIGHTS, settings_path

_DIGEST_LENGTH = 12  # characters that tell weights apart


@dataclass(frozen=True)
class SystemOrigin:
    """Where one system's predictions come from.

    Attributes:
        file: their file, as it was named; empty where there is none.
        made_by: the model, as `predict` wrote it beside the file; empty where it is not known.
        is_baseline: whether its answers come from captions or other rows.
        num_empty: the rows without a prediction.
    """

    system: str
    file: str
    made_by: str
    is_baseline: bool
    num_empty: int


@dataclass(frozen=True)
class ReportOrigin:
    """Where a report comes from."""

    systems: tuple[SystemOrigin, ...]
    num_rows: int
    date: date
    version: str

    @property
    def baselines(self) -> list[str]:
        """The systems that are baselines."""
        return [origin.system for origin in self.systems if origin.is_baseline]


def report_origin(systems: Sequence[System]) -> ReportOrigin:
    """The origin of a report that is made today."""
    return ReportOrigin(
        tuple(_system_origin(system) for system in systems), len(systems[0].rows), datetime.now(UTC).date(), version()
    )


def _system_origin(system: System) -> SystemOrigin:
    is_baseline = system.file is None and system.name in BASELINES
    made_by = _made_by(settings_path(system.file)) if system.file else ""
    return SystemOrigin(system.name, str(system.file or ""), made_by, is_baseline, system.num_empty)


def _made_by(settings_file: Path) -> str:
    """The model in the settings of `predict`; nothing where there is none, or where they cannot be read."""
    try:
        settings = json.loads(settings_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    if not isinstance(settings, dict):
        return ""
    asked = settings.get("asked")
    name = settings.get(CHECKPOINT) or (asked.get("model") if isinstance(asked, dict) else None)
    if not name:
        return ""
    weights = str(settings.get(WEIGHTS) or "")[:_DIGEST_LENGTH]
    best_of = settings.get("best_of")
    return f"{name}{f', weights {weights}' if weights else ''}{f', best of {best_of} answers' if best_of else ''}"
