"""All scores of systems: text metrics, and truth metrics, which measure what n-grams cannot."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from adiff_data.audio.differences import PairFactsSource
from adiff_data.checks.attribution import Embed
from adiff_data.core.errors import AdiffError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.core.seeded import Seeded
from adiff_data.engines.engine import Engine
from adiff_data.engines.local import engine_elsewhere
from adiff_model.evaluation.claim_scores import CLAIM_METRICS, RowClaims, claim_scores, claims_of_rows
from adiff_model.evaluation.difficulty import Bands, bands_of_rows
from adiff_model.evaluation.discriminability import OWN_CLIP_FOUND, find_embedding, own_clips_found, remembering
from adiff_model.evaluation.ground_truth import NOTHING_KNOWN, GroundTruth
from adiff_model.evaluation.shares import share_of_known
from adiff_model.evaluation.systems import Group, System
from adiff_model.evaluation.truthfulness import Assessment, RowAssessment, assess
from adiff_model.metrics.fense import Fense
from adiff_model.metrics.java import MetricUnavailable
from adiff_model.metrics.meteor import Meteor
from adiff_model.metrics.spice import TIME_LIMIT, Spice
from adiff_model.metrics.spice_files import metrics_folder
from adiff_model.metrics.text_scores import METRICS, MetricScores, NoScore, Score, text_scores
from adiff_model.metrics.tokenization import Tokenizer
from adiff_model.prediction_file import Prediction
from adiff_model.probes import Probe

RIGHT_SIDE, CONTRADICTED, PASSED = "right side", "contradicted", "checks passed"
_log = logging.getLogger(__name__)
_MAX_LISTED = 5  # rows of a note
TRUTH_METRICS = (RIGHT_SIDE, CONTRADICTED, PASSED)
CONTENT_METRICS = (*CLAIM_METRICS, OWN_CLIP_FOUND)  # of what answers say, whatever the references
ALL_METRICS = (*METRICS, *TRUTH_METRICS, *CONTENT_METRICS)
_OUTCOME: dict[str, Callable[[RowAssessment], bool | None]] = {
    RIGHT_SIDE: lambda row: row.right_side,
    CONTRADICTED: lambda row: row.contradicted,
    PASSED: lambda row: row.passed,
}
_NO_OUTCOME = {
    RIGHT_SIDE: "no row on differences with known events: they come from AudioSet's class names in captions, or from a "
    "demo corpus, where its folder of recordings is named",
    CONTRADICTED: "no comparison was measured: no folder of recordings was named",
    PASSED: "no row was checked",
}
_NOTHING_COMPARED = "no answer makes a comparison of what was measured"


@dataclass(frozen=True)
class GroupScores:
    """One system on one tier of one dataset.

    Attributes:
        scores: by metric, the text metrics (`METRICS`), the truth metrics (`TRUTH_METRICS`) and those of what
            answers say (`CONTENT_METRICS`); where any system was probed, `probe_scores.PROBE_METRICS` too.
        rows: the predictions.
        assessment: what the checks say about each row and about all of them.
        claims: what each row claims, and whether it is so.
        bands: how hard each row is, as `difficulty.bands_of_rows` has it.
        probed: the answers to the same rows under each probe.
    """

    scores: MetricScores
    rows: tuple[Prediction, ...]
    assessment: Assessment
    claims: tuple[RowClaims, ...] = ()
    bands: Bands = field(default_factory=dict)
    probed: Mapping[Probe, tuple[Prediction, ...]] = field(default_factory=dict)


Scores = Mapping[str, Mapping[Group, GroupScores]]  # by system


def groups_of(scores: Scores) -> list[Group]:
    """The datasets and tiers that any system answers, each once."""
    return list(dict.fromkeys(group for groups in scores.values() for group in groups))


@dataclass(frozen=True)
class _Programs:
    """What scores all systems, and is started or loaded once."""

    tokenizer: Tokenizer
    meteor: Meteor
    spice: Spice | NoScore
    fense: Fense | NoScore
    embed: Embed | NoScore


@dataclass(frozen=True)
class Scorer:
    """How systems are scored.

    Attributes:
        spice_rows: SPICE is scored on a sample of this many rows of each tier, the same for all systems; None for all.
        spice: whether SPICE is scored.
        spice_time_limit: seconds that its parser has for a row, which is left out if it takes longer.
        fense: whether FENSE is scored.
        search: whether clips are searched for by what answers say of them.
        facts: the facts of the pairs' recordings, if they were measured.
        ground_truth: what is known of clips and pairs.
        engine: where SPICE is scored; None is this machine.
    """

    spice_rows: int | None = None
    spice: bool = True
    spice_time_limit: float = TIME_LIMIT
    fense: bool = True
    search: bool = True
    facts: PairFactsSource | None = None
    ground_truth: GroundTruth = NOTHING_KNOWN
    engine: Engine | None = None

    def score(self, systems: Sequence[System], progress: ProgressCallback | None = None) -> Scores:
        """Scores every system on every tier that it answers."""
        tokenizer = Tokenizer()
        with Meteor() as meteor:
            with suppress(MetricUnavailable, AdiffError):  # the cells of the tables give the reason
                tokenizer([text for system in systems for text in _texts(system)])
            programs = _Programs(tokenizer, meteor, self._spice(), self._fense(), self._embed())
            return {
                system.name: {
                    group: self._score(system.name, group, rows, programs, progress)
                    for group, rows in system.groups.items()
                }
                for system in systems
            }

    def _score(
        self,
        system: str,
        group: Group,
        rows: tuple[Prediction, ...],
        programs: _Programs,
        progress: ProgressCallback | None,
    ) -> GroupScores:
        sample = self._sample(group, len(rows))
        num_scored = len(rows) if sample is None else len(sample)
        counter = ProgressCounter(progress, f"score {system}, {' '.join(group)}", num_scored)
        spice = programs.spice
        scores = text_scores(
            [row.prediction for row in rows],
            [row.references for row in rows],
            tokenizer=programs.tokenizer,
            meteor=programs.meteor,
            spice=spice if isinstance(spice, NoScore) else spice.reporting_to(counter.advance),
            fense=programs.fense,
            sample=sample,
        )
        assessment = assess(rows, ground_truth=self.ground_truth, facts=self.facts)
        scores |= truth_scores(assessment.rows, was_measured=self.facts is not None)
        claims = claims_of_rows(rows, ground_truth=self.ground_truth, facts=self.facts)
        scores |= claim_scores(claims)
        scores[OWN_CLIP_FOUND] = own_clips_found(rows, programs.embed)
        _warn_of_failures(system, group, scores)
        notes = _notes_on_spice(scores["SPICE"], rows, sample, self.spice_time_limit)
        for note in notes:
            _log.warning("%s, %s: %s", system, " ".join(group), note)
        assessment = replace(assessment, notes=(*assessment.notes, *notes))
        return GroupScores(scores, rows, assessment, claims, bands_of_rows(rows, self.ground_truth))

    def _spice(self) -> Spice | NoScore:
        if not self.spice:
            return NoScore("left out, as asked")
        folder = metrics_folder()
        return Spice(folder, folder / "spice", time_limit=self.spice_time_limit, engine=engine_elsewhere(self.engine))

    def _fense(self) -> Fense | NoScore:
        return Fense() if self.fense else NoScore("left out, as asked")

    def _embed(self) -> Embed | NoScore:
        if not self.search:
            return NoScore("left out, as asked")
        embed = find_embedding()
        return embed if isinstance(embed, NoScore) else remembering(embed)

    def _sample(self, group: Group, num_rows: int) -> list[int] | None:
        """Indices that depend on the group and the number of rows alone: the same for all systems."""
        if self.spice_rows is None or self.spice_rows >= num_rows:
            return None
        return sorted(Seeded("evaluate", *group, num_rows).sample(list(range(num_rows)), self.spice_rows))


def truth_scores(rows: Sequence[RowAssessment], *, was_measured: bool = False) -> MetricScores:
    """The scores of `TRUTH_METRICS`.

    Args:
        was_measured: whether recordings were measured, so that no lack of them is the reason of a missing score.
    """
    reasons = _NO_OUTCOME | ({CONTRADICTED: _NOTHING_COMPARED} if was_measured else {})
    return {
        metric: share_of_known([outcome(row) for row in rows], reason=reasons[metric])
        for metric, outcome in _OUTCOME.items()
    }


def _warn_of_failures(system: str, group: Group, scores: MetricScores) -> None:
    """A line for each reason why metrics failed."""
    metrics_of_reason: dict[str, list[str]] = defaultdict(list)
    for metric, score in scores.items():
        if isinstance(score, NoScore) and score.failed:
            metrics_of_reason[score.reason].append(metric)
    for reason, metrics in metrics_of_reason.items():
        _log.warning("%s, %s: no %s: %s", system, " ".join(group), ", ".join(metrics), reason)


def _notes_on_spice(
    spice: Score | NoScore, rows: Sequence[Prediction], sample: Sequence[int] | None, time_limit: float
) -> list[str]:
    """Which rows were left out of SPICE."""
    if isinstance(spice, NoScore) or spice.sample is None:
        return []
    left_out = sorted(set(range(len(rows)) if sample is None else sample).difference(spice.sample))
    if not left_out:
        return []
    listed = ", ".join(f"'{rows[row].id}'" for row in left_out[:_MAX_LISTED])
    more = f" and {len(left_out) - _MAX_LISTED:,} more" if len(left_out) > _MAX_LISTED else ""
    count = "1 row was" if len(left_out) == 1 else f"{len(left_out):,} rows were"
    return [f"{count} left out of SPICE, since its parser took more than {time_limit:,g} s: {listed}{more}"]


def _texts(system: System) -> Iterator[str]:
    for row in system.rows:
        yield row.prediction
        yield from row.references
