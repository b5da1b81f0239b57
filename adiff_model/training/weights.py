"""The parts of a model: which of them learn, and which weights they begin with."""

from collections.abc import Collection, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn
from transformers import ClapAudioModel, GPT2LMHeadModel

from adiff_data.core.errors import InputError
from adiff_model.checkpoints import PUBLISHED_SUFFIXES
from adiff_model.model import AdiffModel
from adiff_model.published_checkpoint import HTSAT, read_state, rename

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


_DERIVED = ("relative_position_index", "num_batches_tracked", "lm_head.weight")
_HTSAT_OWN = "sed_model."
_TIED = ("language_model.transformer.wte.weight", "language_model.lm_head.weight")  # a file may hold either


def take_weights(model: AdiffModel, part: str, source: str) -> None:
    """Puts the weights of `source` in the place of a part's.

    Args:
        source: a checkpoint of ADIFF (a folder, or a `.safetensors` of a training step); for the encoder also a
            `.ckpt` of HTSAT or of ADIFF, or a CLAP of transformers; for the language model also a GPT-2. The last two
            by folder or by their name on the Hub.

    Raises:
        InputError: it is not there, or its shapes are other ones.
    """
    state = dict(_state_of(part, source))
    if _TIED[1] in state:
        state.setdefault(_TIED[0], state[_TIED[1]])
    for name in MODULES[part]:
        own = {key.removeprefix(f"{name}."): value for key, value in state.items() if key.startswith(f"{name}.")}
        _load(getattr(model, name), own, source, name)


def _state_of(part: str, source: str) -> Mapping[str, torch.Tensor]:
    path = Path(source)
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        if path.suffix in PUBLISHED_SUFFIXES:
            return _published(path)
        if (path / "config.json").exists() and '"adiff"' in (path / "config.json").read_text(encoding="utf-8"):
            return load_file(path / "model.safetensors")
        return _of_transformers(part, source)
    except (OSError, ValueError, SafetensorError) as fault:
        raise InputError(f"{part}: no weights there ({fault})", file=source) from None


def _published(path: Path) -> Mapping[str, torch.Tensor]:
    state = read_state(path)
    if any(key.startswith(_HTSAT_OWN) for key in state):
        state = {f"{HTSAT}{key.removeprefix(_HTSAT_OWN)}": value for key, value in state.items()}
    return dict(rename(state, path))


def _of_transformers(part: str, source: str) -> Mapping[str, torch.Tensor]:
    kinds = {"encoder": ClapAudioModel, "language_model": GPT2LMHeadModel}
    if part not in kinds:
        raise InputError(f"{part}: weights come from a checkpoint of ADIFF", file=source)
    found, told = kinds[part].from_pretrained(source, output_loading_info=True)
    missing = [key for key in told["missing_keys"] if not key.endswith(_DERIVED)]
    if missing:  # transformers would leave them at random
        raise InputError(f"{part}: not its weights ({missing[0]} is missing)", file=source)
    return {f"{part}.{key}": value for key, value in found.state_dict().items()}


def _load(module: nn.Module, state: Mapping[str, torch.Tensor], source: str, name: str) -> None:
    try:
        missing, left = module.load_state_dict(state, strict=False)
    except RuntimeError as fault:
        raise InputError(f"{name}: other shapes than the recipe's ({fault})", file=source) from None
    missing = [key for key in missing if not key.endswith(_DERIVED)]
    if missing or left:
        raise InputError(f"{name}: not its weights ({(missing or left)[0]})", file=source)
