"""The labels of grounding: which events, at which turn, which audio is louder, which task."""

import numpy as np
import pytest
import torch

from adiff_model.training.examples import Examples, TrainingRow
from adiff_model.training.labelled_clips import LabelledClip, LabelledEvent
from adiff_model.training.prefix_task import PrefixTask
from adiff_model.training.settings import SHARES

FIRST, SECOND, NEITHER = 0, 1, 2
CLIPS = [
    LabelledClip("row.wav", (LabelledEvent(("Siren",), 0.0, 0.5), LabelledEvent(("Church bell",), 0.5, 1.0))),
    LabelledClip("heap.wav", (LabelledEvent(("Siren",), 0.0, 1.0), LabelledEvent(("Church bell",), 0.0, 1.0))),
]
TIERS = ("fewwords", "sentence", "detail")
ROWS = [TrainingRow("row.wav", "heap.wav", "one.", "two.", tier, "other.") for tier in TIERS]


def task_of(model, processor, *, steps_passed: tuple[float, float] = (5.0, 5.0)) -> PrefixTask:
    sizes = model.config.audio_config
    embeddings = {}
    for clip, passed in zip(CLIPS, steps_passed, strict=True):
        embeddings[clip.audio] = np.zeros(sizes.hidden_size, dtype=np.float32)
        embeddings[clip.audio][-sizes.loudness_steps :] = passed / sizes.loudness_steps
    examples = Examples(ROWS, SHARES, 0)
    return PrefixTask(model, processor, examples, examples, embeddings, CLIPS)


def test_what_begins_later_comes_at_a_later_turn(small, processor):
    _, _, _, events, _, _ = task_of(small, processor).batch(4, 0)
    in_a_row, at_once = events.unflatten(2, (4, 2))[:, 0]  # the clip, then its three turns; siren, bell
    assert in_a_row[0].tolist() == at_once[0].tolist() == [1, 1]
    assert sorted(in_a_row[1:3].tolist()) == [[0, 1], [1, 0]]
    assert at_once[1:].tolist() == [[1, 1], [0, 0], [0, 0]]


@pytest.mark.parametrize(("passed", "louder"), [((9, 5), FIRST), ((5, 9), SECOND), ((5, 6), NEITHER)])
def test_the_louder_audio_is_the_one_whose_loudness_is_plainly_above(small, processor, passed, louder):
    *_, labels, _ = task_of(small, processor, steps_passed=passed).batch(4, 0)
    assert labels.tolist() == [louder] * 4


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
