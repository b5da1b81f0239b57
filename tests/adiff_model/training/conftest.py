"""A model that a test can train, and a few recordings to train it on."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from transformers import GPT2Config

from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.model import AdiffModel
from adiff_model.processor import SPECIAL_TOKENS, AdiffProcessor, train_tokenizer
from adiff_model.training.examples import TrainingRow
from adiff_model.training.labelled_clips import LabelledClip, LabelledEvent
from adiff_model.training.prompts import PROMPTS

RATE = 8000
SOUNDS = {"siren": ("Siren", 440.0), "bell": ("Church bell", 1500.0), "bird": ("Chirp, tweet", 3000.0)}


@pytest.fixture(scope="session")
def recordings(tmp_path_factory) -> dict[str, str]:
    """One recording of each sound, 1 s, by name."""
    folder = tmp_path_factory.mktemp("recordings")
    time = np.arange(RATE) / RATE
    found = {}
    for name, (_, frequency) in SOUNDS.items():
        found[name] = str(folder / f"{name}.wav")
        soundfile.write(found[name], 0.3 * np.sin(2 * np.pi * frequency * time), RATE)
    return found


@pytest.fixture(scope="session")
def rows(recordings) -> list[TrainingRow]:
    """Every pair of two sounds, in three tiers, and what they share."""
    texts = {
        "fewwords": "Audio 1: {one}. Audio 2: {other}.",
        "sentence": "The first audio has a {one}, whereas the second audio has a {other}.",
        "detail": "The two audios differ. The first audio has a {one}, by itself. The second has a {other}, by itself.",
        "similarity": "Both audios have one sound: one has a {one}, the other a {other}.",
    }
    return [
        TrainingRow(
            recordings[one], recordings[other], f"a {one}.", f"a {other}.", tier, text.format(one=one, other=other)
        )
        for one in SOUNDS
        for other in SOUNDS
        if one != other
        for tier, text in texts.items()
    ]


@pytest.fixture(scope="session")
def labelled(recordings) -> list[LabelledClip]:
    return [LabelledClip(recordings[name], (LabelledEvent((SOUNDS[name][0],), 0.0, 1.0),)) for name in SOUNDS]


@pytest.fixture(scope="session")
def processor(rows) -> AdiffProcessor:
    prompts = [prompt for own in PROMPTS.values() for prompt in own]
    tokenizer = train_tokenizer([row.answer for row in rows] + prompts, 400)
    end = SPECIAL_TOKENS["separator_token"]
    text = GPT2Config(
        vocab_size=len(tokenizer), n_positions=128, n_embd=32, n_layer=1, n_head=2, bos_token_id=end, eos_token_id=end
    )
    config = AdiffConfig(
        audio_config=ConvolutionalEncoderConfig(num_mel_bins=16, widths=(4, 8), segments=2),
        text_config=text,
        projection_size=16,
        prefix_length=2,
        prompt_length=8,
        mapper_layers=1,
        mapper_heads=2,
        cross_heads=2,
        sampling_rate=RATE,
        clip_seconds=1.0,
        n_fft=256,
        hop_length=128,
        fmax=4000.0,
        **SPECIAL_TOKENS,
    )
    return AdiffProcessor(config, tokenizer)


@pytest.fixture
def small(processor) -> AdiffModel:
    torch.manual_seed(0)
    return AdiffModel(processor.config).eval()


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "steps"
