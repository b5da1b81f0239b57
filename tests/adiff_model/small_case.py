"""A small case of the published checkpoints' layout, and what was computed for it.

Every weight follows from its key, so that the same checkpoint stands on every machine. The numbers in
`EXPECTED` were computed by this project's own network when that agreed with the published implementation on the
whole of `../shared/reference_model` (`test_reference.py` runs where that is); they keep the arithmetic from changing
where it is not.
"""

import zlib
from pathlib import Path

import numpy as np
import torch

HIDDEN, PROJECTED, MODEL, LAYERS = 64, 24, 32, 2
DEPTHS, HEADS, EMBEDDED = (1, 1, 1, 1), (1, 2, 2, 4), 8
CONSTANTS = ("stft.conv", "melW", "attn_mask", "relative_position_index", "num_batches_tracked")
SAMPLES = 320_000


def shapes() -> dict[str, tuple[int, ...]]:
    """The keys of a published state dict and their shapes, at this size."""
    found = _encoder()
    found |= {
        "audio_encoder.projection.linear1.weight": (PROJECTED, HIDDEN),
        "audio_encoder.projection.linear2.weight": (PROJECTED, PROJECTED),
        "audio_encoder.projection.layer_norm.weight": (PROJECTED,),
        "audio_encoder.projection.layer_norm.bias": (PROJECTED,),
    }
    found |= _language_model()
    for name in ("audio_project1", "audio_project2", "text_project"):
        found[f"caption_decoder.{name}.prefix_const"] = (40, MODEL)
        found |= _layers(f"caption_decoder.{name}.transformer")
    for name in ("audio_project1", "audio_project2"):
        found[f"caption_decoder.{name}.linear.weight"] = (40 * MODEL, PROJECTED)
        found[f"caption_decoder.{name}.linear.bias"] = (40 * MODEL,)
    return found | _layers("caption_decoder.cross_project")


def weight(key: str, shape: tuple[int, ...]) -> torch.Tensor:
    """The values of a key."""
    seed = "caption_decoder.gpt.transformer.wte.weight" if key.endswith("lm_head.weight") else key
    generator = torch.Generator().manual_seed(zlib.crc32(seed.encode()))
    if any(part in key for part in CONSTANTS):
        return torch.zeros(shape)
    if key.endswith("running_var"):
        return torch.rand(shape, generator=generator) + 0.5
    if key.endswith("running_mean"):
        return torch.randn(shape, generator=generator) * 5 - 20
    if len(shape) == 1:
        return (1.0 if key.endswith("weight") else 0.0) + 0.1 * torch.randn(shape, generator=generator)
    if "wte" in key or "lm_head" in key:
        return torch.randn(shape, generator=generator) * 0.3
    return torch.randn(shape, generator=generator) * 2.0 / np.prod(shape[1:]) ** 0.5


def write_checkpoint(path: Path, prefix: str = "", **changed: torch.Tensor | None) -> None:
    """Writes the checkpoint; `changed` replaces values by key, None leaves a key out."""
    state = {key: weight(key, shape) for key, shape in shapes().items()} | changed
    torch.save({f"{prefix}{key}": value for key, value in state.items() if value is not None}, path)


def clip(number: int) -> np.ndarray:
    """Ten seconds of a gliding tone in noise: (SAMPLES,), float32."""
    time = np.arange(SAMPLES) / 32_000
    noise = np.random.default_rng(number).normal(0, 0.02, SAMPLES)
    tone = np.sin(2 * np.pi * (200 + 300 * number + 20 * number * time) * time)
    return (0.3 * tone + noise).astype(np.float32)


def _encoder() -> dict[str, tuple[int, ...]]:
    base = "audio_encoder.base.htsat"
    found: dict[str, tuple[int, ...]] = {
        f"{base}.spectrogram_extractor.stft.conv_real.weight": (513, 1, 1024),
        f"{base}.logmel_extractor.melW": (513, 64),
        f"{base}.bn0.num_batches_tracked": (),
        f"{base}.patch_embed.proj.weight": (EMBEDDED, 1, 4, 4),
        f"{base}.patch_embed.proj.bias": (EMBEDDED,),
        f"{base}.tscam_conv.weight": (527, HIDDEN, 2, 3),
        f"{base}.tscam_conv.bias": (527,),
        f"{base}.head.weight": (527, 527),
    }
    found |= {f"{base}.bn0.{name}": (64,) for name in ("weight", "bias", "running_mean", "running_var")}
    found |= _norm(f"{base}.patch_embed.norm", EMBEDDED) | _norm(f"{base}.norm", HIDDEN)
    for stage, (depth, heads) in enumerate(zip(DEPTHS, HEADS, strict=True)):
        size = EMBEDDED * 2**stage
        for block in range(depth):
            own = f"{base}.layers.{stage}.blocks.{block}"
            found |= _norm(f"{own}.norm1", size) | _norm(f"{own}.norm2", size)
            found[f"{own}.attn.relative_position_bias_table"] = (225, heads)
            found[f"{own}.attn.relative_position_index"] = (64, 64)
            found |= _linear(f"{own}.attn.qkv", 3 * size, size) | _linear(f"{own}.attn.proj", size, size)
            found |= _linear(f"{own}.mlp.fc1", 4 * size, size) | _linear(f"{own}.mlp.fc2", size, 4 * size)
        if stage < len(DEPTHS) - 1:
            found[f"{base}.layers.{stage}.downsample.reduction.weight"] = (2 * size, 4 * size)
            found |= _norm(f"{base}.layers.{stage}.downsample.norm", 4 * size)
    return found


def _language_model() -> dict[str, tuple[int, ...]]:
    base = "caption_decoder.gpt.transformer"
    found: dict[str, tuple[int, ...]] = {
        f"{base}.wte.weight": (50257, MODEL),
        f"{base}.wpe.weight": (1024, MODEL),
        "caption_decoder.gpt.lm_head.weight": (50257, MODEL),
    }
    found |= _norm(f"{base}.ln_f", MODEL)
    for layer in range(LAYERS):
        own = f"{base}.h.{layer}"
        found |= _norm(f"{own}.ln_1", MODEL) | _norm(f"{own}.ln_2", MODEL)
        for name, ins, outs in (
            ("attn.c_attn", MODEL, 3 * MODEL),
            ("attn.c_proj", MODEL, MODEL),
            ("mlp.c_fc", MODEL, 4 * MODEL),
            ("mlp.c_proj", 4 * MODEL, MODEL),
        ):
            found |= {f"{own}.{name}.weight": (ins, outs), f"{own}.{name}.bias": (outs,)}
    return found


def _layers(base: str) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for layer in range(LAYERS):
        own = f"{base}.layers.{layer}"
        found |= _norm(f"{own}.norm1", MODEL) | _norm(f"{own}.norm2", MODEL)
        found[f"{own}.attn.to_queries.weight"] = (MODEL, MODEL)
        found[f"{own}.attn.to_keys_values.weight"] = (2 * MODEL, MODEL)
        found |= _linear(f"{own}.attn.project", MODEL, MODEL)
        found |= _linear(f"{own}.mlp.fc1", 2 * MODEL, MODEL) | _linear(f"{own}.mlp.fc2", MODEL, 2 * MODEL)
    return found


def _linear(key: str, outs: int, ins: int) -> dict[str, tuple[int, ...]]:
    return {f"{key}.weight": (outs, ins), f"{key}.bias": (outs,)}


def _norm(key: str, size: int) -> dict[str, tuple[int, ...]]:
    return {f"{key}.weight": (size,), f"{key}.bias": (size,)}
