"""Published checkpoints and folders: loaded, converted, refused."""

import pickle

import pytest
import torch
from transformers import AutoModel

from adiff_data.core.errors import InputError
from adiff_model.checkpoints import convert_checkpoint, load_checkpoint
from adiff_model.config import AdiffConfig
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor
from adiff_model.published_checkpoint import load_published, read_state
from tests.adiff_model.small_case import weight, write_checkpoint

NORM = "audio_encoder.projection.layer_norm.weight"


class Harmful:
    """What runs code when it is unpickled."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return (open, (str(self.marker), "w"))


def test_the_sizes_follow_from_the_shapes(published):
    config = load_published(published).config
    assert (config.audio_config.depths, config.audio_config.hidden_size) == ([1, 1, 1, 1], 64)
    assert (config.text_config.n_embd, config.text_config.n_layer, config.mapper_layers) == (32, 2, 2)
    assert (config.projection_size, config.prefix_length, config.prefix_tokens) == (24, 40, 121)


def test_the_published_sizes_are_the_defaults():
    with torch.device("meta"):
        parameters = AdiffModel(AdiffConfig()).num_parameters()
    assert parameters == pytest.approx(296e6, rel=0.005)


@pytest.mark.parametrize("prefix", ["module.", "model.module."])
def test_a_prefix_before_every_key_is_taken_off(tmp_path, published, prefix):
    write_checkpoint(tmp_path / "parallel.ckpt", prefix)
    assert read_state(tmp_path / "parallel.ckpt").keys() == read_state(published).keys()
    load_published(tmp_path / "parallel.ckpt")


def test_a_converted_folder_is_the_same_model_without_a_network(published, converted):
    assert {path.name for path in converted.iterdir()} >= {"config.json", "model.safetensors", "tokenizer.json"}
    one, other = load_published(published).state_dict(), AutoModel.from_pretrained(converted).state_dict()
    assert one.keys() == other.keys()
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_a_checkpoint_that_carries_code_is_refused_and_does_not_run(tmp_path):
    path, marker = tmp_path / "evil.ckpt", tmp_path / "it_ran"
    torch.save({"weights": Harmful(marker)}, path)
    with pytest.raises(InputError, match="could run code, and was not loaded"):
        load_published(path)
    path.write_bytes(pickle.dumps(Harmful(marker)))
    with pytest.raises(InputError, match=r"evil\.ckpt"):
        load_published(path)
    assert not marker.exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({NORM: None}, r"1 keys are missing, among them projection\.norm\.weight"),
        (
            {"caption_decoder.new.weight": weight("x", (2, 2))},
            r"1 keys are unexpected, among them caption_decoder\.new\.weight",
        ),
        ({NORM: weight("x", (3,))}, r"projection\.norm\.weight has the shape \[3\], but \[24\] is expected"),
        ({"caption_decoder.gpt.transformer.wte.weight": None}, r"wte\.weight is missing"),
    ],
)
def test_a_key_that_is_missing_unexpected_or_of_another_shape_is_named(tmp_path, changed, message):
    path = tmp_path / "wrong.ckpt"
    write_checkpoint(path, **changed)
    with pytest.raises(InputError, match=message):
        load_published(path)


@pytest.mark.parametrize("content", [b"", b"not a checkpoint at all", b"PK\x03\x04 cut"])
def test_what_is_no_checkpoint_is_named(tmp_path, content):
    path = tmp_path / "broken.ckpt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"broken\.ckpt"):
        load_checkpoint(path)


def test_a_folder_that_holds_something_else_is_not_written_to(published, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match="contains something that is not a checkpoint"):
        convert_checkpoint(published, tmp_path)
    with pytest.raises(InputError, match="no such checkpoint"):
        load_checkpoint(tmp_path)


def test_a_folder_whose_weights_were_damaged_is_named(converted, tmp_path):
    for path in converted.iterdir():
        (tmp_path / path.name).write_bytes(
            path.read_bytes()[:1000] if path.suffix == ".safetensors" else path.read_bytes()
        )
    with pytest.raises(InputError, match="not an ADIFF checkpoint"):
        load_checkpoint(tmp_path)


def test_the_processor_of_a_folder_turns_files_and_prompts_into_what_the_network_takes(converted, tones, tmp_path):
    processor = AdiffProcessor.from_pretrained(converted)
    assert processor.audio([tones("one.wav", 300), tones("other.wav", 900)]).shape == (2, 320_000)
    prompts = processor.prompts(["caption the first audio", "word " * 60])
    assert prompts.shape == (2, 40)
    assert processor.text([16454, 1, 220]).startswith(processor.tokenizer.decode([16454]))
    processor.save_pretrained(tmp_path)
    assert torch.equal(AdiffProcessor.from_pretrained(tmp_path).prompts(["caption the first audio"]), prompts[:1])
