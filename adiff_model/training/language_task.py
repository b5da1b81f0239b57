"""Unimodal pretraining of the language model: it learns the language of the answers."""

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor
from adiff_model.training.answers import IGNORED_LABEL, answer_tokens
from adiff_model.training.examples import Example, Examples
from adiff_model.training.task import Batch


class LanguageLoss(nn.Module):
    """The cross-entropy of answers that begin with the separator, at the positions that they have after a prefix."""

    def __init__(self, model: AdiffModel) -> None:
        super().__init__()
        self.language_model = model.language_model
        self._separator, self._first_position = model.config.separator_token, model.config.prefix_tokens - 1

    def forward(self, answer_ids: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """The loss of (answers, length) tokens."""
        input_ids = functional.pad(answer_ids[:, :-1], (1, 0), value=self._separator)
        positions = self._first_position + torch.arange(input_ids.shape[1], device=input_ids.device)
        logits = self.language_model(input_ids=input_ids, position_ids=positions.unsqueeze(0)).logits
        return functional.cross_entropy(logits.flatten(0, 1).float(), labels.flatten(), ignore_index=IGNORED_LABEL)


class LanguageTask:
    """Draws answers."""

    def __init__(self, model: AdiffModel, processor: AdiffProcessor, training: Examples, validation: Examples) -> None:
        self.loss: nn.Module = LanguageLoss(model)
        self._model, self._processor, self._training, self._validation = model, processor, training, validation

    def batch(self, batch_size: int, *position: int) -> Batch:
        """Token ids and labels: (answers, length) each."""
        return self._make_batch(self._training.draw(batch_size, *position))

    def validation(self, batch_size: int, max_batches: int) -> Sequence[Batch]:
        """Answers of every task."""
        return [self._make_batch(examples) for examples in self._validation.fixed(batch_size)][:max_batches]

    @torch.inference_mode()
    def samples(self, count: int) -> list[dict[str, str]]:
        """None: without a prefix there is nothing to answer."""
        del count
        return []

    def _make_batch(self, examples: Sequence[Example]) -> Batch:
        return answer_tokens(self._processor, [example.answer for example in examples])
