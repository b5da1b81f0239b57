"""Unimodal pretraining of the language model: the language of the answers."""

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor
from adiff_model.training.answers import IGNORED, answer_tokens
from adiff_model.training.examples import Example, Examples
from adiff_model.training.task import Batch


class LanguageLoss(nn.Module):
    """Cross-entropy of answers, each begun by the separator, at the positions that they have behind a prefix."""

    def __init__(self, model: AdiffModel) -> None:
        super().__init__()
        self.language_model = model.language_model
        self._separator, self._first = model.config.separator_token, model.config.prefix_tokens - 1

    def forward(self, answer_ids: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """The loss of (answers, length) tokens."""
        begun = functional.pad(answer_ids[:, :-1], (1, 0), value=self._separator)
        positions = self._first + torch.arange(begun.shape[1], device=begun.device)
        logits = self.language_model(input_ids=begun, position_ids=positions.unsqueeze(0)).logits
        return functional.cross_entropy(logits.flatten(0, 1).float(), labels.flatten(), ignore_index=IGNORED)


class LanguageTask:
    """Draws answers."""

    def __init__(self, model: AdiffModel, processor: AdiffProcessor, training: Examples, validation: Examples) -> None:
        self.loss = LanguageLoss(model)
        self._model, self._processor, self._training, self._validation = model, processor, training, validation

    def batch(self, count: int, *place: int) -> Batch:
        """Token ids and labels: (answers, length) each."""
        return self._of(self._training.draw(count, *place))

    def validation(self, count: int, most: int) -> Sequence[Batch]:
        """Answers of every task."""
        return [self._of(examples) for examples in self._validation.fixed(count)][:most]

    @torch.inference_mode()
    def samples(self, count: int) -> list[dict[str, str]]:
        """Nothing: without a prefix there is nothing to answer to."""
        del count
        return []

    def _of(self, examples: Sequence[Example]) -> Batch:
        return answer_tokens(self._processor, [example.answer for example in examples])
