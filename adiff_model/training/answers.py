"""Prompts and answers as tokens."""

from collections.abc import Sequence

import torch

from adiff_model.processor import AdiffProcessor

IGNORED_LABEL = -100  # of tokens that do not count


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
