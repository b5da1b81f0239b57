"""The rows of data/DEMO, with their right answers."""

import pytest

from adiff_data.dataset.loading import load_split
from adiff_model.dataset_tasks import read_tasks
from adiff_model.evaluation.metric_trial.answers import known_comparisons, right_answer
from adiff_model.evaluation.metric_trial.damages import TrialRow


@pytest.fixture(scope="session")
def rows() -> list[TrialRow]:
    """All 300 rows of a split: 100 pairs in three tiers."""
    return [
        TrialRow(task, right_answer(task, known_comparisons(task.references, None)))
        for task in read_tasks(load_split("data/DEMO", "demo", "evaluation"))
    ]
