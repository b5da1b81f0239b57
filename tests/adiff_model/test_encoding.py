"""Encoding recordings: each once, in any thread; a cached embedding is used for its own model only."""

import numpy as np
import pytest
import soundfile
import torch

from adiff_data.core.errors import InputError
from adiff_model import encoding as encoding_module
from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.encoding import EncodedClip, Reading, encode_clips
from adiff_model.model import AdiffModel
from tests.adiff_model.conftest import tiny_config


def test_each_clip_is_encoded_once_a_run_and_once_on_disk(model, tones, tmp_path, monkeypatch):
    read = []
    original = encoding_module.read_windows
    monkeypatch.setattr(encoding_module, "read_windows", lambda path, *rest: read.append(path) or original(path, *rest))
    paths = [tones("one.wav", 300), tones("other.wav", 900)] * 3
    first = encode_clips(model, paths, cache=tmp_path, reading_threads=0)
    assert len(read) == 2
    again = encode_clips(model, paths, cache=tmp_path, reading_threads=0)
    assert len(read) == 2
    for path in paths:
        np.testing.assert_array_equal(first[path].embedding, again[path].embedding)
    encode_clips(model, paths, cache=tmp_path, reading=Reading("middle"), reading_threads=0)
    assert len(read) == 4


@pytest.mark.slow
def test_reading_in_another_process_gives_the_same(model, tones):
    paths = [tones(f"{number}.wav", 100.0 + number) for number in range(20)]
    here, there = (encode_clips(model, paths, reading_threads=threads) for threads in (0, 1))
    for path in paths:
        np.testing.assert_allclose(here[path].embedding, there[path].embedding, atol=1e-5)


def test_all_windows_of_a_long_clip_are_encoded(model, tones):
    path = tones("long.wav", 500, seconds=25)
    whole = encode_clips(model, [path], reading=Reading("all"))[path]
    start = encode_clips(model, [path], reading=Reading("start"))[path]
    assert isinstance(whole, EncodedClip)
    assert (whole.event_probabilities >= start.event_probabilities - 1e-5).all()


@pytest.mark.slow
def test_a_recording_that_is_encoded_while_it_is_read_gives_the_same(model, tones, tmp_path, monkeypatch):
    paths = [tones("long.wav", 500, seconds=45), tones("short.wav", 300), str(tmp_path / "absent.wav")]
    at_once = encode_clips(model, paths, reading=Reading("all"))
    monkeypatch.setattr("adiff_model.encoding._MOST_WINDOWS", 2)
    in_turn = encode_clips(model, paths, reading=Reading("all"), cache=tmp_path / "kept")
    cached = encode_clips(model, paths, reading=Reading("all"), cache=tmp_path / "kept")
    assert isinstance(in_turn[paths[2]], InputError)
    for path in paths[:2]:
        for encoded in (in_turn, cached):
            np.testing.assert_allclose(encoded[path].embedding, at_once[path].embedding, atol=1e-5)
            np.testing.assert_allclose(encoded[path].event_probabilities, at_once[path].event_probabilities, atol=1e-5)


def test_an_embedding_cached_for_other_sizes_is_not_used(tmp_path):
    soundfile.write(tmp_path / "a.wav", 0.1 * torch.randn(32_000).numpy(), 32_000)
    path, lengths = str(tmp_path / "a.wav"), []
    for segments in (4, 6):
        torch.manual_seed(0)
        sizes = ConvolutionalEncoderConfig(num_mel_bins=16, widths=(4, 8, 12), segments=segments)
        model = AdiffModel(AdiffConfig(**{**tiny_config().to_dict(), "audio_config": sizes})).eval()
        [encoded] = encode_clips(model, [path], cache=tmp_path / "kept").values()
        lengths.append(len(encoded.embedding) - sizes.hidden_size)
    assert lengths == [0, 0]


def test_an_embedding_cached_for_other_weights_of_the_same_sum_is_not_used(fresh, tones, tmp_path):
    path = tones("one.wav", 300)
    encode_clips(fresh, [path], cache=tmp_path, reading_threads=0)
    with torch.no_grad():
        weight = next(weight for weight in fresh.encoder.parameters() if weight.dim() > 1)
        weight.copy_(weight.flip(0))
    encode_clips(fresh, [path], cache=tmp_path, reading_threads=0)
    assert len(list(tmp_path.iterdir())) == 2
