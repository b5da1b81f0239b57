"""The parts of a model: which of them are trained, and their initial weights."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn
from transformers import ClapAudioModel, GPT2LMHeadModel, PreTrainedModel

from adiff_data.core.errors import InputError
from adiff_model.checkpoints import PUBLISHED_SUFFIXES
from adiff_model.file_kinds import require_safetensors_file
from adiff_model.model import AdiffModel
from adiff_model.published_checkpoint import DERIVED_KEYS, HTSAT, read_state, rename

MODULES = {
    "encoder": ("encoder",),
    "event_head": ("event_head",),
    "projection": ("projection",),
    "mappers": ("audio1_mapper", "audio2_mapper", "prompt_mapper", "comparison_mapper"),
    "cross_projection": ("cross_projection",),
    "language_model": ("language_model",),
}
_HTSAT_PREFIX = "sed_model."  # of HTSAT's published checkpoints
_TIED_KEYS = ("language_model.transformer.wte.weight", "language_model.lm_head.weight")  # a file may have either


def modules_of(model: AdiffModel, part: str) -> list[nn.Module]:
    """The modules of a part."""
    return [getattr(model, name) for name in MODULES[part]]


def freeze_all_but(model: AdiffModel, trained: Collection[str]) -> None:
    """Lets gradients flow to the `trained` parts only."""
    for part in MODULES:
        for module in modules_of(model, part):
            module.requires_grad_(part in trained)


def set_training_mode(model: AdiffModel, trained: Collection[str]) -> None:
    """Training mode for the trained parts; a frozen part keeps its batch statistics and has no dropout."""
    model.eval()
    for part in trained:
        for module in modules_of(model, part):
            module.train()


def load_part(model: AdiffModel, part: str, source: str) -> None:
    """Loads a part's weights from a checkpoint.

    Args:
        source: an ADIFF checkpoint (a folder, or a `.safetensors` of a training step); for the encoder also a `.ckpt`
            of HTSAT or ADIFF, or a CLAP of transformers; for the language model also a GPT-2. The last two by folder
            or by their name on the Hub.

    Raises:
        InputError: it does not exist, or its tensors have other shapes.
    """
    state = dict(_read_state(part, source))
    if _TIED_KEYS[1] in state:
        state.setdefault(_TIED_KEYS[0], state[_TIED_KEYS[1]])
    for name in MODULES[part]:
        prefix = f"{name}."
        weights = {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}
        _load(getattr(model, name), weights, source, name)


def _read_state(part: str, source: str) -> Mapping[str, torch.Tensor]:
    path = Path(source)
    try:
        if path.suffix == ".safetensors":
            require_safetensors_file(path)
            return load_file(path)
        if path.suffix in PUBLISHED_SUFFIXES:
            return _read_published(path)
        if (path / "config.json").exists() and '"adiff"' in (path / "config.json").read_text(encoding="utf-8"):
            require_safetensors_file(path / "model.safetensors")
            return load_file(path / "model.safetensors")
        return _read_transformers(part, source)
    except (OSError, ValueError, SafetensorError) as fault:
        raise InputError(f"{part}: its weights cannot be read ({fault})", file=source) from None


def _read_published(path: Path) -> Mapping[str, torch.Tensor]:
    state = read_state(path)
    if any(key.startswith(_HTSAT_PREFIX) for key in state):
        state = {f"{HTSAT}{key.removeprefix(_HTSAT_PREFIX)}": value for key, value in state.items()}
    return dict(rename(state, path))


def _read_transformers(part: str, source: str) -> Mapping[str, torch.Tensor]:
    kinds: dict[str, type[PreTrainedModel]] = {"encoder": ClapAudioModel, "language_model": GPT2LMHeadModel}
    if part not in kinds:
        raise InputError(f"{part}: its weights can only come from an ADIFF checkpoint", file=source)
    loaded: Any = kinds[part].from_pretrained(source, output_loading_info=True)
    model, info = loaded
    missing = [key for key in info["missing_keys"] if not key.endswith(DERIVED_KEYS)]
    if missing:  # transformers would initialize them at random
        raise InputError(f"{part}: not a checkpoint of this part ({missing[0]} is missing)", file=source)
    return {f"{part}.{key}": value for key, value in model.state_dict().items()}


def _load(module: nn.Module, state: Mapping[str, torch.Tensor], source: str, name: str) -> None:
    try:
        missing, unexpected = module.load_state_dict(state, strict=False)
    except RuntimeError as fault:
        raise InputError(f"{name}: its shapes differ from the recipe's ({fault})", file=source) from None
    missing = [key for key in missing if not key.endswith(DERIVED_KEYS)]
    if missing or unexpected:
        raise InputError(f"{name}: not a checkpoint of this part ({(missing or unexpected)[0]})", file=source)
