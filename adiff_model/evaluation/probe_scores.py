"""Scores of listening: what becomes of a system's answers under the probes of `adiff_model.probes`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from adiff_data.core.progress import ProgressCallback
from adiff_model.evaluation.listening import Kept, comparisons_mirrored, events_mirrored, tells_difference
from adiff_model.evaluation.scoring import RIGHT_SIDE, GroupScores, Scorer, Scores
from adiff_model.evaluation.shares import share_of_known, share_of_sums
from adiff_model.evaluation.systems import Group, System, read_probed
from adiff_model.metrics.bootstrap import confidence_interval
from adiff_model.metrics.text_scores import MetricScores, NoScore, Score
from adiff_model.prediction_file import Prediction
from adiff_model.probes import PROBES, Probe, probe_file

COMPARISONS_MIRRORED, EVENTS_MIRRORED = "comparisons mirrored", "events mirrored"
FALSE_DIFFERENCES = "false differences"
_WITHOUT_AUDIO: dict[Probe, str] = {"silence": "in silence", "noise": "in noise", "other": "with other audio"}
_KEPT_METRICS = ("METEOR", "CIDEr-D", RIGHT_SIDE)
_NOT_PROBED = NoScore("not asked under this probe")

Probed = Mapping[Probe, System]  # a system's answers under each probe


def kept_metric(metric: str, probe: Probe) -> str:
    """What the share of a score that is left under a probe is called: `METEOR kept in silence`."""
    return f"{metric} kept {_WITHOUT_AUDIO[probe]}"


MIRROR_METRICS = (COMPARISONS_MIRRORED, EVENTS_MIRRORED, FALSE_DIFFERENCES)
KEPT_METRICS = tuple(kept_metric(metric, probe) for probe in _WITHOUT_AUDIO for metric in _KEPT_METRICS)
PROBE_METRICS = (*MIRROR_METRICS, *KEPT_METRICS)
CHARTED_PROBE_METRICS = (*MIRROR_METRICS, *(kept_metric("METEOR", probe) for probe in _WITHOUT_AUDIO))


def was_probed(scores: Scores) -> bool:
    """Whether any system was probed."""
    return any(group.probed for groups in scores.values() for group in groups.values())


def read_probed_systems(systems: Sequence[System]) -> dict[str, Probed]:
    """By the names of systems, their answers under each probe whose file stands beside the predictions.

    Raises:
        InputError: such a file holds no predictions, or other rows than the predictions.
    """
    probed = {system.name: dict(_probed_files(system)) for system in systems}
    return {name: files for name, files in probed.items() if files}


def _probed_files(system: System) -> Iterator[tuple[Probe, System]]:
    if system.file is None:
        return
    for probe in PROBES:
        path = probe_file(system.file, probe)
        if path.is_file():
            yield probe, read_probed(system, probe, path)


def with_probes(
    scores: Scores, probed: Mapping[str, Probed], scorer: Scorer, progress: ProgressCallback | None = None
) -> Scores:
    """Scores with those of the probes beside them, if any system was probed.

    Of the text metrics those are scored again that take no more than seconds; SPICE, FENSE and the search for clips are
    left out.
    """
    if not probed:
        return scores
    quick = replace(scorer, spice=False, fense=False, search=False)
    return {name: _with_probes(groups, probed.get(name, {}), quick, progress) for name, groups in scores.items()}


def _with_probes(
    groups: Mapping[Group, GroupScores], probed: Probed, scorer: Scorer, progress: ProgressCallback | None
) -> Mapping[Group, GroupScores]:
    without_audio = [system for probe, system in probed.items() if probe in _WITHOUT_AUDIO]
    rescored = scorer.score(without_audio, progress) if without_audio else {}
    with_listening = {}
    for group, plain in groups.items():
        answers = {probe: system.groups[group] for probe, system in probed.items()}
        listening = _listening_scores(plain.rows, answers)
        for probe in _WITHOUT_AUDIO:
            again = rescored[probed[probe].name][group] if probe in probed else None
            for metric in _KEPT_METRICS:
                share = _share_kept(plain.scores[metric], again.scores[metric]) if again else _NOT_PROBED
                listening[kept_metric(metric, probe)] = share
        with_listening[group] = replace(plain, scores={**plain.scores, **listening}, probed=answers)
    return with_listening


def _listening_scores(rows: Sequence[Prediction], answers: Mapping[Probe, Sequence[Prediction]]) -> MetricScores:
    scores: MetricScores = dict.fromkeys(MIRROR_METRICS, _NOT_PROBED)
    if "swap" in answers:
        scores[COMPARISONS_MIRRORED] = _share_mirrored(comparisons_mirrored, rows, answers["swap"])
        scores[EVENTS_MIRRORED] = _share_mirrored(events_mirrored, rows, answers["swap"])
    if "same" in answers:
        tells = [tells_difference(row.prediction) if row.prediction else None for row in answers["same"]]
        scores[FALSE_DIFFERENCES] = share_of_known(tells, reason="no row has an answer")
    return scores


def _share_mirrored(
    count: Callable[[str, str], Kept], rows: Sequence[Prediction], exchanged: Sequence[Prediction]
) -> Score | NoScore:
    """The share of all claims that are mirrored, over the rows that make any."""
    counts = [count(row.prediction, other.prediction) for row, other in zip(rows, exchanged, strict=True)]
    kept, made = [each.kept for each in counts], [each.made for each in counts]
    return share_of_sums(kept, made, reason="no answer makes such a claim")


def _share_kept(plain: Score | NoScore, probed: Score | NoScore) -> Score | NoScore:
    """The score under a probe as a share of the score with the audio; paired, since both have the same resamples."""
    if isinstance(plain, NoScore):
        return plain
    if isinstance(probed, NoScore):
        return probed
    if plain.value <= 0:
        return NoScore("the score is 0 with the audio already")
    distribution = probed.distribution / np.maximum(plain.distribution, 1e-9)
    shares = [score / plain.value for score in probed.row_scores]
    return Score(probed.value / plain.value, confidence_interval(distribution), shares, distribution, probed.sample)
