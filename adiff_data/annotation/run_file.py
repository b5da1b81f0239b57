"""`run.json` beside the annotations: the settings they were made with, what is there, and what it took."""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import Field

from adiff_data.core.files import replace_file
from adiff_data.core.json_documents import read_document
from adiff_data.core.settings import require_same_settings
from adiff_data.llm.account import Account
from adiff_data.llm.ledger import Ledger
from adiff_data.llm.options import one_or_list
from adiff_data.llm.prices import Price
from adiff_data.records import Annotation
from adiff_data.tiers import TIERS

KINDS = "kinds"  # in settings: the fingerprints of kinds of answer beside the tiers
BEGIN_ANEW = "`force=True` begins anew and keeps the old file as .bak, another `out` keeps both"


@dataclass
class Tally:
    """Counts over the rows of a file.

    Attributes:
        rows: all of them, failed ones included.
        failed: failed rows by reason.
        tokens_in, tokens_out, cost: over all rows; `cost` in US dollars.
        unpriced: rows whose cost is not known.
        added: rows written by this run.
        tiers: rows by tier.
        started: when this run began, on the monotonic clock.
    """

    rows: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    unpriced: int = 0
    added: int = 0
    tiers: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=time.monotonic)

    def add(self, annotation: Annotation) -> None:
        """Counts one row."""
        provenance = annotation.provenance
        self.rows += 1
        self.tiers[annotation.tier] += 1
        self.tokens_in += provenance.tokens_in or 0
        self.tokens_out += provenance.tokens_out or 0
        self.cost += provenance.cost or 0.0
        self.unpriced += provenance.cost is None and provenance.annotator == "llm"
        if provenance.failure is not None:
            self.failed[provenance.failure] += 1

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self.started

    def figures(self) -> str:
        """Rows and failures in one line, as a summary has them; of a model's rows, tokens and cost as well."""
        failed = self.failed.total()
        if not (self.tokens_in or self.tokens_out or self.cost or self.unpriced):
            return f"{self.rows:,} rows, {failed:,} failed"
        cost = f"{self.cost:.4f} USD"
        if self.unpriced:
            known = f"{cost} and what {self.unpriced:,} rows cost without a known price"
            cost = known if self.cost else "cost unknown (no price for the model)"
        return f"{self.rows:,} rows, {self.tokens_in:,} tokens in, {self.tokens_out:,} out, {cost}, {failed:,} failed"

    def note(self) -> str:
        """Tokens, cost and failures where there are any, as a progress bar has them."""
        parts = [f"{self.tokens_in + self.tokens_out:,} tokens"] if self.tokens_in else []
        if self.cost:
            parts.append(f"{self.cost:.4f} USD")
        if self.failed:
            parts.append(f"{self.failed.total():,} failed")
        return ", ".join(parts)


class RunFile(Account):
    """The content of `run.json`; its money is over all runs, with what was spent on rows that were asked again.

    Attributes:
        settings: what every row was made with; a run with other settings is refused.
        state: `running`, `stopped` or `finished`.
        started, updated: UTC, ISO 8601.
        wanted, rows, failed: rows asked for, rows in the file, and the failed ones among them by reason.
        tokens_in, tokens_out, cost: over the rows in the file; `cost` in US dollars, None where none is known.
        seconds: over all runs.
        price: of the model's tokens, as it was given or known last.
        faults: by id, why answers were turned down that are being asked again.
    """

    settings: dict[str, Any]
    state: str = "running"
    started: str
    updated: str
    wanted: int = 0
    rows: int = 0
    failed: dict[str, int] = Field(default_factory=dict)
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = 0.0
    seconds: float = 0.0
    price: Price | None = None
    faults: dict[str, str] = Field(default_factory=dict)

    def update(self, tally: Tally, ledger: Ledger) -> None:
        """Takes over the counts of the rows and the state of the money."""
        self.rows, self.failed = tally.rows, dict(sorted(tally.failed.items()))
        self.tokens_in, self.tokens_out = tally.tokens_in, tally.tokens_out
        self.cost = None if tally.unpriced and not tally.cost else round(tally.cost, 8)
        self.take_over(ledger)
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
    return read_document(run_path(annotations), RunFile, "a run file of adiff")


def write_run(annotations: Path, run: RunFile) -> None:
    """Writes the run file in one step."""
    with replace_file(run_path(annotations), force=True) as output:
        output.text.write(json.dumps(run.model_dump(), indent=2, ensure_ascii=False) + "\n")


def new_run(settings: dict[str, Any], account: Account | None = None) -> RunFile:
    """A run file at the start of its first run.

    Args:
        account: the run file in whose place it comes, whose money stays spent.
    """
    money = account.model_dump(include=set(Account.model_fields)) if account else {}
    return RunFile(settings=settings, started=now(), updated=now(), **money)


def further_kinds(tiers: Sequence[str], fingerprint: Callable[[str], str]) -> dict[str, Any]:
    """What is kept in settings of the kinds of answer beside the tiers: a fingerprint of each, under `KINDS`.

    Nothing where there are none, so that settings of the tiers alone stay what they are.
    """
    fingerprints = {tier: fingerprint(tier) for tier in tiers if tier not in TIERS}
    return {KINDS: fingerprints} if fingerprints else {}


def require_settings_of_rows(annotations: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Compares the settings of the rows that are there with those of a new run.

    Kinds of answer that only one of them has are no difference: a file may get more of them later.

    Raises:
        OtherSettingsError: they differ; the first that does is named.
    """
    kinds = _kinds(old).keys() & _kinds(new).keys()
    old, new = ({**settings, KINDS: {kind: _kinds(settings)[kind] for kind in kinds}} for settings in (old, new))
    require_same_settings(annotations, *_without_shared_servers(old, new), mend=BEGIN_ANEW)


def with_settings_of(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The settings of a run, with the servers that rows came from before it, and the kinds of answer that it had."""
    servers = list(dict.fromkeys([*_servers(old), *_servers(new)]))
    kinds = {**_kinds(old), **_kinds(new)}
    return {**new, "base_url": one_or_list(servers)} | ({KINDS: kinds} if kinds else {})


def _kinds(settings: dict[str, Any]) -> dict[str, str]:
    return settings.get(KINDS) or {}


def _without_shared_servers(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The settings, equal in their servers where they share one: who names servers together says they are alike."""
    if not set(_servers(old)) & set(_servers(new)):
        return old, new
    return {**old, "base_url": None}, {**new, "base_url": None}


def _servers(settings: dict[str, Any]) -> list[str]:
    servers = settings.get("base_url")
    return servers if isinstance(servers, list) else [servers] if servers else []


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
