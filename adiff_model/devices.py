"""What the model runs on: a CPU, a GPU of NVIDIA or AMD (`cuda`), or Apple's (`mps`)."""

from typing import Literal, get_args

import torch

from adiff_data.core.errors import InputError

Device = Literal["auto", "cpu", "cuda", "mps"]
DEVICES: tuple[Device, ...] = get_args(Device)


def find_device(name: Device) -> torch.device:
    """The device of a name; `auto` is a GPU where there is one.

    Raises:
        InputError: there is no such device here.
    """
    if name not in DEVICES:
        raise InputError(f"no device '{name}'", mend=f"one of {', '.join(DEVICES)}")
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        return torch.device(next(kind for kind in ("cuda", "mps", "cpu") if present[kind]))
    if not present[name]:
        raise InputError(f"torch finds no {name} device here", mend="auto takes what is there")
    return torch.device(name)


def inference_dtype(device: torch.device) -> torch.dtype:
    """The numbers that inference is done in: bfloat16 on GPUs that have it, float32 elsewhere."""
    return torch.bfloat16 if device.type == "cuda" and torch.cuda.is_bf16_supported() else torch.float32


def has_bfloat16(device: torch.device) -> bool:
    """Whether a device computes in bfloat16 by itself; an x86 CPU without the instructions is slower with it.

    Of a CPU that torch does not describe (before 2.10, or not x86), it is assumed.
    """
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    if device.type != "cpu" or not hasattr(torch.cpu, "get_capabilities"):
        return True
    features = torch.cpu.get_capabilities()
    if features.get("architecture") != "x86_64":
        return True
    return bool(features.get("avx512_bf16") or features.get("amx_bf16"))
