"""The parts of a model that learn, and those that stay as they are to the bit."""

from collections.abc import Collection

from torch import nn

from adiff_model.model import AdiffModel

MODULES = {
    "encoder": ("encoder",),
    "event_head": ("event_head",),
    "projection": ("projection",),
    "mappers": ("audio1_mapper", "audio2_mapper", "prompt_mapper"),
    "cross_projection": ("cross_projection",),
    "language_model": ("language_model",),
}


def modules_of(model: AdiffModel, part: str) -> list[nn.Module]:
    """The modules of a part."""
    return [getattr(model, name) for name in MODULES[part]]


def freeze_but(model: AdiffModel, trained: Collection[str]) -> None:
    """Lets `trained` learn and nothing else."""
    for part in MODULES:
        for module in modules_of(model, part):
            module.requires_grad_(part in trained)


def set_training(model: AdiffModel, trained: Collection[str]) -> None:
    """Training mode for the trained parts; a frozen one keeps its batch statistics and drops nothing out."""
    model.eval()
    for part in trained:
        for module in modules_of(model, part):
            module.train()
