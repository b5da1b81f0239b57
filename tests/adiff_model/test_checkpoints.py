"""Published checkpoints and folders: loaded, converted, refused."""

import argparse
import gzip
import json
import pickle
import shutil
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
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


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["module.", "model.module.", "_orig_mod.", "net.", "model.net._orig_mod.module."])
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
    with pytest.raises(InputError, match=r"holds io\.open, which could run code, and was not loaded"):
        load_published(path)
    for protocol in (0, 2, 5):
        path.write_bytes(pickle.dumps({"weights": Harmful(marker)}, protocol=protocol))
        with pytest.raises(InputError, match=r"evil\.ckpt: holds \w*io\.open, which could run code"):
            load_published(path)
    assert not marker.exists()


def test_a_trainers_checkpoint_names_the_type_that_keeps_it_from_being_loaded(tmp_path, published):
    path = tmp_path / "trained.ckpt"
    torch.save({"state_dict": torch.load(published), "hyper_parameters": argparse.Namespace(lr=1.0)}, path)
    with pytest.raises(InputError, match=r"holds argparse\.Namespace, which .* torch\.save\(model\.state_dict"):
        load_checkpoint(path)


def test_tensors_are_found_below_what_trainers_put_around_them(tmp_path, published):
    state, path = torch.load(published), tmp_path / "nested.ckpt"
    torch.save({"model": {"state_dict": state}, "epoch": 3}, path)
    assert read_state(path).keys() == read_state(published).keys()
    compiled = {key.replace("caption_decoder.", "caption_decoder._orig_mod."): value for key, value in state.items()}
    torch.save(compiled, path)
    assert read_state(path).keys() == read_state(published).keys()
    torch.save({f"{prefix}.{key}": value for prefix in ("model", "net") for key, value in state.items()}, path)
    with pytest.raises(InputError, match="several tensors of one name"):
        load_checkpoint(path)


@pytest.mark.slow
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


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1187654321\n"
PAGE = b"\n<!-- proxy -->\n<!DOCTYPE html>\n<html><title>Sign in</title></html>"
NO_CHECKPOINT = {
    "pointer": (POINTER, "is a Git LFS pointer for 1,187,654,321 bytes that were not downloaded; git lfs pull"),
    "page": (PAGE, r"is a web page \(HTML\), not a checkpoint; download the file itself"),
    "error": (b'{"error": "Repository not found"}', r"is a text \(JSON or XML\), such as a server's error"),
    "empty": (b"", "is empty; download it again"),
    "packed": (gzip.compress(b"tensors"), "is a gzip archive, not a checkpoint; unpack it first"),
    "text": (b"not a checkpoint at all", "is no checkpoint of torch, or is cut"),
    "cut at once": (b"PK\x03\x04 cut", "is cut: the end of its archive is missing"),
    "a list": (pickle.dumps([1, 2]), "is no checkpoint of torch, or is cut"),
}


