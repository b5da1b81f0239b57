"""All checks on all rows: what each says, and the verdicts."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from adiff_data.audio.differences import PairFacts, PairFactsSource
from adiff_data.checks.attribution import Embed, embeddings_installed, load_embedding, load_maps, word_attribution
from adiff_data.checks.attribution import attribution as attribution_by_embeddings
from adiff_data.checks.contradiction import contradiction
from adiff_data.checks.form import form
from adiff_data.checks.measurements import invented_measurements
from adiff_data.checks.over_dataset import over_dataset
from adiff_data.checks.sides import both_sides
from adiff_data.checks.talk import talk
from adiff_data.checks.verdicts import Finding, Outcome, Verdict, verdict_of
from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError
from adiff_data.core.processes import worker_processes
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.published_csv import read_annotations
from adiff_data.records import Annotation

_log = logging.getLogger(__name__)
Attribution = Literal["auto", "words", "sentences"]
INSTALL_EMBEDDINGS = install_hint("embeddings")

VERSION = 1  # raised whenever the same row may get another verdict
CHECKS = (
    "form",
    "talk",
    "invented measurements",
    "both sides",
    "attribution",
    "contradiction",
    "self-pair",
    "repeated",
    "two splits",
)
NOT_MENDED = ("self-pair", "two splits")  # no other answer can help these rows
_CHUNK = 500
_WORTH_PROCESSES = 2000


@dataclass
class Report:
    """What the checks said of a file.

    Attributes:
        verdicts: one a row, in the rows' order.
        failures, undecided: by check, the rows (from 0) it is about, with the reason.
        notes: what was found over the dataset, as lines.
    """

    verdicts: list[Verdict] = field(default_factory=list)
    failures: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: {name: [] for name in CHECKS})
    undecided: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: {name: [] for name in CHECKS})
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> int:
        """Rows that passed."""
        return sum(not verdict.failed for verdict in self.verdicts)


def check_all(
    annotations: Sequence[Annotation],
    *,
    facts: PairFactsSource | None = None,
    embed: Embed | None = None,
    advance: Callable[[int], None] = lambda count: None,
) -> Report:
    """Checks rows one by one, then the dataset that they are.

    Args:
        facts: what was measured on the pairs; where it knows nothing, the facts in the row's provenance are used.
        embed: sentence embeddings for the check of attribution; without them it runs on words alone.
        advance: told how many more rows were checked.
    """
    answered = [row for row in annotations if row.answer.strip()]
    attributed = iter(_attributions(answered, embed))
    overall = over_dataset(annotations)
    report = Report(notes=overall.notes)
    facts_by_row = [_facts_of(row, facts) for row in annotations]
    for place, (row, own) in enumerate(zip(annotations, _row_findings(annotations, facts_by_row), strict=True)):
        findings = [*own, *overall.rows[place]]
        if row.answer.strip():
            findings.append(next(attributed))
        report.verdicts.append(verdict_of(place + 1, row.id, findings))
        for finding in findings:
            if finding.outcome is Outcome.FAIL:
                report.failures[finding.check].append((place, finding.reason))
            elif finding.outcome is Outcome.UNDECIDED:
                report.undecided[finding.check].append((place, finding.reason))
        advance(1)
    return report


def check(
    rows: Iterable[Annotation] | str | Path,
    *,
    facts: PairFactsSource | None = None,
    attribution: Attribution = "auto",
    progress: ProgressCallback | None = None,
) -> Report:
    """Checks every answer: its form, its claims, and whether it gives each sound to its own audio.

    Args:
        rows: annotations, or an `annotations.jsonl` or a published CSV.
        facts: as `measure` gives them; without them, the facts in the rows' provenance are used.
        attribution: `sentences` (sentence embeddings, the extra `embeddings`), `words` alone, or `auto`: by what is
            installed.
        progress: told how many rows are checked.

    Raises:
        InputError: the file cannot be read, or sentence embeddings are asked for and not installed.
    """
    annotations = list(read_annotations(Path(rows)) if isinstance(rows, str | Path) else rows)
    counter = ProgressCounter(progress, "check", len(annotations))
    return check_all(annotations, facts=facts, embed=find_embedding(attribution), advance=counter.advance)


def find_embedding(attribution: Attribution) -> Embed | None:
    """Sentence embeddings as `attribution` wants them; None for words alone.

    Raises:
        InputError: they were asked for by name and are not installed.
    """
    if attribution == "words":
        return None
    if embeddings_installed():
        return load_embedding()
    if attribution == "sentences":
        raise InputError("sentence embeddings are not installed", mend=INSTALL_EMBEDDINGS)
    _log.warning("attribution runs on words alone; with sentence embeddings it finds more: %s", INSTALL_EMBEDDINGS)
    return None


def faults_of(annotations: Sequence[Annotation], report: Report) -> dict[str, str]:
    """What is wrong with each failed row that another answer could mend, by id, as its writer is told."""
    hopeless = {place for name in NOT_MENDED for place, _ in report.failures[name]}
    reasons: dict[str, list[str]] = {}
    for name in CHECKS:
        for place, reason in report.failures[name]:
            if place not in hopeless:
                reasons.setdefault(annotations[place].id, []).append(reason)
    return {annotation: "; ".join(own) for annotation, own in reasons.items()}


def check_row(annotation: Annotation, facts: PairFacts | None) -> list[Finding]:
    """The checks that need no other row. Of a row with no answer, its form says all."""
    shape = form(annotation)
    if not annotation.answer.strip():
        return [shape]
    return [
        shape,
        talk(annotation),
        invented_measurements(annotation, facts),
        both_sides(annotation),
        contradiction(annotation, facts),
    ]


def _attributions(annotations: Sequence[Annotation], embed: Embed | None) -> list[Finding]:
    return attribution_by_embeddings(annotations, embed, load_maps()) if embed else word_attribution(annotations)


def _facts_of(row: Annotation, facts: PairFactsSource | None) -> PairFacts | None:
    measured = facts.of(row) if facts else None
    return measured or (PairFacts.from_dict(row.provenance.facts) if row.provenance.facts else None)


def _row_findings(annotations: Sequence[Annotation], facts: Sequence[PairFacts | None]) -> Iterator[list[Finding]]:
    """What the row checks say, row by row; many rows on all cores."""
    if len(annotations) < _WORTH_PROCESSES:
        yield from map(check_row, annotations, facts)
        return
    with worker_processes() as pool:
        yield from pool.map(check_row, annotations, facts, chunksize=_CHUNK)
