"""Multimodal grounding and fine-tuning: the model learns to answer a prompt about two clips."""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import torch
from torch import nn

from adiff_model.generation import Decoding, generate_tokens
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor
from adiff_model.training.answers import answer_tokens
from adiff_model.training.augmentation import EmbeddingAugmentation, spec_augment
from adiff_model.training.events_task import event_loss
from adiff_model.training.examples import Example, Examples, recordings_of
from adiff_model.training.spectrograms import Spectrograms
from adiff_model.training.task import Batch

Embeddings = Mapping[str, np.ndarray]  # by recording, (encoder size,)


class ExplainLoss(nn.Module):
    """The cross-entropy of the answers' tokens, for clips that are already encoded."""

    def __init__(self, model: AdiffModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, embedding1: torch.Tensor, embedding2: torch.Tensor, *text: torch.Tensor) -> torch.Tensor:
        """The loss of embeddings (pairs, size) with prompts, answers and labels."""
        return self.model(embedding1, embedding2, *text).loss


class EncodeAndExplainLoss(nn.Module):
    """The same from spectrograms, for a trained encoder; plus the event loss, if it has a weight."""

    def __init__(self, model: AdiffModel, num_labelled: int, events_weight: float) -> None:
        super().__init__()
        self.model, self._num_labelled, self._events_weight = model, num_labelled, events_weight

    def forward(self, spectrogram1: torch.Tensor, spectrogram2: torch.Tensor, *inputs: torch.Tensor) -> torch.Tensor:
        """The loss of spectrograms (pairs, 1, frames, mels) with prompts, answers, labels and the clips' events."""
        *text, active = inputs
        encoding = self.model.encode_spectrogram(torch.cat((spectrogram1, spectrogram2)))
        embedding1, embedding2 = encoding.embeddings.chunk(2)
        loss = self.model(embedding1, embedding2, *text).loss
        if not self._events_weight:
            return loss
        events = event_loss(self.model.event_head, encoding.frame_logits, active, self._num_labelled)
        return loss + self._events_weight * events


class ExplainTask:
    """Draws pairs with a prompt and an answer; clips are encoded beforehand, since the encoder is frozen."""

    def __init__(
        self,
        model: AdiffModel,
        processor: AdiffProcessor,
        training: Examples,
        validation: Examples,
        embeddings: Embeddings,
        augmentation: EmbeddingAugmentation | None = None,
    ) -> None:
        self.loss: nn.Module = ExplainLoss(model)
        self._augmentation = augmentation or EmbeddingAugmentation()
        self._model, self._processor, self._training, self._validation = model, processor, training, validation
        self._embeddings = embeddings

    def batch(self, batch_size: int, *position: int) -> Batch:
        """Both clips, prompts, answers and labels."""
        return self._make_batch(self._training.draw(batch_size, *position), np.random.default_rng(position))

    def validation(self, batch_size: int, max_batches: int) -> Sequence[Batch]:
        """Examples of every task, with the canonical prompt and without augmentation."""
        return [self._make_batch(examples, None) for examples in self._validation.fixed(batch_size)[:max_batches]]

    def samples(self, count: int) -> list[dict[str, str]]:
        """Answers to a few examples of every task."""
        return [
            {
                "audio1": example.audio1,
                "audio2": example.audio2,
                "prompt": example.prompt,
                "answer": answer,
                "reference": example.answer,
            }
            for examples in self._validation.fixed(count)
            for example, answer in zip(examples, self._answers(examples), strict=True)
        ]

    def _answers(self, examples: Sequence[Example]) -> list[str]:
        if not examples:
            return []
        device = self._model.device
        embedding1, embedding2 = (embedding.to(device) for embedding in self._embed(examples))
        prompts = self._processor.prompts([example.prompt for example in examples]).to(device)
        answers = generate_tokens(self._model, embedding1, embedding2, prompts, Decoding())
        return [self._processor.text(tokens) for tokens in answers]

    def _embed(self, examples: Sequence[Example]) -> list[torch.Tensor]:
        return pair_embeddings(examples, self._embeddings)

    def _make_batch(self, examples: Sequence[Example], random: np.random.Generator | None) -> Batch:
        return (*self._augmentation.apply(self._embed(examples), random), *self._text(examples))

    def _text(self, examples: Sequence[Example]) -> Batch:
        prompts = self._processor.prompts([example.prompt for example in examples])
        return (prompts, *answer_tokens(self._processor, [example.answer for example in examples]))


class EncodeAndExplainTask(ExplainTask):
    """The same with spectrograms, for a trained encoder.

    Args:
        active: by recording, which class sounds in which frame; None if events are not known.
        num_labelled: the number of classes that have labels.
        masking: whether training spectrograms are masked (`spec_augment`).
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
        num_labelled: int = 1,
        events_weight: float = 0.0,
        masking: bool = False,
    ) -> None:
        super().__init__(model, processor, training, validation, {})
        self.loss = EncodeAndExplainLoss(model, num_labelled, events_weight if active else 0.0)
        self._spectrograms, self._active, self._masking = spectrograms, active, masking

    def _make_batch(self, examples: Sequence[Example], random: np.random.Generator | None) -> Batch:
        return (*self._crops(examples, random), *self._text(examples), self._labels(examples))

    def _crops(self, examples: Sequence[Example], random: np.random.Generator | None) -> Sequence[torch.Tensor]:
        crops = [self._spectrograms.crops(recordings, random) for recordings in recordings_of(examples)]
        return [spec_augment(crop, random) for crop in crops] if self._masking and random is not None else crops

    def _labels(self, examples: Sequence[Example]) -> torch.Tensor:
        if not self._active:
            return torch.zeros(0)
        return torch.stack([self._active[path] for path in chain(*recordings_of(examples))])

    @torch.inference_mode()
    def _embed(self, examples: Sequence[Example]) -> list[torch.Tensor]:
        device = self._model.device
        return [self._model.encode_spectrogram(crop.to(device)).embeddings for crop in self._crops(examples, None)]


def pair_embeddings(examples: Sequence[Example], embeddings: Embeddings) -> list[torch.Tensor]:
    """The embeddings of the first and of the second clips: (pairs, size) each."""
    return [
        torch.from_numpy(np.stack([embeddings[path] for path in recordings])) for recordings in recordings_of(examples)
    ]


def noise_embeddings(paths: Sequence[str], size: int) -> dict[str, np.ndarray]:
    """A random embedding of each recording, seeded by its name: reproducible, and unrelated to the sound."""
    seeds = {path: int.from_bytes(hashlib.sha256(path.encode()).digest()[:8], "big") for path in paths}
    return {path: np.random.default_rng(seed).standard_normal(size).astype(np.float32) for path, seed in seeds.items()}
