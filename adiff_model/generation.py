"""Generating answers: the prefix is read once, then each token takes one step (key-value cache)."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import GPT2LMHeadModel
from transformers.generation.streamers import BaseStreamer

from adiff_data.core.errors import InputError
from adiff_model.cpu_decoding import growing_cache
from adiff_model.model import AdiffModel

# The cache's name in transformers, which from 5.24 on warns of the old one.
_CACHE_ARGUMENT = "cache" if "cache" in inspect.signature(GPT2LMHeadModel.forward).parameters else "past_key_values"


@dataclass(frozen=True)
class Decoding:
    """How answers are decoded.

    Attributes:
        max_len: the maximum number of tokens.
        temperature: 1.0 decodes greedily, as published; any other value samples.
        sample: whether to sample at temperature 1.0, too.
        top_p: sample only from the most probable tokens, which make up this probability (nucleus sampling).
        beams: more than 1 for beam search.
        seed: the seed of sampling.
    """

    max_len: int = 300
    temperature: float = 1.0
    sample: bool = False
    top_p: float | None = None
    beams: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        """Raises InputError for values out of range."""
        if self.max_len < 1 or self.beams < 1:
            raise InputError("max_len and beams must be at least 1")
        if self.temperature <= 0:
            raise InputError("temperature must be above 0", mend="1.0 is greedy, as published")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise InputError("top_p must be above 0 and at most 1")

    @property
    def is_sampling(self) -> bool:
        """Whether tokens are drawn at random."""
        return self.sample or self.temperature != 1.0 or self.top_p is not None


@torch.inference_mode()
def generate_tokens(
    model: AdiffModel,
    embeddings1: torch.Tensor,
    embeddings2: torch.Tensor,
    prompt_ids: torch.Tensor,
    decoding: Decoding,
    spoken: Callable[[int, int], None] | None = None,
) -> list[list[int]]:
    """The tokens of each pair's answer, including the stop token if there is one.

    Args:
        embeddings1, embeddings2: (pairs, encoder size).
        prompt_ids: (pairs, prompt length).
        spoken: called with the pair and each token of its answer as soon as it is chosen; beam search chooses all at
            the end, and never calls it. What it raises ends the generation.
    """
    config = model.config
    max_new_tokens = min(decoding.max_len, config.language_config.n_positions - config.prefix_tokens)
    prefix = model.prefix(embeddings1, embeddings2, prompt_ids)
    options: dict[str, Any] = {}
    if decoding.is_sampling:
        torch.manual_seed(decoding.seed)
        options = {"temperature": decoding.temperature, "top_p": decoding.top_p or 1.0, "top_k": 0}
    if spoken and decoding.beams == 1:
        options["streamer"] = _Spoken(len(prefix), config.stop_token, spoken)
    language_model: Any = model.language_model  # transformers types generate() for a class of its own
    tokens: torch.Tensor = language_model.generate(
        inputs_embeds=prefix,
        attention_mask=torch.ones(prefix.shape[:2], dtype=torch.long, device=prefix.device),
        max_new_tokens=max_new_tokens,
        do_sample=decoding.is_sampling,
        num_beams=decoding.beams,
        eos_token_id=config.stop_token,
        pad_token_id=config.separator_token,
        use_cache=True,
        **({_CACHE_ARGUMENT: growing_cache()} if decoding.beams == 1 else {}),
        **options,
    )
    return [_until_stop(row, config.stop_token) for row in tokens.tolist()]


class _Spoken(BaseStreamer):
    """Passes on the tokens of each row, up to its stop token: behind it, a row is padded until all have ended."""

    def __init__(self, rows: int, stop_token: int, spoken: Callable[[int, int], None]) -> None:
        self._unfinished = list(range(rows))
        self._stop_token, self._spoken = stop_token, spoken

    def put(self, value: torch.Tensor) -> None:
        """Takes one token of each row; what transformers tells first, the prompt's tokens, has two dimensions."""
        if value.dim() != 1:
            return
        tokens = value.tolist()
        for row in self._unfinished:
            self._spoken(row, tokens[row])
        self._unfinished = [row for row in self._unfinished if tokens[row] != self._stop_token]

    def end(self) -> None:
        """Nothing is left to pass on."""


def batch_by_prompt(prompts: Sequence[str], batch_size: int) -> list[list[int]]:
    """The indices of prompts in batches; equal prompts are together, since their answers are of similar length."""
    indices = sorted(range(len(prompts)), key=lambda index: (len(prompts[index]), prompts[index]))
    return [indices[start : start + batch_size] for start in range(0, len(indices), batch_size)]


def _until_stop(tokens: list[int], stop_token: int) -> list[int]:
    return tokens[: tokens.index(stop_token) + 1] if stop_token in tokens else tokens
