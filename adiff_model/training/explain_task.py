"""Multimodal grounding and fine-tuning: two clips and a prompt in, the answer out."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import nn

from adiff_model.generation import Decoding, generate_tokens
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor
from adiff_model.training.answers import answer_tokens
from adiff_model.training.augmentation import Doubt, spec_augment
from adiff_model.training.events_task import event_loss
from adiff_model.training.examples import Example, Examples
from adiff_model.training.spectrograms import Spectrograms
from adiff_model.training.task import Batch

Embeddings = Mapping[str, np.ndarray]


class ExplainLoss(nn.Module):
    """Cross-entropy of the answers' tokens, for clips that are embedded already."""

    def __init__(self, model: AdiffModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, one: torch.Tensor, other: torch.Tensor, *text: torch.Tensor) -> torch.Tensor:
        """The loss of embeddings (pairs, size) with prompts, answers and labels."""
        return self.model(one, other, *text).loss


class HearAndExplainLoss(nn.Module):
    """The same from spectrograms, for an encoder that learns; with the event loss where that has a weight."""

    def __init__(self, model: AdiffModel, labelled: int, events_weight: float) -> None:
        super().__init__()
        self.model, self._labelled, self._weight = model, labelled, events_weight

    def forward(self, one: torch.Tensor, other: torch.Tensor, *rest: torch.Tensor) -> torch.Tensor:
        """The loss of spectrograms (pairs, 1, frames, mels) with prompts, answers, labels and clips' events."""
        *text, active = rest
        heard = self.model.hear_spectrogram(torch.cat((one, other)))
        loss = self.model(*heard.embedding.chunk(2), *text).loss
        if not self._weight:
            return loss
        events = event_loss(self.model.event_head, heard.moments, active, self._labelled)
        return loss + self._weight * events


class ExplainTask:
    """Draws pairs with a prompt and an answer; clips are embedded beforehand, since the encoder is frozen."""

    def __init__(
        self,
        model: AdiffModel,
        processor: AdiffProcessor,
        training: Examples,
        validation: Examples,
        embeddings: Embeddings,
        doubt: Doubt | None = None,
    ) -> None:
        self.loss: nn.Module = ExplainLoss(model)
        self._doubt = doubt or Doubt()
        self._model, self._processor, self._training, self._validation = model, processor, training, validation
        self._embeddings = embeddings

    def batch(self, count: int, *place: int) -> Batch:
        """Both clips, prompts, answers and labels."""
        return self._of(self._training.draw(count, *place), np.random.default_rng(place))

    def validation(self, count: int, most: int) -> Sequence[Batch]:
        """Examples of every task, with the canonical prompt, uncropped at random and unmasked."""
        return [self._of(examples, None) for examples in self._validation.fixed(count)[:most]]

    def samples(self, count: int) -> list[dict[str, str]]:
        """Answers to a few examples of every task."""
        found = []
        for examples in self._validation.fixed(count):
            answers = self._answers(examples) if examples else []
            found += [
                {
                    "audio1": own.audio1,
                    "audio2": own.audio2,
                    "prompt": own.prompt,
                    "answer": said,
                    "reference": own.answer,
                }
                for own, said in zip(examples, answers, strict=True)
            ]
        return found

    def _answers(self, examples: Sequence[Example]) -> list[str]:
        device = self._model.device
        one, other = (part.to(device) for part in self._embedded(examples))
        prompts = self._processor.prompts([example.prompt for example in examples]).to(device)
        return [self._processor.text(row) for row in generate_tokens(self._model, one, other, prompts, Decoding())]

    def _embedded(self, examples: Sequence[Example]) -> list[torch.Tensor]:
        return embedded(examples, self._embeddings)

    def _of(self, examples: Sequence[Example], random: np.random.Generator | None) -> Batch:
        return (*self._doubt.cast(self._embedded(examples), random), *self._text(examples))

    def _text(self, examples: Sequence[Example]) -> Batch:
        prompts = self._processor.prompts([example.prompt for example in examples])
        return (prompts, *answer_tokens(self._processor, [example.answer for example in examples]))


class HearAndExplainTask(ExplainTask):
    """The same with spectrograms, for an encoder that learns.

    Args:
        active: by recording, which class sounds in which frame; None where no event is known.
        labelled: classes that have labels.
    """

    def __init__(
        self,
        model: AdiffModel,
        processor: AdiffProcessor,
        training: Examples,
        validation: Examples,
        spectrograms: Spectrograms,
        *,
        active: Mapping[str, torch.Tensor] | None = None,
        labelled: int = 1,
        events_weight: float = 0.0,
        masks: bool = False,
    ) -> None:
        super().__init__(model, processor, training, validation, {})
        self.loss = HearAndExplainLoss(model, labelled, events_weight if active else 0.0)
        self._spectrograms, self._active, self._masks = spectrograms, active, masks

    def _of(self, examples: Sequence[Example], random: np.random.Generator | None) -> Batch:
        return (*self._clips(examples, random), *self._text(examples), self._events(examples))

    def _clips(self, examples: Sequence[Example], random: np.random.Generator | None) -> Batch:
        sides = ([example.audio1 for example in examples], [example.audio2 for example in examples])
        crops = [self._spectrograms.crops(side, random) for side in sides]
        return [spec_augment(crop, random) for crop in crops] if self._masks and random is not None else crops

    def _events(self, examples: Sequence[Example]) -> torch.Tensor:
        if not self._active:
            return torch.zeros(0)
        paths = [example.audio1 for example in examples] + [example.audio2 for example in examples]
        return torch.stack([self._active[path] for path in paths])

    @torch.inference_mode()
    def _embedded(self, examples: Sequence[Example]) -> list[torch.Tensor]:
        device = self._model.device
        return [self._model.hear_spectrogram(crop.to(device)).embedding for crop in self._clips(examples, None)]


def embedded(examples: Sequence[Example], embeddings: Embeddings) -> list[torch.Tensor]:
    """The embeddings of both clips: (pairs, size) each."""
    sides = ([example.audio1 for example in examples], [example.audio2 for example in examples])
    return [torch.from_numpy(np.stack([embeddings[path] for path in side])) for side in sides]


def noise_embeddings(paths: Sequence[str], size: int) -> dict[str, np.ndarray]:
    """A random embedding of each recording, by its name: says nothing of what is heard, and the same every time."""
    found = {}
    for path in paths:
        seed = int.from_bytes(hashlib.sha256(path.encode()).digest()[:8], "big")
        found[path] = np.random.default_rng(seed).standard_normal(size).astype(np.float32)
    return found
