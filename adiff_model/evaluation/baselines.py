"""Answers that need no audio: they show how much of a score is the scaffolding of such sentences."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.dataset.layout import hub_split
from adiff_data.dataset.loading import load_split
from adiff_model.evaluation.systems import Group, System
from adiff_model.prediction_file import Prediction

COMMONEST, NEAREST, RANDOM = "commonest answer", "nearest by captions", "random answer"
TRAINING_SPLIT = "train"
_AT_ONCE = 256  # rows that are compared with all training rows at once, for the memory it takes


@dataclass(frozen=True)
class TrainingAnswer:
    """A row of a training split."""

    caption1: str
    caption2: str
    answer: str


Training = dict[Group, Sequence[TrainingAnswer]]


def read_training(source: str, groups: Sequence[Group]) -> Training:
    """The training rows of each dataset and tier, from a built or published dataset.

    Raises:
        InputError: there is none.
    """
    found: Training = {}
    for dataset, tier in groups:
        rows = load_split(source, dataset, hub_split(TRAINING_SPLIT), tier)
        columns = (rows[name][:] for name in ("caption1", "caption2", "answer"))
        found[dataset, tier] = [TrainingAnswer(*row) for row in zip(*columns, strict=True)]
        if not found[dataset, tier]:
            raise InputError(f"no training row of {dataset}, {tier}", file=source)
    return found


def baseline_systems(system: System, training: Training) -> list[System]:
    """The baselines on the rows of a system.

    - the commonest answer of the training split, for every row (of several that are as common the first);
    - the training answer whose two captions are nearest to the row's (the sum of both TF-IDF similarities), where the
      rows have captions;
    - another row's answer, drawn by seed.
    """
    makers = {COMMONEST: _commonest, NEAREST: _nearest, RANDOM: _random}
    if not all(row.caption1 and row.caption2 for rows in system.groups.values() for row in rows):
        del makers[NEAREST]
    return [
        System(name, {group: _answered(rows, make(rows, training[group])) for group, rows in system.groups.items()})
        for name, make in makers.items()
    ]


def _answered(rows: Sequence[Prediction], answers: Sequence[str]) -> tuple[Prediction, ...]:
    heard_nothing = {"events1": (), "events2": (), "unheard": (), "fault": None}
    return tuple(
        row.model_copy(update={"prediction": answer, **heard_nothing})
        for row, answer in zip(rows, answers, strict=True)
    )


def _commonest(rows: Sequence[Prediction], training: Sequence[TrainingAnswer]) -> list[str]:
    [(answer, _)] = Counter(row.answer for row in training).most_common(1)
    return [answer] * len(rows)


def _nearest(rows: Sequence[Prediction], training: Sequence[TrainingAnswer]) -> list[str]:
    words = TfidfVectorizer(sublinear_tf=True)
    words.fit([caption for row in training for caption in (row.caption1, row.caption2)])
    known = [words.transform([getattr(row, side) for row in training]).T for side in ("caption1", "caption2")]
    asked = [words.transform([getattr(row, side) for row in rows]) for side in ("caption1", "caption2")]
    places = []
    for start in range(0, len(rows), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        similarity = sum((own[part] @ other).toarray() for own, other in zip(asked, known, strict=True))
        places += np.argmax(similarity, axis=1).tolist()
    return [training[place].answer for place in places]


def _random(rows: Sequence[Prediction], training: Sequence[TrainingAnswer]) -> list[str]:
    """Rows go round by a drawn number of places, so that none gets its own; a single row gets a training answer."""
    stream = Seeded("baseline", len(rows))
    if len(rows) == 1:
        return [stream.choice([row.answer for row in training])]
    by = 1 + stream.below(len(rows) - 1)
    return [rows[(place + by) % len(rows)].references[0] for place in range(len(rows))]
