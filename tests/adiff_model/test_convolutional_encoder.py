"""The small encoder: its sizes, its event head, and a checkpoint that holds it."""

import pytest
import torch

from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoder, ConvolutionalEncoderConfig, MomentEventHead
from adiff_model.model import AdiffModel
from tests.adiff_model.conftest import tiny_config

SIZES = ConvolutionalEncoderConfig(num_mel_bins=16, widths=(4, 8, 12), segments=4, level_bands=2)


def test_the_embedding_keeps_the_quarters_of_the_time_apart():
    torch.manual_seed(0)
    encoder = ConvolutionalEncoder(SIZES).eval()
    quiet = torch.full((1, 1, 64, 16), -60.0)
    late = quiet.clone()
    late[:, :, 52:] = 0.0
    before, after = encoder(quiet), encoder(late)
    assert before.pooler_output.shape == (1, SIZES.hidden_size) == (1, 48 + 8)
    assert before.last_hidden_state.shape == (1, 12, 1, 8)
    change = (after.pooler_output - before.pooler_output)[:, :48].unflatten(1, (12, 4)).abs().sum(dim=1)[0]
    assert change[0] == change[1] == 0
    assert change[3] > 0


def test_the_embedding_tells_the_level_of_each_part_and_band():
    encoder = ConvolutionalEncoder(SIZES).eval()
    spectrogram = torch.full((1, 1, 64, 16), -60.0)
    spectrogram[:, :, :16, 8:] = -39.0
    levels = encoder(spectrogram).pooler_output[0, 48:].detach().unflatten(0, (4, 2))
    rest = levels[1, 0]
    assert (levels[0, 1] - rest).item() == pytest.approx(1.0, abs=0.01)
    assert torch.allclose(levels[1:], rest.expand(3, 2))


def test_one_loud_moment_counts_for_the_clip():
    head = MomentEventHead(2, 3).eval()
    moments = torch.full((1, 3, 100), -8.0)
    moments[0, 1, 40:44] = 4.0
    found = head.pooled(moments)[0]
    assert found[1] > 0.9
    assert found[0] < 0.01
    assert head(torch.randn(2, 2, 1, 5)).shape == (2, 3)


def test_a_checkpoint_holds_it(tmp_path):
    torch.manual_seed(0)
    base = tiny_config()
    model = AdiffModel(AdiffConfig(**{**base.to_dict(), "audio_config": SIZES})).eval()
    model.save_pretrained(tmp_path)
    again = AdiffModel.from_pretrained(tmp_path).eval()
    assert isinstance(again.config.audio_config, ConvolutionalEncoderConfig)
    spectrogram = torch.randn(2, 1, 50, 16)
    assert torch.allclose(again.hear_spectrogram(spectrogram).events, model.hear_spectrogram(spectrogram).events)
