"""The labels of grounding: which events, at which turn, which audio has more of what is measured, which task."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from adiff_data.audio.acoustics import measure
from adiff_model.measures import measured_values
from adiff_model.training.examples import Examples, TrainingRow
from adiff_model.training.labelled_clips import LabelledClip, LabelledEvent
from adiff_model.training.prefix_task import PrefixTask
from adiff_model.training.settings import SHARES
from tests.adiff_model.conftest import small_convolutional

NEITHER, FIRST, SECOND = 0, 1, 2
CLIPS = [
    LabelledClip("row.wav", (LabelledEvent(("Siren",), 0.0, 0.5), LabelledEvent(("Church bell",), 0.5, 1.0))),
    LabelledClip("heap.wav", (LabelledEvent(("Siren",), 0.0, 1.0), LabelledEvent(("Church bell",), 0.0, 1.0))),
]
TIERS = ("fewwords", "sentence", "detail")
FACTS = measure(np.random.default_rng(0).normal(0, 0.1, 32_000).astype(np.float32), 32_000)
ROWS = [TrainingRow("row.wav", "heap.wav", "one.", "two.", tier, "other.") for tier in TIERS]


def embeddings_of(model, ends: tuple[np.ndarray, np.ndarray]) -> dict[str, np.ndarray]:
    """Embeddings of silence that end with these values."""
    size = model.config.audio_config.hidden_size
    return {
        clip.audio: np.concatenate([np.zeros(size - len(end), np.float32), end.astype(np.float32)])
        for clip, end in zip(CLIPS, ends, strict=True)
    }


def task_of(model, processor, ends: tuple[np.ndarray, np.ndarray] = (np.zeros(0), np.zeros(0))) -> PrefixTask:
    examples = Examples(ROWS, SHARES, 0)
    return PrefixTask(model, processor, examples, examples, embeddings_of(model, ends), CLIPS)


def test_what_begins_later_comes_at_a_later_turn(small, processor):
    _, _, _, events, _, _ = task_of(small, processor).batch(4, 0)
    in_a_row, at_once = events.unflatten(2, (4, 2))[:, 0]  # the clip, then its three turns; siren, bell
    assert in_a_row[0].tolist() == at_once[0].tolist() == [1, 1]
    assert sorted(in_a_row[1:3].tolist()) == [[0, 1], [1, 0]]
    assert at_once[1:].tolist() == [[1, 1], [0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("loudness", "louder"),
    [((-20, -24), FIRST), ((-24, -20), SECOND), ((-20, -22), NEITHER), ((-20, None), NEITHER)],
)
def test_the_louder_audio_is_the_one_whose_loudness_is_plainly_above(processor, loudness, louder):
    model = small_convolutional(measures=("brightness", "loudness"), brightness_steps=0, loudness_steps=0)
    ends = tuple(measured_values(replace(FACTS, loudness=lufs), model.measures) for lufs in loudness)
    *_, more, _ = task_of(model, processor, ends).batch(4, 0)
    assert more.tolist() == [[NEITHER, louder]] * 4


@pytest.mark.parametrize(("passed", "louder"), [((9, 5), FIRST), ((5, 9), SECOND), ((5, 6), NEITHER)])
def test_without_measures_the_loudness_of_the_embedding_is_compared(small, processor, passed, louder):
    count = small.config.audio_config.loudness_steps
    *_, more, _ = task_of(small, processor, tuple(np.full(count, steps / count) for steps in passed)).batch(4, 0)
    assert more.tolist() == [[louder]] * 4


@pytest.mark.slow
def test_a_prefix_learns_to_tell_it(small, processor):
    task = task_of(small, processor)
    optimizer = torch.optim.AdamW(task.loss.parameters(), lr=3e-3)
    losses = []
    for step in range(30):
        loss = task.loss(*task.batch(8, step))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert sum(losses[-5:]) < 0.7 * sum(losses[:5])
