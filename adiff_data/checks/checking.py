"""All checks on all rows: what each of them says, and the verdicts that follow."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from adiff_data.audio.differences import MeasuredFacts, PairFacts, PairFactsSource
from adiff_data.checks.attribution import (
    EmbedAll,
    embed_on,
    embed_with,
    embeddings_installed,
    load_embedding,
    load_maps,
    word_attribution,
)
from adiff_data.checks.attribution import attribution as attribution_by_embeddings
from adiff_data.checks.both_sides import both_sides
from adiff_data.checks.contradiction import contradiction
from adiff_data.checks.form import form
from adiff_data.checks.known_edit import known_edit
from adiff_data.checks.measurements import invented_measurements
from adiff_data.checks.over_dataset import over_dataset
from adiff_data.checks.shared_sounds import shared_sounds
from adiff_data.checks.talk import talk
from adiff_data.checks.verdicts import Finding, Outcome, Verdict, verdict_of
from adiff_data.claims.edit_truth import kept_truth
from adiff_data.core.arguments import checks_arguments, records_of
from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.engines.engine import Engine
from adiff_data.engines.local import LOCAL, engine_elsewhere
from adiff_data.published_csv import read_annotations
from adiff_data.records import Annotation
from adiff_data.tiers import is_about_similarity

_log = logging.getLogger(__name__)
Attribution = Literal["auto", "words", "sentences"]
INSTALL_EMBEDDINGS = install_hint("embeddings")

VERSION = 4  # raised whenever the same row may get another verdict
CHECKS = (
    "form",
    "talk",
    "invented measurements",
    "both sides",
    "shared sounds",
    "attribution",
    "contradiction",
    "known edit",
    "self-pair",
    "repeated",
    "two splits",
)
NOT_MENDED = ("self-pair", "two splits")  # another answer would not help these rows
_CHUNK_ROWS = 500
_PARALLEL_ROWS = 2000  # fewer are checked before other processes have started


@dataclass(frozen=True)
class Report:
    """What the checks say about rows.

    Attributes:
        verdicts: one for each row, in their order.
        findings: for each row, what each check says.
        notes: what was found in the dataset as a whole, as lines.
    """

    verdicts: Sequence[Verdict]
    findings: Sequence[Sequence[Finding]]
    notes: Sequence[str]

    @property
    def passed(self) -> int:
        """How many rows passed."""
        return sum(not verdict.failed for verdict in self.verdicts)

    @cached_property
    def failures(self) -> Mapping[str, list[tuple[int, str]]]:
        """By check, the rows that failed it: their indices, and the reasons."""
        return self._with_outcome(Outcome.FAIL)

    @cached_property
    def undecided(self) -> Mapping[str, list[tuple[int, str]]]:
        """By check, the rows that it could not decide on: their indices, and the reasons."""
        return self._with_outcome(Outcome.UNDECIDED)

    @cached_property
    def faults(self) -> Mapping[str, str]:
        """By id, what is wrong with each failed row that another answer could mend, as its writer is told."""
        not_mended = {index for name in NOT_MENDED for index, _ in self.failures[name]}
        reasons_of: dict[str, list[str]] = {}
        for name in CHECKS:
            for index, reason in self.failures[name]:
                if index not in not_mended:
                    reasons_of.setdefault(self.verdicts[index].id, []).append(reason)
        return {annotation_id: "; ".join(reasons) for annotation_id, reasons in reasons_of.items()}

    def _with_outcome(self, outcome: Outcome) -> Mapping[str, list[tuple[int, str]]]:
        by_check: dict[str, list[tuple[int, str]]] = {name: [] for name in CHECKS}
        for index, findings in enumerate(self.findings):
            for finding in findings:
                if finding.outcome is outcome:
                    by_check[finding.check].append((index, finding.reason))
        return by_check


def check_all(
    annotations: Sequence[Annotation],
    *,
    facts: PairFactsSource | None = None,
    embed_all: EmbedAll | None = None,
    engine: Engine = LOCAL,
    progress: ProgressCallback | None = None,
) -> Report:
    """Checks rows one by one, then the dataset that they form.

    Args:
        annotations: the rows.
        facts: what was measured on the pairs; for a pair that it does not know, the facts in the provenance are used.
        embed_all: sentence embeddings for the check of attribution; without them it runs on words alone.
        engine: where the rows are checked that are checked one by one.
        progress: called with the number of texts that are embedded, then of rows that are checked.
    """
    attributions = _attributions(annotations, embed_all, progress)
    counter = ProgressCounter(progress, "check", len(annotations))
    dataset = over_dataset(annotations)
    facts_by_row = [_facts_of(row, facts) for row in annotations]
    findings = []
    for index, row_findings in enumerate(_row_findings(annotations, facts_by_row, engine)):
        findings.append([*row_findings, *dataset.by_row[index], *attributions.get(index, ())])
        counter.advance()
    verdicts = [
        verdict_of(number, row.id, about_row)
        for number, (row, about_row) in enumerate(zip(annotations, findings, strict=True), start=1)
    ]
    return Report(verdicts, findings, dataset.notes)


@checks_arguments
def check(
    rows: Iterable[Annotation | str | Path] | str | Path,
    *,
    facts: MeasuredFacts | None = None,
    attribution: Attribution = "auto",
    engine: Engine | None = None,
    progress: ProgressCallback | None = None,
) -> Report:
    """Checks every answer: its form, its claims, and whether it gives each sound to its own audio.

    Args:
        rows: annotations, or one or several files of them: `annotations.jsonl` or published CSVs.
        facts: what `measure` returned; without it, the facts in the rows' provenance are used.
        attribution: `sentences` (sentence embeddings, the extra `embeddings`), `words` alone, or `auto`, which depends
            on what is installed.
        engine: where many rows are checked and texts are embedded; None is this machine.
        progress: called with the number of texts that are embedded, then of rows that are checked.

    Raises:
        InputError: the file cannot be read, or sentence embeddings are asked for and not installed.
        WorkError: the engine's workers cannot be reached, or are ended again and again.
    """
    annotations = list(records_of(rows, read_annotations))
    embed_all = find_embedding(attribution, engine_elsewhere(engine))
    return check_all(annotations, facts=facts, embed_all=embed_all, engine=engine or LOCAL, progress=progress)


def find_embedding(attribution: Attribution, engine: Engine | None) -> EmbedAll | None:
    """The sentence embeddings that `attribution` asks for; None for words alone.

    Args:
        engine: on whose workers texts are embedded; None is this process.

    Raises:
        InputError: they are asked for by name and not installed.
    """
    if attribution == "words":
        return None
    if embeddings_installed():
        return embed_on(engine) if engine else embed_with(load_embedding())
    if attribution == "sentences":
        raise InputError("sentence embeddings are not installed", mend=INSTALL_EMBEDDINGS)
    _log.warning("attribution runs on words alone; with sentence embeddings it finds more: %s", INSTALL_EMBEDDINGS)
    return None


def check_row(annotation: Annotation, facts: PairFacts | None) -> list[Finding]:
    """The checks that need no other row. Without an answer, there is only its form to check."""
    form_finding = form(annotation)
    if not annotation.answer.strip():
        return [form_finding]
    edit = kept_truth(annotation)
    return [
        form_finding,
        talk(annotation),
        invented_measurements(annotation, facts),
        shared_sounds(annotation, facts) if is_about_similarity(annotation.tier) else both_sides(annotation),
        contradiction(annotation, facts) if edit is None else known_edit(annotation, edit),
    ]


def _attributions(
    annotations: Sequence[Annotation], embed_all: EmbedAll | None, progress: ProgressCallback | None
) -> dict[int, list[Finding]]:
    """What the check of attribution says about each answer that tells two audios apart, by its index."""
    answered = {
        index: row for index, row in enumerate(annotations) if row.answer.strip() and not is_about_similarity(row.tier)
    }
    rows = list(answered.values())
    if embed_all is None:
        findings = word_attribution(rows)
    else:
        findings = attribution_by_embeddings(rows, embed_all, load_maps(), progress)
    return {index: [finding] for index, finding in zip(answered, findings, strict=True)}


def _facts_of(row: Annotation, facts: PairFactsSource | None) -> PairFacts | None:
    measured = facts.of(row) if facts else None
    return measured or (PairFacts.from_dict(row.provenance.facts) if row.provenance.facts else None)


def _row_findings(
    annotations: Sequence[Annotation], facts: Sequence[PairFacts | None], engine: Engine
) -> Iterator[list[Finding]]:
    """What the checks of single rows say, row by row; many rows are shared out among the engine's workers."""
    if len(annotations) < _PARALLEL_ROWS:
        yield from map(check_row, annotations, facts)
        return
    yield from engine.map(_check, zip(annotations, facts, strict=True), chunk_size=_CHUNK_ROWS)


def _check(row: tuple[Annotation, PairFacts | None]) -> list[Finding]:
    return check_row(*row)
