"""What n-grams do not see: are the events named on their side, does an answer go against what was measured, and does
it pass the checks that data pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from adiff_data.audio.differences import PairFactsSource
from adiff_data.audio.files import AudioFolder
from adiff_data.checks.checking import check_all
from adiff_data.checks.contradiction import NAME as CONTRADICTION
from adiff_data.checks.contradiction import claims
from adiff_data.checks.sides import sides_of
from adiff_data.demo.truth import TRUTH_FILE, KnownClip, read_truth
from adiff_data.demo.truthfulness import events_named
from adiff_data.records import Annotation, Provenance
from adiff_data.sources import corpus_named, corpus_of_path
from adiff_model.events import named_classes
from adiff_model.prediction_file import Prediction

Truth = Mapping[str, KnownClip]  # by the published path


@dataclass(frozen=True)
class RowFindings:
    """What is found of one prediction.

    Attributes:
        right_side: whether events of both audios are named, and none on a side where it does not sound; None where no
            event of an audio is known.
        contradicted: whether a comparison goes against what was measured; None where none was made that was measured.
        passed: whether the checks of data let it pass.
        reasons: what the checks say.
    """

    right_side: bool | None
    contradicted: bool | None
    passed: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """Of all rows of a group, and what was found over all of them, as lines."""

    rows: tuple[RowFindings, ...]
    notes: tuple[str, ...]


def find_truth(audio_root: Path | None, rows: Sequence[Prediction]) -> Truth:
    """What is known of the clips of a demo corpus, where the recordings are one's; nothing elsewhere."""
    if audio_root is None or not (audio_root / TRUTH_FILE).is_file():
        return {}
    paths = {path for row in rows for path in (row.filepath1, row.filepath2)}
    splits = {PurePosixPath(path).parent.name for path in paths}
    folder = AudioFolder(audio_root)
    known = {str(audio_root / clip.path): clip for split in sorted(splits) for clip in read_truth(audio_root, split)}
    return {path: known[str(found)] for path in paths if (found := folder.find(path)) and str(found) in known}


def find(rows: Sequence[Prediction], *, truth: Truth, facts: PairFactsSource | None = None) -> Findings:
    """Judges predictions as `adiff check` judges data.

    Args:
        truth: the events of clips, where they are known; where they are not, captions tell them by AudioSet's names.
        facts: what was measured on the pairs' recordings, where anything was.
    """
    annotations = [as_annotation(row) for row in rows]
    report = check_all(annotations, facts=facts)
    against = {place for place, _ in report.failures[CONTRADICTION]}
    undecided = {place for place, _ in report.undecided[CONTRADICTION]}
    found = []
    for place, (row, verdict) in enumerate(zip(rows, report.verdicts, strict=True)):
        compared = place not in undecided and any(claims(row.prediction))
        found.append(
            RowFindings(
                right_side=_on_the_right_side(row, truth),
                contradicted=place in against if compared else None,
                passed=not verdict.failed,
                reasons=verdict.reasons,
            )
        )
    return Findings(tuple(found), tuple(report.notes))


def as_annotation(row: Prediction) -> Annotation:
    """A prediction as a row of data, so that the same checks take it."""
    parts = PurePosixPath(row.filepath1).parts
    corpus = corpus_of_path(row.filepath1) or corpus_named("manifest")
    failure = None if row.prediction.strip() else "no prediction"
    return Annotation(
        id=row.id,
        corpus=corpus.name,
        split=parts[1] if len(parts) > 2 else "",
        filepath1=row.filepath1,
        filepath2=row.filepath2,
        caption1=row.caption1,
        caption2=row.caption2,
        strategy="",
        taskname=corpus.taskname,
        tier=row.tier,
        input=row.prompt,
        answer=row.prediction,
        provenance=Provenance(annotator="model", failure=failure),
    )


def _on_the_right_side(row: Prediction, truth: Truth) -> bool | None:
    if row.filepath1 in truth and row.filepath2 in truth:
        return events_named(row.prediction, truth[row.filepath1], truth[row.filepath2]).on_the_right_side
    there = named_classes(row.caption1), named_classes(row.caption2)
    if not all(there):
        return None
    sides = sides_of(row.prediction)
    named = named_classes(sides.first), named_classes(sides.second)
    strayed = named[0] & (there[1] - there[0]) or named[1] & (there[0] - there[1])
    return bool(named[0] & there[0] and named[1] & there[1]) and not strayed
