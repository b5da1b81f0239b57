"""Reading the published checkpoints (`adiff_base.ckpt`, `adiff_base_wavcaps.ckpt`) safely, and renaming their keys."""

import pickle
import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import ClapAudioConfig, GPT2Config

from adiff_data.core.errors import InputError
from adiff_model.config import AdiffConfig
from adiff_model.file_kinds import foreign_kind, require_tensor_file
from adiff_model.model import AdiffModel

# Names that wrappers put before keys, at any depth (torch.compile, data parallelism), and trainers at the beginning.
_WRAPPERS = re.compile(r"(?:(?<=\.)|^)(?:_orig_mod|module|_forward_module|_fsdp_wrapped_module)\.")
_OUTER_WRAPPERS = re.compile(r"^(?:(?:net|model)\.)+")
_REFUSED_KIND = re.compile(
    r"(?:Unsupported global: GLOBAL|Unsupported class|Trying to (?:call|instantiate)\w*) ([\w.]+)"
)
_CONSTANT = re.compile(
    r"spectrogram_extractor\.|logmel_extractor\.|attn_mask$|relative_position_index$|num_batches_tracked$"
    r"|htsat\.head\.|gpt\.transformer\.h\.\d+\.attn\.(?:masked_)?bias$|gpt\.lm_head\.weight$"
)
HTSAT = "audio_encoder.base.htsat."
_RENAMED_ENCODER = (
    (r"^bn0\.", "batch_norm."),
    (r"\.norm1\.", ".layernorm_before."),
    (r"\.norm2\.", ".layernorm_after."),
    (r"\.attn\.relative_position_bias_table$", ".attention.self.relative_position_bias_table"),
    (r"\.attn\.proj\.", ".attention.output.dense."),
    (r"\.mlp\.fc1\.", ".intermediate.dense."),
    (r"\.mlp\.fc2\.", ".output.dense."),
)
_RENAMED = (
    (r"^audio_encoder\.projection\.layer_norm\.", "projection.norm."),
    (r"^audio_encoder\.projection\.", "projection."),
    (r"^caption_decoder\.gpt\.", "language_model."),
    (r"^caption_decoder\.audio_project([12])\.", r"audio\1_mapper."),
    (r"^caption_decoder\.text_project\.", "prompt_mapper."),
    (r"^caption_decoder\.cross_project\.layers\.", "cross_projection."),
    (r"^(\w+_mapper)\.prefix_const$", r"\1.constant"),
    (r"^(\w+_mapper)\.linear\.", r"\1.spread."),
    (r"^(\w+_mapper)\.transformer\.layers\.", r"\1.layers."),
    (r"\.attn\.to_queries\.", ".attention.queries."),
    (r"\.attn\.to_keys_values\.", ".attention.keys_values."),
    (r"^((?:\w+_mapper\.layers|cross_projection)\.\d+)\.attn\.project\.", r"\1.attention.project."),
    (r"^((?:\w+_mapper\.layers|cross_projection)\.\d+)\.mlp\.", r"\1."),
)
_STATE_KEYS = ("model", "state_dict", "model_state_dict", "module", "net")
DERIVED_KEYS = ("relative_position_index", "num_batches_tracked", "lm_head.weight")  # may be missing from a file

State = dict[str, torch.Tensor]


def load_published(path: Path) -> AdiffModel:
    """The model of a published checkpoint, in evaluation mode; its sizes follow from the shapes of the tensors.

    Raises:
        InputError: there is no such file, it contains more than tensors, or a key is missing, unexpected, or of a
            shape that contradicts the others.
    """
    state = read_state(path)
    renamed = dict(rename(state, path))
    try:
        config = config_of(renamed)
    except KeyError as fault:
        holds = f"it holds {len(state):,} tensors such as {next(iter(state))}"
        raise InputError(f"not an ADIFF checkpoint: {fault.args[0]} is missing; {holds}", file=path) from None
    with torch.device("meta"):
        model = AdiffModel(config)
    _require_same_keys(model.state_dict(), renamed, path)
    model = AdiffModel(config)
    model.load_state_dict(renamed, strict=False)
    model.tie_weights()
    return model.eval()


def read_state(path: Path) -> State:
    """The tensors of a checkpoint by key, without the prefixes of what the model was wrapped in; only tensors are
    unpickled.

    Raises:
        InputError: there is no such file, or it is not a checkpoint that contains only tensors.
    """
    require_tensor_file(path)
    tensors = _tensors_in(_load_tensors(path), path)
    state = {_without_wrappers(str(key)): value for key, value in tensors.items()}
    if len(state) < len(tensors):
        raise InputError("holds several tensors of one name, under different prefixes", file=path)
    return state


