"""The loss counts the answer's tokens and the stop token, and nothing else; amounts can be left out of answers."""

import pytest
import torch

from adiff_model.training.answers import IGNORED_LABEL, answer_tokens, without_amounts


def test_labels_are_the_answer_and_its_stop(processor):
    ids, labels = answer_tokens(processor, ["Audio 1: siren.", "Audio 1: siren. Audio 2: bell."])
    longest = len(processor.tokenizer.encode("Audio 1: siren. Audio 2: bell.")) + 1
    assert ids.shape == labels.shape == (2, longest)
    shorter = labels[0][labels[0] != IGNORED_LABEL].tolist()
    assert shorter[-1] == processor.config.stop_token
    assert processor.text(shorter) == "Audio 1: siren."
    assert (labels[1] != IGNORED_LABEL).all()


def test_an_answer_with_no_room_is_cut_and_has_no_stop(processor):
    config = processor.config
    ids, labels = answer_tokens(processor, ["siren " * 400])
    assert ids.shape[1] == config.text_config.n_positions - config.prefix_tokens
    assert config.stop_token not in labels


def test_padding_and_what_follows_it_change_no_loss(small, processor):
    torch.manual_seed(1)
    one, other = torch.randn(2, 1, small.config.audio_config.hidden_size)
    prompts = processor.prompts(["explain the difference in few words"])
    ids, labels = answer_tokens(processor, ["Audio 1: siren. Audio 2: bell."])
    alone = small(one, other, prompts, ids, labels).loss
    padded = torch.cat((ids, torch.full((1, 5), 7)), dim=1)
    ignored = torch.cat((labels, torch.full((1, 5), IGNORED_LABEL)), dim=1)
    assert torch.allclose(small(one, other, prompts, padded, ignored).loss, alone, atol=1e-6)
    changed = labels.clone()
    changed[0, 0] = IGNORED_LABEL
    assert not torch.allclose(small(one, other, prompts, ids, changed).loss, alone)


@pytest.mark.parametrize(
    ("answer", "learned"),
    [
        ("Audio 1 is louder by 4 LU and brighter.", "Audio 1 is louder and brighter."),
        ("It rains. The two levels are about 6 dB apart. Audio 2 is softer.", "It rains. Audio 2 is softer."),
        ("Audio 2 is longer by 3.5 seconds, while audio 1 rings.", "Audio 2 is longer, while audio 1 rings."),
        ("Audio 1 has rain, audio 2 has wind.", "Audio 1 has rain, audio 2 has wind."),
        ("A bell rings 3 times.", "A bell rings 3 times."),
    ],
)
def test_amounts_are_left_out_with_what_states_nothing_else(answer, learned):
    assert without_amounts(answer) == learned
