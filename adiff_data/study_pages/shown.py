"""What the page shows of a study: nothing of it says whose an answer is, or which trial is a check."""

from typing import Any

from adiff_data.studies.plan import Study, Trial
from adiff_data.tiers import ANSWER_KINDS


def shown_study(study: Study) -> dict[str, Any]:
    """What is the same for all raters."""
    return {
        "id": study.id,
        "title": study.title,
        "kind": study.kind,
        "consent": study.consent,
        "questions": [question.model_dump() for question in study.questions],
    }


def shown_trial(study: Study, trial: Trial, number: int) -> dict[str, Any]:
    """A trial, without its recordings.

    Args:
        number: its place in the rater's sheet, from 0.
    """
    row = study.row_of[trial.row]
    kind = ANSWER_KINDS.get(row.tier)
    return {
        "number": number,
        "practice": trial.kind == "practice",
        "tier": kind.label if kind else row.tier,
        "request": row.request,
        "answers": study.texts(trial),
    }
