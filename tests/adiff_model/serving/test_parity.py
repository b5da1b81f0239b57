"""The loop is closed: who asks through the server gets, token for token, what the same checkpoint says here.

For the small checkpoint of the published layout, whose weights follow from their keys; and what the published
implementation said, where that is known. (`tiny` is in `test_asked_prediction.py`.)
"""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from openai import OpenAI

from adiff_data.published_csv import COLUMNS
from adiff_model import ADIFF, predict
from adiff_model.processor import load_tokenizer
from tests.adiff_model import small_case
from tests.adiff_model.serving.conftest import question, running

pytestmark = pytest.mark.slow

TOKENS = 24
WORDS = {"fewwords": "few words", "sentence": "a sentence", "detail": "detail"}


def write_dataset(folder: Path, pairs: list[tuple[str, str]]) -> Path:
    """A built dataset of these pairs of clips, in three tiers."""
    (folder / "CLD").mkdir()
    for tier, words in WORDS.items():
        lines = [",".join(COLUMNS)]
        for first, second in pairs:
            paths = f"ClothoV21/evaluation/{first}.wav,ClothoV21/evaluation/{second}.wav"
            lines.append(f"clothov21,{paths},one,two,explain the difference in {words},an answer")
        (folder / "CLD" / f"cld_evaluation_adiff_{tier}_answer.csv").write_text("\n".join(lines) + "\n")
    return folder / "CLD"


def said_through_the_server(adiff: ADIFF, questions: list[tuple[Path, Path, str]]) -> list[str]:
    """What OpenAI's client is told. (`predict_with` would take answers that reach the limit for failures.)"""
    with running(adiff) as address:
        client = OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
        answers = [
            client.chat.completions.create(model="tiny", messages=question(*asked), max_tokens=TOKENS)
            for asked in questions
        ]
    return [answer.choices[0].message.content for answer in answers]


def test_a_small_checkpoint_of_the_published_layout_says_the_same_through_the_server(tmp_path):
    checkpoint = tmp_path / "small.ckpt"
    small_case.write_checkpoint(checkpoint)
    for number in range(3):
        soundfile.write(tmp_path / f"clip{number}.wav", small_case.clip(number), 32_000, subtype="FLOAT")
    dataset = write_dataset(tmp_path, [("clip0", "clip1"), ("clip1", "clip2"), ("clip2", "clip0")])
    options = {"split": "evaluation", "max_len": TOKENS, "reading_threads": 0, "device": "cpu"}
    here = predict(dataset, checkpoint=checkpoint, audio_root=tmp_path, **options)
    questions = [(tmp_path / Path(row.filepath1).name, tmp_path / Path(row.filepath2).name, row.prompt) for row in here]
    there = said_through_the_server(ADIFF(model_path=checkpoint, device="cpu"), questions)
    assert there == [row.prediction for row in here]
    assert len(set(there)) > 1


def test_what_the_published_implementation_said_comes_through_the_server(shared, tmp_path):
    folder = shared.parent / "reference_model"
    script = runpy.run_path(str(folder / "make_checkpoint.py"))
    shapes = json.loads((folder / "keys.json").read_text())
    torch.save({key: script["value"](key, shape) for key, shape in shapes.items()}, tmp_path / "reference.ckpt")
    for name, samples in np.load(folder / "audio.npz").items():
        soundfile.write(tmp_path / f"{name}.wav", samples, 32_000, subtype="PCM_16")
    cases, tokenizer = json.loads((folder / "cases.json").read_text())["cases"], load_tokenizer()
    adiff = ADIFF(model_path=tmp_path / "reference.ckpt", device="cpu")
    questions = [
        (tmp_path / f"{case['audio1']}.wav", tmp_path / f"{case['audio2']}.wav", case["prompt"]) for case in cases
    ]
    published = [tokenizer.decode(case["tokens"], skip_special_tokens=True).strip() for case in cases]
    assert said_through_the_server(adiff, questions) == published