def _load_tensors(path: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pickles that are none of torch's
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as fault:
        refused = _REFUSED_KIND.search(str(fault))
        kind = refused[1] if refused else foreign_kind(path)
        if kind is None:
            raise InputError("is no checkpoint of torch, or is cut", file=path) from None
        raise InputError(
            f"holds {kind}, which could run code, and was not loaded",
            file=path,
            mend="ask its author for a checkpoint of tensors alone: torch.save(model.state_dict(), …)",
        ) from None
    except (RuntimeError, EOFError, OSError, ValueError, KeyError, IndexError, AttributeError, TypeError) as fault:
        raise InputError(f"is damaged or cut, or no checkpoint of torch ({type(fault).__name__})", file=path) from None


def _tensors_in(content: Any, path: Path) -> Mapping[str, torch.Tensor]:
    """The dictionary of tensors, which trainers put into others beside their settings."""
    inner = content
    while isinstance(inner, dict):
        key = next((key for key in _STATE_KEYS if isinstance(inner.get(key), dict)), None)
        if key is None:
            break
        inner = inner[key]
    if not isinstance(inner, dict):
        raise InputError(f"holds no dictionary of tensors, but a {type(inner).__name__}", file=path)
    others = [str(key) for key, value in inner.items() if not isinstance(value, torch.Tensor)]
    if others or not inner:
        kept = f": it has {', '.join(others[:3])}" if others else ", but an empty one"
        raise InputError(f"holds no dictionary of tensors alone{kept}", file=path)
    return inner


def _without_wrappers(key: str) -> str:
    return _OUTER_WRAPPERS.sub("", _WRAPPERS.sub("", key))


def rename(state: Mapping[str, torch.Tensor], path: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """Yields the keys of `AdiffModel` and their tensors, without the constants of the published code (window masks,
    relative position indices, STFT kernels)."""
    for key, value in state.items():
        if _CONSTANT.search(key):
            continue
        if key.startswith(f"{HTSAT}tscam_conv."):
            yield key.replace(f"{HTSAT}tscam_conv", "event_head.conv"), value
        elif key.startswith(HTSAT):
            yield from _rename_encoder(key.removeprefix(HTSAT), value)
        else:
            yield _substitute(key, _RENAMED), value


def _rename_encoder(key: str, value: torch.Tensor) -> Iterator[tuple[str, torch.Tensor]]:
    new = f"encoder.audio_encoder.{_substitute(key, _RENAMED_ENCODER)}"
    if ".attn.qkv." not in new:
        yield new, value
        return
    for name, part in zip(("query", "key", "value"), value.chunk(3), strict=True):
        yield new.replace(".attn.qkv.", f".attention.self.{name}."), part


def config_of(state: Mapping[str, torch.Tensor]) -> AdiffConfig:
    """The sizes that follow from the shapes of a model's tensors.

    Raises:
        KeyError: a tensor that determines a size is missing.
    """
    encoder, text = "encoder.audio_encoder", "language_model.transformer"
    stages = _count(state, rf"{encoder}\.layers\.(\d+)\.")
    depths = [_count(state, rf"{encoder}\.layers\.{stage}\.blocks\.(\d+)\.") for stage in range(stages)]
    tables = f"{encoder}.layers.{{}}.blocks.0.attention.self.relative_position_bias_table"
    embedded = state[f"{encoder}.patch_embed.proj.weight"].shape[0]
    hidden = state[f"{text}.wte.weight"].shape[1]
    mels = state[f"{encoder}.batch_norm.weight"].shape[0]
    prefix = state["audio1_mapper.constant"].shape[0]
    return AdiffConfig(
        audio_config=ClapAudioConfig(
            patch_embeds_hidden_size=embedded,
            hidden_size=embedded * 2 ** (stages - 1),
            depths=depths,
            num_attention_heads=[state[tables.format(stage)].shape[1] for stage in range(stages)],
            num_mel_bins=mels,
            num_classes=state["event_head.conv.weight"].shape[0],
            hidden_dropout_prob=0.0,
        ),
        text_config=GPT2Config(
            vocab_size=state[f"{text}.wte.weight"].shape[0],
            n_positions=state[f"{text}.wpe.weight"].shape[0],
            n_embd=hidden,
            n_layer=_count(state, rf"{text}\.h\.(\d+)\."),
            n_head=_language_heads(hidden),
        ),
        projection_size=state["projection.linear1.weight"].shape[0],
        prefix_length=prefix,
        prompt_length=state["prompt_mapper.constant"].shape[0],
        mapper_layers=_count(state, r"audio1_mapper\.layers\.(\d+)\."),
        mapper_ratio=state["audio1_mapper.layers.0.fc1.weight"].shape[0] / hidden,
    )


def _language_heads(hidden: int) -> int:
    """GPT-2's heads, which the shapes do not show: of 64 dimensions at every published size, 4 in smaller models."""
    return hidden // 64 if hidden >= 256 else 4


def _count(state: Mapping[str, torch.Tensor], pattern: str) -> int:
    numbers = {int(match[1]) for key in state if (match := re.match(pattern, key))}
    if not numbers:
        raise KeyError(pattern.replace(r"(\d+)", "0").replace("\\", ""))
    return max(numbers) + 1


def _require_same_keys(expected: Mapping[str, torch.Tensor], actual: Mapping[str, torch.Tensor], path: Path) -> None:
    missing = sorted(key for key in expected.keys() - actual.keys() if not key.endswith(DERIVED_KEYS))
    if missing:
        raise InputError(f"{len(missing)} keys are missing, among them {missing[0]}", file=path)
    unexpected = sorted(actual.keys() - expected.keys())
    if unexpected:
        raise InputError(f"{len(unexpected)} keys are unexpected, among them {unexpected[0]}", file=path)
    for key, value in actual.items():
        if value.shape != expected[key].shape:
            shapes = f"{list(value.shape)}, but {list(expected[key].shape)} is expected"
            raise InputError(f"{key} has the shape {shapes}", file=path)


def _substitute(key: str, rules: tuple[tuple[str, str], ...]) -> str:
    for pattern, replacement in rules:
        key = re.sub(pattern, replacement, key)
    return key
