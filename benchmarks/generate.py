"""How fast the model answers: the published algorithm and this one, on the same weights and clips, in one run.

    python -m benchmarks.generate [--tokens 200] [--published-tokens 200] [--pairs 32] [--runs 3] [--device cuda]

The base model's sizes with random weights. The published algorithm reads the prefix and all tokens so far again for
each token, one pair at a time (it has no batches). Behind each figure of this one: the floor, which is the time to read
the language model's weights once a token at the memory bandwidth that was measured, and the share of it that is
reached. Rates hold the whole of `generate_tokens`, mappers and reading the prefix included.
"""

import argparse
import copy
import logging
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

from adiff_data.demo import DemoSettings, write_corpus
from adiff_model.config import AdiffConfig
from adiff_model.cpu_decoding import quantize, use_few_rows_products
from adiff_model.encoding import ENCODER_BATCH_SIZE, Reading, encode_clips
from adiff_model.generation import Decoding, generate_tokens
from adiff_model.model import AdiffModel

PROMPT = [20676, 391, 262, 3580, 287, 3703, 220, 50256] + [0] * 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--published-tokens", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=32)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--clips", type=int, default=48)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    logging.getLogger("transformers").setLevel(logging.ERROR)
    device = arguments.device
    model = AdiffModel(AdiffConfig(stop_token=-1)).eval().to(device)  # no stop: every answer has all tokens
    print(f"{model.num_parameters() / 1e6:.0f} M parameters, {torch.get_num_threads()} threads, {device}")
    embeddings = torch.randn(2, arguments.pairs, model.config.audio_config.hidden_size, device=device)
    prompts = torch.tensor([PROMPT] * arguments.pairs, device=device)

    old = rate(lambda: published(model, embeddings, prompts, arguments.published_tokens), 1)
    print(f"published algorithm, one pair: {old:.2f} tokens a second")
    bandwidth = measure_bandwidth(device)
    print(f"memory bandwidth, read: {bandwidth / 1e9:.1f} GB/s")
    weights = sum(value.numel() * value.element_size() for value in model.language_model.parameters())

    def both(name: str, read_a_token: float) -> None:
        for pairs in (1, arguments.pairs):
            some = embeddings[:, :pairs], prompts[:pairs]
            found = rate(lambda some=some: ours(model, *some, arguments.tokens), arguments.runs)
            report(f"{name}, {pairs} pairs at once", found, old, pairs * bandwidth / read_a_token)

    if device == "cpu":
        encoding(model, arguments.clips)
        quantized = quantize(copy.deepcopy(model.language_model))
        use_few_rows_products(model.language_model)
    check_same_tokens(model, embeddings, prompts)
    both("this one, float32", weights)
    if device == "cuda":
        model.to(torch.bfloat16)
        both("this one, bfloat16", weights / 2)
    else:
        model.language_model = quantized
        both("this one, int8", weights / 4)
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


@torch.inference_mode()
def published(model: AdiffModel, embeddings: torch.Tensor, prompts: torch.Tensor, tokens: int) -> list[int]:
    """Greedy decoding of the first pair without a cache; returns its tokens."""
    embed = model.token_embedding
    read = model.prefix(embeddings[0, :1], embeddings[1, :1], prompts[:1])
    answer = []
    for _ in range(tokens):
        logits = model.language_model(inputs_embeds=read, use_cache=False).logits[:, -1]
        ordered, places = torch.sort(logits, descending=True)  # its top-p filter, which keeps the first
        outside = ordered.softmax(dim=-1).cumsum(dim=-1) > 0.8
        outside[:, 0] = False
        logits[0, places[outside]] = -torch.inf
        answer.append(int(logits.argmax()))
        read = torch.cat((read, embed(torch.tensor([[answer[-1]]], device=read.device))), dim=1)
    return answer


def ours(model: AdiffModel, embeddings: torch.Tensor, prompts: torch.Tensor, tokens: int) -> list[int]:
    answers = generate_tokens(model, embeddings[0], embeddings[1], prompts, Decoding(max_len=tokens))
    return [token for answer in answers for token in answer]


def check_same_tokens(model: AdiffModel, embeddings: torch.Tensor, prompts: torch.Tensor) -> None:
    one, other = published(model, embeddings, prompts, 8), ours(model, embeddings[:, :1], prompts[:1], 8)
    print(f"the same tokens: {one == other}")


def rate(work: Callable[[], list[int]], runs: int) -> float:
    """Median of tokens a second."""
    work()
    rates = []
    for _ in range(runs):
        began = time.perf_counter()
        rates.append(len(work()) / (time.perf_counter() - began))
    return statistics.median(rates)


def report(name: str, found: float, old: float, floor: float) -> None:
    print(
        f"{name}: {found:.1f} tokens a second, {found / old:.0f} times; floor {floor:.0f}, {found / floor:.0%} reached"
    )


def measure_bandwidth(device: str) -> float:
    """Bytes a second that a large array is read with: the best of several sums."""
    array = torch.ones(128 << 20, device=device)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        float(array.sum())
        times.append(time.perf_counter() - began)
    return array.numel() * 4 / min(times)


def encoding(model: AdiffModel, clips: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        write_corpus(corpus, DemoSettings(development=clips, validation=1, evaluation=1))
        paths = [str(path) for path in sorted((corpus / "development").glob("*.wav"))]
        encode_clips(model, paths[:ENCODER_BATCH_SIZE], reading=Reading(), reading_threads=0)
        began = time.perf_counter()
        encode_clips(model, paths, reading=Reading(), reading_threads=1)
        print(f"encoding: {clips / (time.perf_counter() - began):.1f} clips a second")


if __name__ == "__main__":
    main()
