"""A recipe's step says nothing that could not be done."""

import pytest
from pydantic import ValidationError

from adiff_model.training.settings import StepSettings

MAPPERS = ["projection", "mappers", "cross_projection"]
ALL = ["encoder", *MAPPERS, "language_model"]


def settings(**own: object) -> StepSettings:
    return StepSettings(**{"name": "step", "task": "explain", "trains": MAPPERS, "steps": 1, "rate": 1e-3, **own})


@pytest.mark.parametrize(
    ("own", "why"),
    [
        ({"task": "events"}, "a step of events trains encoder"),
        ({"task": "language"}, "a step of language trains language_model"),
        ({"task": "prefix", "trains": ALL}, "leaves encoder and language model as they are"),
        ({"only_heard": True, "trains": ALL}, "leaves the encoder as it is"),
        ({"hears": "noise", "trains": ALL}, "hears noise cannot be trained"),
        ({"shares": {"detail": -1.0}}, "shares are at least 0"),
        ({"events_weight": 0.5}, "events_weight is for a step of explain that trains the encoder"),
        ({"augmentation": {"vary": True, "mixing": 0.5}}, "mixing, vary would do nothing"),
        ({"augmentation": {"spec_augment": True}}, "spec_augment would do nothing"),
        ({"augmentation": {"embedding_mixing": 0.5}, "trains": ALL}, "embedding_mixing would do nothing"),
        ({"task": "language", "trains": ["language_model"], "augmentation": {"vary": True}}, "vary would do nothing"),
    ],
)
def test_what_cannot_be_done_is_refused(own, why):
    with pytest.raises(ValidationError, match=why):
        settings(**own)


@pytest.mark.parametrize(
    "own",
    [
        {"task": "events", "trains": ["encoder"], "augmentation": {"vary": True, "mixing": 0.5, "spec_augment": True}},
        {"task": "prefix", "augmentation": {"embedding_noise": 0.1}},
        {"hears": "noise", "augmentation": {"embedding_mixing": 0.5}},
        {"trains": ALL, "events_weight": 0.5, "augmentation": {"spec_augment": True}},
    ],
)
def test_what_can_be_done_is_taken(own):
    assert settings(**own).task == own.get("task", "explain")
