"""`run.json` beside the annotations: with which settings they were made, and what they took."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from adiff_data.annotation.tally import Tally
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file
from adiff_data.core.tables import read_text

BEGIN_ANEW = "--force begins anew and keeps the old file as .bak, another --out keeps both"


class OtherSettingsError(InputError):
    """The rows that are there were made with other settings."""


class RunFile(BaseModel):
    """What stands in `run.json`.

    Attributes:
        settings: what every row was made with; a run with other settings is refused.
        state: `running`, `stopped` or `finished`.
        started, updated: UTC, ISO 8601.
        wanted, rows, failed: rows asked for, rows in the file, and the failed ones among them by reason.
        tokens_in, tokens_out, cost: over the rows in the file; cost in US dollars.
        spent: US dollars over all runs, with what was spent on rows that are asked again.
        maybe_spent: the most that requests may have cost whose answers never came.
        at_risk: the most that the requests in flight may cost, were the run killed now.
        requests, seconds: over all runs.
        faults: by id, what was wrong with answers that were turned down and are asked again.
    """

    model_config = ConfigDict(extra="forbid")

    settings: dict[str, Any]
    state: str = "running"
    started: str
    updated: str
    wanted: int = 0
    rows: int = 0
    failed: dict[str, int] = {}
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = 0.0
    spent: float = 0.0
    maybe_spent: float = 0.0
    at_risk: float = 0.0
    requests: int = 0
    seconds: float = 0.0
    faults: dict[str, str] = {}

    def take(self, tally: Tally) -> None:
        """Takes over the counts of the rows in the file."""
        self.rows, self.failed = tally.rows, dict(sorted(tally.failed.items()))
        self.tokens_in, self.tokens_out = tally.tokens_in, tally.tokens_out
        self.cost = None if tally.unpriced else round(tally.cost, 8)
        self.updated = now()


def run_path(annotations: Path) -> Path:
    """`run.json` beside `annotations.jsonl`; `{stem}.run.json` beside a file of another name."""
    name = "run.json" if annotations.stem == "annotations" else f"{annotations.stem}.run.json"
    return annotations.with_name(name)


def read_run(annotations: Path) -> RunFile | None:
    """The run file beside the annotations, or None where there is none.

    Raises:
        InputError: it is not one.
    """
    path = run_path(annotations)
    if not path.exists():
        return None
    try:
        return RunFile.model_validate_json(read_text(path))
    except ValidationError:
        raise InputError("not a run file of adiff", file=path, mend="move it away") from None


def write_run(annotations: Path, run: RunFile) -> None:
    """Writes the run file in one step."""
    with replace_file(run_path(annotations), force=True) as output:
        output.text.write(json.dumps(run.model_dump(), indent=2, ensure_ascii=False) + "\n")


def new_run(settings: dict[str, Any]) -> RunFile:
    """A run file at the start of its first run."""
    return RunFile(settings=settings, started=now(), updated=now())


def require_same_settings(annotations: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Compares the settings of the rows that are there with those of a new run.

    Raises:
        OtherSettingsError: they differ; the first that does is named.
    """
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            raise OtherSettingsError(
                f"exists and was made with {name} = {_short(old.get(name))}, not {_short(new.get(name))}",
                file=annotations,
                mend=BEGIN_ANEW,
            )


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 24 else text[:23] + "…"
