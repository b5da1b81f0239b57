"""The small encoder: its sizes, its event head, and a checkpoint that holds it."""

import torch

from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoder, ConvolutionalEncoderConfig, MomentEventHead
from adiff_model.model import AdiffModel
from tests.adiff_model.conftest import tiny_config

SIZES = ConvolutionalEncoderConfig(num_mel_bins=16, widths=(4, 8, 12), known_classes=(3, 500))


def test_features_follow_the_clip_in_time():
    torch.manual_seed(0)
    encoder = ConvolutionalEncoder(SIZES).eval()
    quiet = torch.full((1, 1, 64, 16), -60.0)
    late = quiet.clone()
    late[:, :, 52:] = 0.0
    before, after = encoder(quiet).last_hidden_state, encoder(late).last_hidden_state
    assert before.shape == (1, 12, 1, 8)
    change = (after - before).abs().sum(dim=1)[0, 0]
    assert change[:4].sum() == 0
    assert change[7] > 0


def test_one_loud_moment_counts_for_the_clip():
    head = MomentEventHead(ConvolutionalEncoderConfig(widths=(2,), known_classes=(7, 8, 9))).eval()
    moments = torch.full((1, 3, 100), -8.0)
    moments[0, 1, 40:44] = 4.0
    found = head.pooled(moments)[0]
    assert found[1] > 0.9
    assert found[0] < 0.01
    assert head.moments(torch.randn(2, 2, 1, 5)).shape == (2, 3, 5)


def test_a_class_that_the_head_does_not_know_is_not_there():
    head = MomentEventHead(SIZES)
    events = head.events(torch.tensor([[0.25, 0.75]]))
    assert events.shape == (1, 527)
    assert torch.nonzero(events[0]).flatten().tolist() == [3, 500]
    assert events[0, 500] == 0.75


def test_a_checkpoint_holds_it(tmp_path):
    torch.manual_seed(0)
    base = tiny_config()
    model = AdiffModel(AdiffConfig(**{**base.to_dict(), "audio_config": SIZES})).eval()
    model.save_pretrained(tmp_path)
    again = AdiffModel.from_pretrained(tmp_path).eval()
    assert isinstance(again.config.audio_config, ConvolutionalEncoderConfig)
    spectrogram = torch.randn(2, 1, 50, 16)
    assert torch.allclose(again.hear_spectrogram(spectrogram).events, model.hear_spectrogram(spectrogram).events)
