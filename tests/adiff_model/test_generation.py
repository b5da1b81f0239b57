"""Decoding: the same tokens however they are computed, and randomness only on request."""

import pytest
import torch

from adiff_data.core.errors import InputError
from adiff_model.checkpoints import load_checkpoint
from adiff_model.cpu_decoding import FewRowsLinear, quantize, use_few_rows_products
from adiff_model.generation import Decoding, batch_by_prompt, generate_tokens


@pytest.fixture(scope="module")
def pairs(model):
    """Seven pairs and prompts."""
    generator = torch.Generator().manual_seed(1)
    size = model.config.audio_config.hidden_size
    embeddings = torch.randn(2, 7, size, generator=generator)
    return embeddings[0], embeddings[1], torch.randint(0, 50_000, (7, 40), generator=generator)


@torch.inference_mode()
def without_cache(model, first, second, prompts, tokens):
    """Greedy decoding as published: everything is read again for each token."""
    read, answer = model.prefix(first, second, prompts), []
    for _ in range(tokens):
        answer.append(int(model.language_model(inputs_embeds=read, use_cache=False).logits[0, -1].argmax()))
        last = model.token_embedding(torch.tensor([answer[-1:]]))
        read = torch.cat((read, last), dim=1)
        if answer[-1] == model.config.stop_token:
            break
    return answer


@pytest.mark.slow
def test_alone_and_in_a_batch_the_tokens_are_those_of_the_published_algorithm(model, pairs):
    together = generate_tokens(model, *pairs, Decoding(max_len=30))
    for index, tokens in enumerate(together):
        pair = [part[index : index + 1] for part in pairs]
        assert generate_tokens(model, *pair, Decoding(max_len=30)) == [tokens]
        assert without_cache(model, *pair, 30) == tokens


@pytest.mark.slow
def test_an_answer_for_which_the_cache_grows_again_and_again(model, pairs, monkeypatch):
    monkeypatch.setattr("adiff_model.cpu_decoding._CACHE_BLOCK", 16)
    (long,) = generate_tokens(model, *(part[:1] for part in pairs), Decoding(max_len=60))
    assert len(long) == 60
    assert long == without_cache(model, *(part[:1] for part in pairs), len(long))


@pytest.mark.slow
def test_products_with_few_rows_give_the_same_tokens(converted, model, pairs):
    fast, _ = load_checkpoint(converted)
    use_few_rows_products(fast.language_model)
    assert isinstance(fast.language_model.lm_head, FewRowsLinear)
    assert generate_tokens(fast, *pairs, Decoding(max_len=30)) == generate_tokens(model, *pairs, Decoding(max_len=30))


@pytest.mark.parametrize("shape", [(1, 8), (1, 1, 8), (3, 8), (2, 60, 8)])
def test_products_with_few_rows_are_products(shape):
    weight, bias, inputs = torch.randn(5, 8), torch.randn(5), torch.randn(shape)
    expected = torch.nn.functional.linear(inputs, weight, bias)
    torch.testing.assert_close(FewRowsLinear(weight, bias)(inputs), expected)


@pytest.mark.slow
@torch.inference_mode()
def test_eight_bits_give_nearly_the_same_logits(converted, pairs):
    model, _ = load_checkpoint(converted)
    read = model.prefix(*pairs)
    before = model.language_model(inputs_embeds=read).logits
    after = quantize(model.language_model)(inputs_embeds=read).logits
    assert float((after - before).norm() / before.norm()) < 0.05


@pytest.mark.slow
@torch.inference_mode()
def test_bfloat16_encodes_and_answers(converted, pairs):
    """On the CPU, since there is no GPU here; the wrapper uses it on GPUs alone."""
    model = load_checkpoint(converted)[0].to(torch.bfloat16)
    encoding = model.encode_audio(torch.randn(1, model.config.clip_samples))
    assert encoding.embeddings.isfinite().all()
    (tokens,) = generate_tokens(model, *(part[:1] for part in pairs), Decoding(max_len=5))
    assert len(tokens) == 5


@pytest.mark.slow
def test_sampling_follows_its_seed(model, pairs):
    one = generate_tokens(model, *pairs, Decoding(max_len=10, temperature=1.5, seed=1))
    assert one == generate_tokens(model, *pairs, Decoding(max_len=10, temperature=1.5, seed=1))
    assert one != generate_tokens(model, *pairs, Decoding(max_len=10, temperature=1.5, seed=2))


@pytest.mark.slow
def test_a_small_top_p_is_greedy_and_beams_find_an_answer(model, pairs):
    greedy = generate_tokens(model, *pairs, Decoding(max_len=10))
    assert generate_tokens(model, *pairs, Decoding(max_len=10, top_p=1e-6)) == greedy
    assert len(generate_tokens(model, *pairs, Decoding(max_len=10, beams=3))) == 7


def test_the_answer_ends_with_the_stop_token(model, pairs):
    greedy = generate_tokens(model, *pairs, Decoding(max_len=20))
    model.config.stop_token = greedy[0][3]
    try:
        stopped = generate_tokens(model, *pairs, Decoding(max_len=20))
    finally:
        model.config.stop_token = 220
    assert stopped[0] == greedy[0][: greedy[0].index(greedy[0][3]) + 1]


@pytest.mark.parametrize("wrong", [{"max_len": 0}, {"temperature": 0.0}, {"top_p": 1.5}, {"beams": 0}])
def test_values_out_of_range_are_refused(wrong):
    with pytest.raises(InputError):
        Decoding(**wrong)


def test_batches_have_every_index_once_and_equal_prompts_together():
    batches = batch_by_prompt(["long prompt", "b", "long prompt", "b", "c"], 2)
    assert sorted(index for batch in batches for index in batch) == list(range(5))
    assert batches[0] == [1, 3]
