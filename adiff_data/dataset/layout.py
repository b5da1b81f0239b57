"""What a published folder is known by, the files in it, and the Hub's names of splits."""

import re

from adiff_data.core.errors import InputError

CROISSANT = "croissant.json"
CARD = "README.md"
CLIPS = "_clips"  # what the name of a config of clips ends in


HUB_SPLITS = ("train", "validation", "test")
_OF_CORPUS = {
    "development": "train",
    "dev": "validation",
    "val": "validation",
    "valid": "validation",
    "evaluation": "test",
    "eval": "test",
    "all": "train",
}
_NAME = re.compile(r"\w+(\.\w+)*")


def hub_split(split: str) -> str:
    """The Hub's name of a corpus' own split: Clotho's development, validation and evaluation are train, validation
    and test; a name that is not known stays.

    Raises:
        InputError: the name holds what the Hub does not allow (it allows letters, digits, _ and .).
    """
    name = _OF_CORPUS.get(split, split)
    if not _NAME.fullmatch(name):
        raise InputError(f"'{split}' is no name of a split on the Hub")
    return name


def in_order(splits: set[str]) -> list[str]:
    """Train, validation and test first, then the others by name."""
    return sorted(splits, key=lambda name: (HUB_SPLITS.index(name) if name in HUB_SPLITS else 3, name))
