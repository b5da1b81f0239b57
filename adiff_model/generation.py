"""Answers from prefixes: the prefix is read once, each token then costs one step (key-value cache)."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from adiff_data.core.errors import InputError
from adiff_model.cpu_decoding import growing_cache
from adiff_model.model import AdiffModel


@dataclass(frozen=True)
class Decoding:
    """How an answer is chosen.

    Attributes:
        max_len: tokens at most.
        temperature: 1.0 takes the likeliest token each time, as published; another value samples.
        sample: samples at temperature 1.0 too.
        top_p: of the tokens that are sampled from, those that make up this much probability.
        beams: more than 1 searches for the likeliest answer.
        seed: of sampling.
    """

    max_len: int = 300
    temperature: float = 1.0
    sample: bool = False
    top_p: float | None = None
    beams: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        """Raises InputError for values that make no sense."""
        if self.max_len < 1 or self.beams < 1:
            raise InputError("max_len and beams are at least 1")
        if self.temperature <= 0:
            raise InputError("a temperature is above 0", mend="1.0 is greedy, as published")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise InputError("top_p is above 0 and at most 1")

    @property
    def samples(self) -> bool:
        """Whether anything is left to chance."""
        return self.sample or self.temperature != 1.0 or self.top_p is not None


@torch.inference_mode()
def generate_tokens(
    model: AdiffModel,
    embeddings1: torch.Tensor,
    embeddings2: torch.Tensor,
    prompt_ids: torch.Tensor,
    decoding: Decoding,
) -> list[list[int]]:
    """The tokens of each pair's answer, the stop token included where it came.

    Args:
        embeddings1, embeddings2: (pairs, encoder size).
        prompt_ids: (pairs, prompt length).
    """
    config = model.config
    room = config.text_config.n_positions - config.prefix_tokens
    prefix = model.prefix(embeddings1.to(model.dtype), embeddings2.to(model.dtype), prompt_ids)
    chance = {"temperature": decoding.temperature, "top_p": decoding.top_p or 1.0, "top_k": 0}
    if decoding.samples:
        torch.manual_seed(decoding.seed)
    tokens = model.language_model.generate(
        inputs_embeds=prefix,
        attention_mask=torch.ones(prefix.shape[:2], dtype=torch.long, device=prefix.device),
        max_new_tokens=min(decoding.max_len, room),
        do_sample=decoding.samples,
        num_beams=decoding.beams,
        eos_token_id=config.stop_token,
        pad_token_id=config.separator_token,
        past_key_values=growing_cache() if decoding.beams == 1 else None,
        use_cache=True,
        **(chance if decoding.samples else {}),
    )
    return [_until_stop(row, config.stop_token) for row in tokens.tolist()]


def batches(order: Sequence[str], size: int) -> list[list[int]]:
    """Places in batches of at most `size`, those with the same prompt together: their answers are about as long."""
    places = sorted(range(len(order)), key=lambda place: (len(order[place]), order[place]))
    return [places[start : start + size] for start in range(0, len(places), size)]


def _until_stop(tokens: list[int], stop: int) -> list[int]:
    return tokens[: tokens.index(stop) + 1] if stop in tokens else tokens
