"""Settings of a step that contradict each other are refused, and so are their former names."""

import pytest
from pydantic import ValidationError

from adiff_model.training.settings import RENAMED_STEP_SETTINGS, StepSettings

MAPPERS = ["projection", "mappers", "cross_projection"]
ALL = ["encoder", *MAPPERS, "language_model"]


def settings(**fields: object) -> StepSettings:
    return StepSettings(
        **{"name": "step", "task": "explain", "trains": MAPPERS, "steps": 1, "learning_rate": 1e-3, **fields}
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"task": "events"}, "a step with task events must train encoder"),
        ({"task": "language"}, "a step with task language must train language_model"),
        ({"task": "prefix", "trains": ALL}, "must not train encoder or language_model"),
        ({"only_detected": True, "trains": ALL}, "only_detected is for task explain with a frozen encoder"),
        ({"embeddings": "noise", "trains": ALL}, "the encoder cannot be trained"),
        ({"shares": {"detail": -1.0}}, "shares must be at least 0"),
        ({"events_weight": 0.5}, "events_weight is for task explain with a trained encoder"),
        ({"augmentation": {"vary": True, "mixing": 0.5}}, "mixing, vary would have no effect"),
        ({"augmentation": {"spec_augment": True}}, "spec_augment would have no effect"),
        ({"augmentation": {"embedding_mixing": 0.5}, "trains": ALL}, "embedding_mixing would have no effect"),
        (
            {"task": "language", "trains": ["language_model"], "augmentation": {"vary": True}},
            "vary would have no effect",
        ),
    ],
)
def test_contradictory_settings_are_refused(fields, message):
    with pytest.raises(ValidationError, match=message):
        settings(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"task": "events", "trains": ["encoder"], "augmentation": {"vary": True, "mixing": 0.5, "spec_augment": True}},
        {"task": "prefix", "augmentation": {"embedding_noise": 0.1}},
        {"embeddings": "noise", "augmentation": {"embedding_mixing": 0.5}},
        {"trains": ALL, "events_weight": 0.5, "augmentation": {"spec_augment": True}},
    ],
)
def test_consistent_settings_are_accepted(fields):
    assert settings(**fields).task == fields.get("task", "explain")


@pytest.mark.parametrize(("old", "new"), RENAMED_STEP_SETTINGS.items())
def test_an_old_name_is_refused_with_the_new_one(old, new):
    with pytest.raises(ValidationError, match=f"'{old}' is now called '{new}'"):
        settings(**{old: 1})
