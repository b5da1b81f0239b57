"""Unimodal pretraining of the encoder: it learns which events sound, and when."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from adiff_model.convolutional_encoder import FrameEventHead
from adiff_model.events import class_names
from adiff_model.model import AdiffModel, Encoder, EventHead
from adiff_model.training.augmentation import mix, spec_augment, vary
from adiff_model.training.examples import evenly_spaced
from adiff_model.training.labelled_clips import LabelledClip, activities, class_indices
from adiff_model.training.settings import Augmentation
from adiff_model.training.spectrograms import Spectrograms
from adiff_model.training.task import Batch

_FRAME_THRESHOLD = 0.5  # share of an output frame in which a class must sound to be its label
_CLIP_THRESHOLD = 0.03  # share of a clip


class EventLoss(nn.Module):
    """The cross-entropy of the events of clips and of their frames, over all outputs of the event head.

    Args:
        num_labelled: the number of classes that have labels, by which the sum over all classes is divided.
    """

    def __init__(self, encoder: Encoder, event_head: EventHead | FrameEventHead, num_labelled: int) -> None:
        super().__init__()
        self.encoder, self.event_head, self._num_labelled = encoder, event_head, num_labelled

    def forward(self, spectrogram: torch.Tensor, active: torch.Tensor) -> torch.Tensor:
        """The loss of (clips, 1, frames, mels) in dB and their labels (clips, outputs, frames), bool."""
        features = self.encoder(input_features=spectrogram).last_hidden_state
        frame_logits = self.event_head.frame_logits(features)
        return event_loss(self.event_head, frame_logits, active, self._num_labelled)


def event_loss(
    event_head: EventHead | FrameEventHead, frame_logits: torch.Tensor, active: torch.Tensor, num_labelled: int
) -> torch.Tensor:
    """As `EventLoss`, from the event head's logits (clips, outputs, frames)."""
    frame_logits, activity = frame_logits.float(), active.float()
    num_frames = frame_logits.shape[2]
    with torch.autocast(frame_logits.device.type, enabled=False):
        clip_loss = functional.binary_cross_entropy(
            event_head.pool(frame_logits), (activity.mean(dim=2) > _CLIP_THRESHOLD).float(), reduction="sum"
        )
        labels = (functional.adaptive_avg_pool1d(activity, num_frames) > _FRAME_THRESHOLD).float()
        frame_loss = functional.binary_cross_entropy_with_logits(frame_logits, labels, reduction="sum") / num_frames
    return (clip_loss + frame_loss) / (len(frame_logits) * num_labelled)


class EventsTask:
    """Draws clips with known events."""

    def __init__(
        self,
        model: AdiffModel,
        training: Sequence[LabelledClip],
        validation: Sequence[LabelledClip],
        spectrograms: Spectrograms,
        augmentation: Augmentation,
        seed: int,
    ) -> None:
        clips = [*training, *validation]
        self.loss: nn.Module = EventLoss(model.encoder, model.event_head, len(class_indices(clips)))
        self._model, self._spectrograms, self._augmentation, self._seed = model, spectrograms, augmentation, seed
        head, seconds = model.event_head, model.config.clip_seconds
        self._active = activities(clips, head.classes, head.aspects, spectrograms.frames, seconds)
        self._training = [clip.audio for clip in training]
        self._validation = [clip.audio for clip in validation]

    def batch(self, batch_size: int, *position: int) -> Batch:
        """Spectrograms (clips, 1, frames, mels) and labels (clips, outputs, frames)."""
        random = np.random.default_rng((self._seed, *position))
        paths = [self._training[index] for index in random.integers(len(self._training), size=batch_size)]
        spectrogram, active = self._spectrograms.crops(paths), self._labels(paths)
        if self._augmentation.vary:
            spectrogram, active = vary(spectrogram, active, random)
        if self._augmentation.mixing:
            spectrogram, active = mix(spectrogram, active, self._augmentation.mixing, random)
        if self._augmentation.spec_augment:
            spectrogram = spec_augment(spectrogram, random)
        return spectrogram, active

    def validation(self, batch_size: int, max_batches: int) -> Sequence[Batch]:
        """The validation clips without augmentation."""
        paths = evenly_spaced(self._validation, batch_size * max_batches)
        batches = [paths[start : start + batch_size] for start in range(0, len(paths), batch_size)]
        return [(self._spectrograms.crops(batch), self._labels(batch)) for batch in batches]

    @torch.inference_mode()
    def samples(self, count: int) -> list[dict[str, str]]:
        """The detected and the true events of a few clips."""
        names, samples = self._output_names(), []
        for path in evenly_spaced(self._validation, count):
            spectrogram = self._spectrograms.crops([path]).to(self._model.device)
            frame_logits = self._model.encode_spectrogram(spectrogram).frame_logits
            detected = self._model.event_head.pool(frame_logits)[0] > 0.5
            true = self._active[path].any(dim=1)
            events = {
                name: ", ".join(names[index] for index in torch.nonzero(present).flatten().tolist())
                for name, present in (("heard", detected), ("there", true))
            }
            samples.append({"clip": path, **events})
        return samples

    def _output_names(self) -> list[str]:
        """The names of the event head's outputs."""
        head = self._model.event_head
        names = [class_names()[index] for index in head.classes]
        return [*names, *(f"{name} ({aspect})" for aspect in head.aspects for name in names)]

    def _labels(self, paths: Sequence[str]) -> torch.Tensor:
        return torch.stack([self._active[path] for path in paths])
