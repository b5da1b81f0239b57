"""The small encoder: its sizes, its event head, and a checkpoint that contains it."""

import torch

from adiff_model.convolutional_encoder import ConvolutionalEncoder, ConvolutionalEncoderConfig, FrameEventHead
from adiff_model.model import AdiffModel
from tests.adiff_model.conftest import small_convolutional

SIZES = ConvolutionalEncoderConfig(num_mel_bins=16, widths=(4, 8, 12), known_classes=(3, 500))


def test_features_follow_the_clip_over_time():
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


def test_a_few_frames_are_enough_for_the_clip():
    head = FrameEventHead(ConvolutionalEncoderConfig(widths=(2,), known_classes=(7, 8, 9))).eval()
    frame_logits = torch.full((1, 3, 100), -8.0)
    frame_logits[0, 1, 40:44] = 4.0
    probabilities = head.pool(frame_logits)[0]
    assert probabilities[1] > 0.9
    assert probabilities[0] < 0.01
    assert head.frame_logits(torch.randn(2, 2, 1, 5)).shape == (2, 3, 5)


def test_a_class_that_the_head_does_not_know_has_probability_0():
    head = FrameEventHead(SIZES)
    events = head.audioset_probabilities(torch.tensor([[0.25, 0.75]]))
    assert events.shape == (1, 527)
    assert torch.nonzero(events[0]).flatten().tolist() == [3, 500]
    assert events[0, 500] == 0.75


def test_it_can_be_saved_and_loaded(tmp_path):
    model = small_convolutional()
    model.save_pretrained(tmp_path)
    again = AdiffModel.from_pretrained(tmp_path).eval()
    assert isinstance(again.config.audio_config, ConvolutionalEncoderConfig)
    spectrogram = torch.randn(2, 1, 50, 16)
    first, second = (each.encode_spectrogram(spectrogram).event_probabilities for each in (model, again))
    assert torch.allclose(first, second)
