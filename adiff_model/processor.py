"""From audio files and prompts to what the network takes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from adiff_model.audio import Window, cut, read_audio
from adiff_model.config import AdiffConfig
from adiff_model.tokenizer import load_tokenizer, prompt_ids


class AdiffProcessor:
    """Reads clips, and turns prompts into tokens and tokens into text."""

    def __init__(self, config: AdiffConfig, tokenizer: PreTrainedTokenizerFast) -> None:
        self.config, self.tokenizer = config, tokenizer

    @classmethod
    def from_pretrained(cls, folder: str | Path) -> "AdiffProcessor":
        """The processor of a model's folder."""
        return cls(AdiffConfig.from_pretrained(folder), load_tokenizer(Path(folder)))

    def save_pretrained(self, folder: str | Path) -> None:
        """Writes the sizes and the tokenizer into a model's folder."""
        self.config.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)

    def audio(self, paths: Sequence[str | Path], window: Window = "start") -> torch.Tensor:
        """One window of each file: (clips, samples), float32, -1 to 1.

        Raises:
            InputError: a file cannot be read.
        """
        clips = [read_audio(Path(path), self.config.sampling_rate) for path in paths]
        return torch.from_numpy(np.concatenate([cut(clip, self.config.clip_samples, window)[:1] for clip in clips]))

    def prompts(self, prompts: Sequence[str]) -> torch.Tensor:
        """(prompts, prompt length)."""
        length, pad = self.config.prompt_length, self.config.pad_token
        return torch.tensor([prompt_ids(self.tokenizer, prompt, length, pad) for prompt in prompts])

    def text(self, tokens: Sequence[int]) -> str:
        """An answer's text, without the stop token and the spaces around it."""
        return self.tokenizer.decode(tokens, skip_special_tokens=True).strip()
