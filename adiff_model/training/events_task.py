"""Unimodal pretraining of the encoder: which events sound, and when."""

from collections.abc import Sequence

import numpy as np
import torch

from adiff_model.events import class_names
from adiff_model.model import AdiffModel
from adiff_model.training.augmentation import mix, spec_augment, vary
from adiff_model.training.event_loss import EventLoss
from adiff_model.training.examples import spread
from adiff_model.training.labelled_clips import LabelledClip, activities, class_places
from adiff_model.training.settings import Augmentation
from adiff_model.training.spectrograms import Spectrograms
from adiff_model.training.task import Batch


class EventsTask:
    """Draws clips whose events are known."""

    def __init__(
        self,
        model: AdiffModel,
        training: Sequence[LabelledClip],
        validation: Sequence[LabelledClip],
        spectrograms: Spectrograms,
        augmentation: Augmentation,
        seed: int,
    ) -> None:
        places = class_places([*training, *validation])
        self.loss = EventLoss(model.encoder, model.event_head, len(places))
        self._model, self._spectrograms, self._augmentation, self._seed = model, spectrograms, augmentation, seed
        head, seconds = model.event_head, model.config.clip_seconds
        clips = [*training, *validation]
        self._active = activities(clips, head.classes, head.aspects, spectrograms.frames, seconds)
        self._training = [clip.audio for clip in training]
        self._validation = [clip.audio for clip in validation]

    def batch(self, count: int, *place: int) -> Batch:
        """(clips, 1, frames, mels) and (clips, told, frames): which class sounds, and with which aspect."""
        random = np.random.default_rng((self._seed, *place))
        picked = [self._training[number] for number in random.integers(len(self._training), size=count)]
        spectrogram, active = self._spectrograms.crops(picked), self._stacked(picked)
        if self._augmentation.vary:
            spectrogram, active = vary(spectrogram, active, random)
        if self._augmentation.mixing:
            spectrogram, active = mix(spectrogram, active, self._augmentation.mixing, random)
        if self._augmentation.spec_augment:
            spectrogram = spec_augment(spectrogram, random)
        return spectrogram, active

    def validation(self, count: int, most: int) -> Sequence[Batch]:
        """The validation clips as they are."""
        picked = spread(self._validation, count * most)
        parts = [picked[start : start + count] for start in range(0, len(picked), count)]
        return [(self._spectrograms.crops(part), self._stacked(part)) for part in parts]

    @torch.inference_mode()
    def samples(self, count: int) -> list[dict[str, str]]:
        """The events that are heard in a few clips, and those that are there."""
        names, found = self._names(), []
        for path in spread(self._validation, count):
            spectrogram = self._spectrograms.crops([path]).to(self._model.device)
            heard = self._model.event_head.pooled(self._model.hear_spectrogram(spectrogram).moments)[0]
            there = self._active[path].any(dim=1)
            said = {
                "heard": ", ".join(names[place] for place in torch.nonzero(heard > 0.5).flatten().tolist()),
                "there": ", ".join(names[place] for place in torch.nonzero(there).flatten().tolist()),
            }
            found.append({"clip": path, **said})
        return found

    def _names(self) -> list[str]:
        """Of all that the event head tells."""
        head = self._model.event_head
        names = [class_names()[place] for place in head.classes]
        return [*names, *(f"{name} ({aspect})" for aspect in head.aspects for name in names)]

    def _stacked(self, paths: Sequence[str]) -> torch.Tensor:
        return torch.stack([self._active[path] for path in paths])
