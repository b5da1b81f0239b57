"""Weights to begin with: parts of checkpoints, HTSAT's own, GPT-2's and CLAP's; nothing is left at random unsaid."""

import pytest
import torch
from safetensors.torch import save_model
from transformers import ClapAudioModel, GPT2LMHeadModel

from adiff_data.core.errors import InputError
from adiff_model.model import AdiffModel
from adiff_model.training.weights import load_part
from tests.adiff_model import small_case

HTSAT = "audio_encoder.base.htsat."


@pytest.fixture
def other(model) -> AdiffModel:
    torch.manual_seed(5)
    return AdiffModel(model.config).eval()


def same(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


@pytest.mark.parametrize("form", ["folder", "published", "step"])
def test_parts_of_a_checkpoint(model, other, converted, published, tmp_path, form):
    step = tmp_path / "best.safetensors"
    save_model(model, str(step))
    source = {"folder": converted, "published": published, "step": step}[form]
    for part in ("encoder", "mappers", "language_model"):
        load_part(other, part, str(source))
    assert same(other.encoder, model.encoder)
    assert same(other.audio2_mapper, model.audio2_mapper)
    assert same(other.language_model, model.language_model)
    assert not same(other.projection, model.projection)


def test_the_checkpoint_of_htsat_itself(model, other, tmp_path):
    state = {
        f"sed_model.{key.removeprefix(HTSAT)}": small_case.weight(key, shape)
        for key, shape in small_case.shapes().items()
        if key.startswith(HTSAT)
    }
    path = tmp_path / "HTSAT_AudioSet_Saved_1.ckpt"
    torch.save({"state_dict": state}, path)
    load_part(other, "encoder", str(path))
    load_part(other, "event_head", str(path))
    assert same(other.encoder, model.encoder)
    assert same(other.event_head, model.event_head)


def test_the_parts_that_transformers_has(model, other, tmp_path):
    model.encoder.save_pretrained(tmp_path / "clap")
    model.language_model.save_pretrained(tmp_path / "gpt2")
    load_part(other, "encoder", str(tmp_path / "clap"))
    load_part(other, "language_model", str(tmp_path / "gpt2"))
    assert same(other.encoder, model.encoder)
    assert same(other.language_model, model.language_model)


def test_what_is_not_the_part_is_refused(model, other, converted, tmp_path):
    with pytest.raises(InputError, match="its weights cannot be read"):
        load_part(other, "encoder", str(tmp_path / "nowhere"))
    model.language_model.save_pretrained(tmp_path / "gpt2")
    with pytest.raises(InputError, match="can only come from an ADIFF checkpoint"):
        load_part(other, "mappers", str(tmp_path / "gpt2"))
    larger = GPT2LMHeadModel(type(model.config.text_config)(n_embd=64, n_layer=1, n_head=2, vocab_size=100))
    larger.save_pretrained(tmp_path / "larger")
    with pytest.raises(InputError, match=r"language_model: (its shapes differ|not a checkpoint of this part)"):
        load_part(other, "language_model", str(tmp_path / "larger"))


def test_a_folder_that_lacks_weights_is_refused(model, other, tmp_path):
    class Half(ClapAudioModel):
        pass

    half = Half(model.config.audio_config)
    state = {key: value for key, value in half.state_dict().items() if "layers.0" not in key}
    half.save_pretrained(tmp_path / "half", state_dict=state)
    with pytest.raises(InputError, match="is missing"):
        load_part(other, "encoder", str(tmp_path / "half"))
