"""The layout of a published dataset: names of files, configs and splits."""

import re

from adiff_data.core.errors import InputError

CROISSANT = "croissant.json"  # a folder that has this file is a published dataset
CARD = "README.md"
PLOTS = "plots"  # the folder of the card's plots
CLIPS = "_clips"  # the end of the name of a config of clips

HUB_SPLITS = ("train", "validation", "test")
_HUB_SPLIT_OF = {
    "development": "train",
    "dev": "validation",
    "val": "validation",
    "valid": "validation",
    "evaluation": "test",
    "eval": "test",
    "all": "train",
}
_SPLIT = re.compile(r"\w+(\.\w+)*")


def hub_split(split: str) -> str:
    """The Hub's name of a corpus' own split: Clotho's development, validation and evaluation are train, validation and
    test. An unknown name stays as it is.

    Raises:
        InputError: the name has characters that the Hub does not allow (it allows letters, digits, _ and .).
    """
    name = _HUB_SPLIT_OF.get(split, split)
    if not _SPLIT.fullmatch(name):
        raise InputError(f"'{split}' is no name of a split on the Hub")
    return name


def sorted_splits(splits: set[str]) -> list[str]:
    """Train, validation and test first, then the others by name."""
    return sorted(splits, key=lambda name: (HUB_SPLITS.index(name) if name in HUB_SPLITS else 3, name))
