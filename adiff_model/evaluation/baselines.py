"""Baselines that need no audio: they show how much of a score comes from the phrasing that all answers share."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.dataset.layout import hub_split
from adiff_data.dataset.loading import load_split
from adiff_model.evaluation.systems import Group, System
from adiff_model.prediction_file import Prediction

COMMONEST, NEAREST, RANDOM = "commonest answer", "nearest by captions", "random answer"
BASELINES = (COMMONEST, NEAREST, RANDOM)
TRAINING_SPLIT = "train"
_ROWS_PER_CHUNK = 256  # compared with all training rows together; bounds the memory


@dataclass(frozen=True)
class TrainingAnswer:
    """A row of a training split."""

    caption1: str
    caption2: str
    answer: str


TrainingAnswers = Mapping[Group, Sequence[TrainingAnswer]]


def read_training_answers(source: str, groups: Sequence[Group]) -> TrainingAnswers:
    """The training rows of each dataset and tier, from a built or published dataset.

    Raises:
        InputError: a group has none.
    """
    answers: dict[Group, Sequence[TrainingAnswer]] = {}
    for dataset, tier in groups:
        rows = load_split(source, dataset, hub_split(TRAINING_SPLIT), tier)
        columns = (rows[name][:] for name in ("caption1", "caption2", "answer"))
        answers[dataset, tier] = [TrainingAnswer(*row) for row in zip(*columns, strict=True)]
        if not answers[dataset, tier]:
            raise InputError(f"no training row of {dataset}, {tier}", file=source)
    return answers


def baseline_systems(system: System, training: TrainingAnswers) -> list[System]:
    """The baselines on the rows of a system.

    - the most frequent answer of the training split, for every row (the first of several equally frequent ones);
    - the training answer whose two captions are closest to the row's (the sum of both TF-IDF similarities), if the
      rows have captions;
    - the reference of another row, drawn by seed.
    """
    baselines: dict[str, Callable[[Sequence[Prediction], Sequence[TrainingAnswer]], list[str]]] = {
        COMMONEST: _commonest,
        NEAREST: _nearest,
        RANDOM: _random,
    }
    if not all(row.caption1 and row.caption2 for rows in system.groups.values() for row in rows):
        del baselines[NEAREST]
    return [
        System(
            name, {group: _with_answers(rows, answer(rows, training[group])) for group, rows in system.groups.items()}
        )
        for name, answer in baselines.items()
    ]


def _with_answers(rows: Sequence[Prediction], answers: Sequence[str]) -> tuple[Prediction, ...]:
    no_events = {"events1": (), "events2": (), "unheard": (), "fault": None}
    return tuple(
        row.model_copy(update={"prediction": answer, **no_events}) for row, answer in zip(rows, answers, strict=True)
    )


def _commonest(rows: Sequence[Prediction], training: Sequence[TrainingAnswer]) -> list[str]:
    [(answer, _)] = Counter(row.answer for row in training).most_common(1)
    return [answer] * len(rows)


def _nearest(rows: Sequence[Prediction], training: Sequence[TrainingAnswer]) -> list[str]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - scikit-learn takes a second

    vectorizer = TfidfVectorizer(sublinear_tf=True)
    vectorizer.fit([caption for row in training for caption in (row.caption1, row.caption2)])
    training1, training2 = (
        vectorizer.transform([getattr(row, field) for row in training]).T for field in ("caption1", "caption2")
    )
    captions1, captions2 = (
        vectorizer.transform([getattr(row, field) for row in rows]) for field in ("caption1", "caption2")
    )
    nearest: list[int] = []
    for start in range(0, len(rows), _ROWS_PER_CHUNK):
        chunk = slice(start, start + _ROWS_PER_CHUNK)
        similarity = (captions1[chunk] @ training1).toarray() + (captions2[chunk] @ training2).toarray()
        nearest += np.argmax(similarity, axis=1).tolist()
    return [training[index].answer for index in nearest]


def _random(rows: Sequence[Prediction], training: Sequence[TrainingAnswer]) -> list[str]:
    """References shifted by a random number of rows, never by 0; a single row gets a training answer."""
    random = Seeded("baseline", len(rows))
    if len(rows) == 1:
        return [random.choice([row.answer for row in training])]
    shift = 1 + random.below(len(rows) - 1)
    return [rows[(index + shift) % len(rows)].references[0] for index in range(len(rows))]