@pytest.mark.parametrize("suffix", [".ckpt", ""])
@pytest.mark.parametrize("kind", NO_CHECKPOINT)
def test_what_is_no_checkpoint_is_called_what_it_is(tmp_path, kind, suffix):
    content, message = NO_CHECKPOINT[kind]
    path = tmp_path / f"broken{suffix}"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as raised:
        load_checkpoint(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert "code" not in str(raised.value)


def test_a_download_that_was_cut_is_said(tmp_path, published):
    path, whole = tmp_path / "cut.ckpt", published.read_bytes()
    for length in (300, len(whole) // 2, len(whole) - 10):
        path.write_bytes(whole[:length])
        with pytest.raises(InputError, match="is cut: the end of its archive is missing; download it again"):
            load_checkpoint(path)
    torch.save(torch.load(published), path, _use_new_zipfile_serialization=False)
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(InputError, match="is damaged or cut"):
        load_checkpoint(path)


def test_an_archive_of_something_else_and_weights_without_their_folder_are_said(tmp_path, converted):
    with zipfile.ZipFile(tmp_path / "thesis.ckpt", "w") as archive:
        archive.writestr("thesis.tex", "years of work")
    with pytest.raises(InputError, match="is a zip archive, but no checkpoint of torch"):
        load_checkpoint(tmp_path / "thesis.ckpt")
    with pytest.raises(InputError, match=f"is a safetensors file, .* give its folder, {converted}"):
        load_checkpoint(converted / "model.safetensors")
    shutil.copy(converted / "model.safetensors", tmp_path / "weights.ckpt")
    with pytest.raises(InputError, match=r"is a safetensors file, .* with its config\.json"):
        load_checkpoint(tmp_path / "weights.ckpt")


@pytest.mark.parametrize("content", [{"epoch": 3, "optimizer": {}}, {}, torch.zeros(3)])
def test_a_checkpoint_without_tensors_by_name_is_said(tmp_path, content):
    torch.save(content, tmp_path / "other.ckpt")
    with pytest.raises(InputError, match="holds no dictionary of tensors"):
        load_checkpoint(tmp_path / "other.ckpt")


FOLDER_FAULTS = {
    "pointer": ("model.safetensors", POINTER, "is a Git LFS pointer"),
    "page": ("model.safetensors", PAGE, "is a web page"),
    "empty": ("model.safetensors", b"", "is empty"),
    "pickle": ("model.safetensors", pickle.dumps([1]), "is no safetensors file"),
    "other model": ("config.json", json.dumps({"model_type": "gpt2"}).encode(), "is of a model of type gpt2"),
    "no type": ("config.json", b"{}", 'names no model_type; that of ADIFF has "model_type": "adiff"'),
    "no JSON": ("config.json", b"{", "is no configuration of a model"),
    "other sizes": ("config.json", b'{"model_type": "adiff"}', r"has the shape \[.*\], but \[.*\] by config\.json"),
    "no tokenizer": ("tokenizer.json", b"", "its tokenizer cannot be read"),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FOLDER_FAULTS)
def test_a_folder_with_a_wrong_file_is_refused_in_one_line(tmp_path, converted, capfd, fault):
    name, content, message = FOLDER_FAULTS[fault]
    folder = Path(shutil.copytree(converted, tmp_path / "folder"))
    (folder / name).write_bytes(content)
    capfd.readouterr()
    with pytest.raises(InputError, match=message):
        load_checkpoint(folder)
    assert capfd.readouterr().err == ""


def test_a_tensor_that_a_folder_has_not_is_not_set_at_random(tmp_path, converted):
    folder = Path(shutil.copytree(converted, tmp_path / "folder"))
    tensors = load_file(folder / "model.safetensors")
    del tensors["projection.norm.weight"]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(InputError, match=r"1 tensors are missing, among them projection\.norm\.weight"):
        load_checkpoint(folder)


def test_a_prefix_before_the_tensors_of_a_folder_is_named(converted, tmp_path):
    folder = Path(shutil.copytree(converted, tmp_path / "folder"))
    tensors = load_file(folder / "model.safetensors")
    prefixed = {f"_orig_mod.{key}": tensor for key, tensor in tensors.items()}
    save_file(prefixed, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(InputError, match=r"the file calls it _orig_mod\.\S+: save the tensors without the prefix"):
        load_checkpoint(folder)


def test_a_folder_that_holds_something_else_is_not_written_to(published, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match="contains something that is not a checkpoint"):
        convert_checkpoint(published, tmp_path)
    with pytest.raises(InputError, match="no such checkpoint"):
        load_checkpoint(tmp_path)
    with pytest.raises(InputError, match="is a folder"):
        convert_checkpoint(tmp_path, tmp_path / "new")


def test_a_folder_whose_weights_were_damaged_is_named(converted, tmp_path):
    for path in converted.iterdir():
        (tmp_path / path.name).write_bytes(
            path.read_bytes()[:1000] if path.suffix == ".safetensors" else path.read_bytes()
        )
    with pytest.raises(InputError, match=r"model\.safetensors: is cut, or damaged"):
        load_checkpoint(tmp_path)


@pytest.mark.slow
def test_the_processor_of_a_folder_turns_files_and_prompts_into_what_the_network_takes(converted, tones, tmp_path):
    processor = AdiffProcessor.from_pretrained(converted)
    assert processor.audio([tones("one.wav", 300), tones("other.wav", 900)]).shape == (2, 320_000)
    prompts = processor.prompts(["caption the first audio", "word " * 60])
    assert prompts.shape == (2, 40)
    assert processor.text([16454, 1, 220]).startswith(processor.tokenizer.decode([16454]))
    processor.save_pretrained(tmp_path)
    assert torch.equal(AdiffProcessor.from_pretrained(tmp_path).prompts(["caption the first audio"]), prompts[:1])
