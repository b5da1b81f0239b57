"""Answers as they are learned, and as tokens."""

import re
from collections.abc import Sequence

import torch

from adiff_model.processor import AdiffProcessor

IGNORED_LABEL = -100  # of tokens that do not count

_AMOUNT = re.compile(r"\s+by (?:about )?\d[\d.,]* [a-zA-Z]+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_NUMBER = re.compile(r"(?<!audio )(?<![\w.])\d", re.IGNORECASE)  # other than the name of an audio


def without_amounts(answer: str) -> str:
    """An answer without amounts ("louder by 4 LU"), and without sentences that state another number.

    For a model that can tell which audio is louder, but would guess by how much.
    """
    text = _AMOUNT.sub("", answer)
    kept = [sentence for sentence in _SENTENCE_END.split(text) if not _NUMBER.search(sentence)]
    return " ".join(kept) if kept else text


def answer_tokens(processor: AdiffProcessor, answers: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """The tokens of answers, each followed by the stop token, and their labels: (answers, longest) each.

    Padding does not count. An answer that exceeds the language model's context is cut, and has no stop token.
    """
    config = processor.config
    max_length = config.language_config.n_positions - config.prefix_tokens
    rows = [
        [*processor.tokenizer.encode(answer, add_special_tokens=False), config.stop_token][:max_length]
        for answer in answers
    ]
    longest = max(map(len, rows))
    ids = torch.full((len(rows), longest), config.pad_token)
    labels = torch.full((len(rows), longest), IGNORED_LABEL)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = labels[index, : len(row)] = torch.tensor(row)
    return ids, labels
