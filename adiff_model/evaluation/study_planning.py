"""`new_study`: predictions of several systems become a listening study."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import NonNegativeInt, PositiveInt

from adiff_data.audio.files import AudioFolder
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.wording import counted
from adiff_data.studies.plan import Question, Study, StudyKind, StudyRow, write_plan
from adiff_data.studies.planning import CONSENT, plan_study
from adiff_model.evaluation.systems import PredictionSource, System, read_systems

_log = logging.getLogger(__name__)


@checks_arguments
def new_study(  # noqa: PLR0913 - a public call names each of its options
    predictions: str | Path | Sequence[str | Path] | Mapping[str, PredictionSource],
    folder: str | Path,
    *,
    audio_root: str | Path,
    kind: StudyKind = "rating",
    questions: Mapping[str, str] | None = None,
    title: str = "Listening study",
    consent: str | None = None,
    people: PositiveInt = 3,
    tier: str | None = None,
    limit: PositiveInt | None = None,
    trials: PositiveInt | None = None,
    practice: NonNegativeInt = 2,
    checks: NonNegativeInt = 4,
    seed: int = 0,
    force: bool = False,
) -> Study:
    """Plans a listening study of several systems, and writes its plan into a folder.

    Args:
        predictions: as `evaluate` has them, of the same rows.
        folder: gets `study.json`.
        audio_root: the recordings; rows without both are left out.
        kind: `rating` of each answer from 1 to 5, or `preference` between two.
        questions: what is asked, by a short name; None asks for the paper's correctness, granularity and readability,
            or which of two answers is better.
        title: what raters see at the top.
        consent: what they agree to before they begin; None is a short text on opinions, names and headphones.
        people: how many raters each answer is given to, or each two answers to a row.
        tier: take only this one.
        limit: how many rows, each tier having the same share; None for all.
        trials: the most rows that one rater is given; None for all.
        practice, checks: how many rows to practise with, and how many checks of attention, a rater is given.
        seed: another one gives other rows, in another order.
        force: replace another study's plan.

    Raises:
        InputError: predictions cannot be compared, there are too few systems or rows, or another study is there.
    """
    systems = read_systems(predictions)
    study = plan_study(
        _rows_heard(systems, Path(audio_root), tier),
        kind=kind,
        questions=[Question(name=name, text=text) for name, text in (questions or {}).items()],
        title=title,
        consent=consent or CONSENT,
        people=people,
        limit=limit,
        trials=trials,
        practice=practice,
        checks=checks,
        seed=seed,
    )
    write_plan(Path(folder), study, force=force)
    return study


def _rows_heard(systems: Sequence[System], audio_root: Path, tier: str | None) -> list[StudyRow]:
    """The rows whose recordings are both there, with every system's answer."""
    answers = {system.name: {row.id: row.prediction for row in system.rows} for system in systems}
    rows = [row for row in systems[0].rows if tier in (None, row.tier)]
    files, _ = AudioFolder(audio_root).find_all(path for row in rows for path in (row.filepath1, row.filepath2))
    heard = [
        StudyRow(
            id=row.id,
            filepath1=row.filepath1,
            filepath2=row.filepath2,
            tier=row.tier,
            request=row.prompt,
            answers={name: given[row.id].strip() for name, given in answers.items()},
        )
        for row in rows
        if row.filepath1 in files and row.filepath2 in files
    ]
    if not heard:
        raise InputError("no row has both its recordings here", file=audio_root)
    if len(heard) < len(rows):
        _log.warning("%s left out, without a recording", counted(len(rows) - len(heard), "row is", "rows are"))
    return heard
