"""The network against numbers: the published implementation's, where they are, and a small case of our own."""

import json
import runpy

import numpy as np
import pytest
import torch

from adiff_model.generation import Decoding, generate_tokens
from adiff_model.log_mel import log_mel
from adiff_model.processor import load_tokenizer, prompt_ids
from adiff_model.published_checkpoint import load_published
from tests.adiff_model.small_case import clip


@pytest.fixture(scope="module")
def reference(shared, tmp_path_factory):
    """The published implementation's inputs and outputs, and the checkpoint that they belong to."""
    folder = shared.parent / "reference_model"
    script = runpy.run_path(str(folder / "make_checkpoint.py"))
    path = tmp_path_factory.mktemp("reference") / "reference.ckpt"
    shapes = json.loads((folder / "keys.json").read_text())
    torch.save({key: script["value"](key, shape) for key, shape in shapes.items()}, path)
    audio = np.load(folder / "audio.npz")
    clips = {name: torch.from_numpy(audio[name] / np.float32(32768))[None] for name in audio}
    return (
        load_published(path),
        clips,
        json.loads((folder / "cases.json").read_text()),
        np.load(folder / "expected.npz"),
    )


def relative(found: torch.Tensor, expected: np.ndarray) -> float:
    return float(np.linalg.norm(found.detach().numpy() - expected) / np.linalg.norm(expected))


@torch.inference_mode()
def test_every_stage_of_a_clip_is_the_published_one(reference):
    model, clips, _, expected = reference
    for number, waveform in enumerate(clips.values()):
        encoding = model.encode_audio(waveform)
        assert relative(log_mel(waveform, model.config)[0, 0], expected[f"logmel_{number}"]) < 1e-4
        assert relative(encoding.embeddings[0], expected[f"embedding_{number}"]) < 1e-4
        assert relative(model.projection(encoding.embeddings)[0], expected[f"projected_{number}"]) < 1e-4
        assert relative(encoding.event_probabilities[0], expected[f"events_{number}"]) < 1e-4


@pytest.mark.slow
@torch.inference_mode()
def test_prefixes_tokens_and_prompts_of_all_cases_are_the_published_ones(reference):
    model, clips, cases, expected = reference
    tokenizer = load_tokenizer()
    embeddings = {name: model.encode_audio(waveform).embeddings for name, waveform in clips.items()}
    assert len(cases["cases"]) == 15
    for number, case in enumerate(cases["cases"]):
        ids = torch.tensor([case["input_ids"]])
        pair = embeddings[case["audio1"]], embeddings[case["audio2"]]
        assert prompt_ids(tokenizer, case["prompt"], 40, 0) == case["input_ids"]
        assert relative(model.prefix(*pair, ids)[0], expected[f"prefix_{number}"]) < 1e-4
        assert generate_tokens(model, *pair, ids, Decoding(max_len=24)) == [case["tokens"]]


@pytest.mark.slow
@torch.inference_mode()
def test_a_batch_of_all_cases_gives_the_same_tokens(reference):
    model, clips, cases, _ = reference
    embeddings = {name: model.encode_audio(waveform).embeddings[0] for name, waveform in clips.items()}
    first, second = (torch.stack([embeddings[case[side]] for case in cases["cases"]]) for side in ("audio1", "audio2"))
    ids = torch.tensor([case["input_ids"] for case in cases["cases"]])
    tokens = generate_tokens(model, first, second, ids, Decoding(max_len=24))
    assert tokens == [case["tokens"] for case in cases["cases"]]


@torch.inference_mode()
def test_the_training_loss_is_the_published_one(reference):
    model, clips, cases, expected = reference
    pair = [model.encode_audio(clips[name]).embeddings for name in ("clip0", "clip1")]
    answer = torch.tensor(expected["train_answer_ids"])[None]
    loss = model(*pair, torch.tensor([cases["cases"][2]["input_ids"]]), answer, labels=answer).loss
    assert float(loss) == pytest.approx(float(expected["train_loss"]), rel=1e-4)


@torch.inference_mode()
def test_the_small_case_keeps_its_numbers(published):
    model = load_published(published)
    encoding = model.encode_audio(torch.from_numpy(np.stack([clip(0), clip(1)])))
    ids = torch.tensor([prompt_ids(load_tokenizer(), "explain the difference in few words", 40, 0)])
    pair = encoding.embeddings[:1], encoding.embeddings[1:]
    torch.testing.assert_close(encoding.embeddings[0, :3], torch.tensor([-1.2246, 1.0453, 1.7177]), atol=2e-4, rtol=0)
    torch.testing.assert_close(encoding.event_probabilities[:, 0], torch.tensor([0.6962, 0.7300]), atol=2e-4, rtol=0)
    assert float(model.prefix(*pair, ids).norm()) == pytest.approx(510.394, rel=1e-4)
    (tokens,) = generate_tokens(model, *pair, ids, Decoding(max_len=12))
    assert tokens == [49619, 24021, 24021, 24021, 24021, 29464, 5062, 24723, 29464, 29464, 29464, 29464]
