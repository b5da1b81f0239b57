"""A small model with random weights, in our form and in the published checkpoints'."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from transformers import ClapAudioConfig, GPT2Config

from adiff_model.checkpoints import convert_checkpoint
from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.model import AdiffModel
from tests.adiff_model.small_case import write_checkpoint

RATE = 32_000


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """A checkpoint in the published layout, small, with weights that follow from its keys."""
    path = tmp_path_factory.mktemp("published") / "adiff_small.ckpt"
    write_checkpoint(path)
    return path


@pytest.fixture(scope="session")
def converted(published, tmp_path_factory) -> Path:
    """The same, converted to a folder."""
    folder = tmp_path_factory.mktemp("converted") / "small"
    convert_checkpoint(published, folder)
    return folder


@pytest.fixture(scope="session")
def model(converted) -> AdiffModel:
    return AdiffModel.from_pretrained(converted).eval()


@pytest.fixture(scope="session")
def tones(tmp_path_factory) -> Callable[[str, float], str]:
    """Writes recordings of a tone in noise, by name and frequency."""
    folder = tmp_path_factory.mktemp("tones")

    def make(name: str, frequency: float, seconds: float = 1.0) -> str:
        path = folder / name
        if not path.exists():
            time = np.arange(int(RATE * seconds)) / RATE
            noise = np.random.default_rng(int(frequency)).normal(0, 0.05, len(time))
            soundfile.write(path, 0.3 * np.sin(2 * np.pi * frequency * time) + noise, RATE)
        return str(path)

    return make


def tiny_config(**changes: object) -> AdiffConfig:
    """Sizes that a test can afford to make anew."""
    audio = ClapAudioConfig(
        patch_embeds_hidden_size=8, hidden_size=64, depths=[1, 1, 1, 1], num_attention_heads=[1, 2, 2, 4]
    )
    text = GPT2Config(n_embd=32, n_layer=2, n_head=4)
    sizes = {"projection_size": 24, "prefix_length": 5, "prompt_length": 6, "mapper_layers": 1}
    return AdiffConfig(audio_config=audio, text_config=text, **{**sizes, **changes})


def small_convolutional(**encoder: object) -> AdiffModel:
    """A model with the small encoder, random weights, and further fields of its configuration."""
    torch.manual_seed(0)
    sizes = ConvolutionalEncoderConfig(num_mel_bins=16, widths=(4, 8, 12), known_classes=(3, 500), **encoder)
    return AdiffModel(AdiffConfig(**{**tiny_config().to_dict(), "audio_config": sizes})).eval()


@pytest.fixture
def fresh() -> AdiffModel:
    torch.manual_seed(0)
    return AdiffModel(tiny_config()).eval()
