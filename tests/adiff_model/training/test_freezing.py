"""A frozen part does not change by a bit, nor do its batch statistics, and it has no dropout."""

import pytest
import torch

from adiff_model.training.answers import answer_tokens
from adiff_model.training.explain_task import EncodeAndExplainLoss
from adiff_model.training.labelled_clips import activities
from adiff_model.training.weights import MODULES, freeze_all_but, set_training_mode


def state(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


@pytest.mark.parametrize(
    "trained",
    [("projection", "mappers", "cross_projection"), ("encoder", "event_head"), ("language_model",), tuple(MODULES)],
)
def test_only_what_is_trained_changes(small, processor, labelled, trained):
    before = {part: [state(getattr(small, name)) for name in names] for part, names in MODULES.items()}
    freeze_all_but(small, trained)
    set_training_mode(small, trained)
    loss = EncodeAndExplainLoss(small, 3, events_weight=1.0)
    learning = [value for value in small.parameters() if value.requires_grad]
    optimizer = torch.optim.SGD(learning, lr=0.1)
    active = torch.stack(list(activities(labelled, small.event_head.classes, (), 63, 1.0).values()))[[0, 1, 1, 2]]
    clips = torch.randn(2, 2, 1, 63, 16) * 10 - 40
    ids, labels = answer_tokens(processor, ["siren.", "bell."])
    prompts = processor.prompts(["caption the first audio", "caption the second audio"])
    loss(clips[0], clips[1], prompts, ids, labels, active).backward()
    optimizer.step()
    for part, names in MODULES.items():
        for name, old in zip(names, before[part], strict=True):
            new = getattr(small, name).state_dict()
            changed = [key for key in new if not torch.equal(new[key], old[key])]
            has_weights = bool(new)  # the comparison of a model without measures has none
            assert bool(changed) == (part in trained and has_weights), (part, changed)


def test_frozen_parts_drop_nothing_out(small):
    set_training_mode(small, ("mappers",))
    assert not small.projection.training
    assert not small.encoder.training
    assert not small.language_model.transformer.drop.training
    assert small.audio1_mapper.training
