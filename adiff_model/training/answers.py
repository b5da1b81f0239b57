"""Prompts and answers as tokens."""

from collections.abc import Sequence

import torch

from adiff_model.processor import AdiffProcessor

IGNORED = -100  # a label that does not count


def answer_tokens(processor: AdiffProcessor, answers: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Answers with the stop token behind them, and their labels: (answers, longest) each.

    What is padded counts nothing; an answer that the language model has no room for is cut, and then has no stop.
    """
    config = processor.config
    room = config.text_config.n_positions - config.prefix_tokens
    rows = [
        [*processor.tokenizer.encode(answer, add_special_tokens=False), config.stop_token][:room] for answer in answers
    ]
    longest = max(map(len, rows))
    ids = torch.full((len(rows), longest), config.pad_token)
    labels = torch.full((len(rows), longest), IGNORED)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = labels[place, : len(row)] = torch.tensor(row)
    return ids, labels
