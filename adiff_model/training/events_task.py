"""Unimodal pretraining of the encoder: which events sound, and when."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from adiff_model.events import class_names
from adiff_model.model import AdiffModel
from adiff_model.training.augmentation import mix, spec_augment, vary
from adiff_model.training.examples import spread
from adiff_model.training.labelled_clips import LabelledClip, activities, class_places
from adiff_model.training.settings import Augmentation
from adiff_model.training.spectrograms import Spectrograms
from adiff_model.training.task import Batch

_SOUNDS = 0.5  # of a moment's frames, from which a class sounds in it
_PRESENT = 0.03  # of a clip's frames


class EventLoss(nn.Module):
    """Cross-entropy of the clips' and of their moments' events, over all that the head tells.

    Args:
        labelled: classes that have labels: what the sum over all classes is divided by.
    """

    def __init__(self, encoder: nn.Module, event_head: nn.Module, labelled: int) -> None:
        super().__init__()
        self.encoder, self.event_head, self._labelled = encoder, event_head, labelled

    def forward(self, spectrogram: torch.Tensor, active: torch.Tensor) -> torch.Tensor:
        """The loss of (clips, 1, frames, mels) in dB with (clips, told, frames), bool."""
        moments = self.event_head.moments(self.encoder(input_features=spectrogram).last_hidden_state)
        return event_loss(self.event_head, moments, active, self._labelled)


def event_loss(head: nn.Module, moments: torch.Tensor, active: torch.Tensor, labelled: int) -> torch.Tensor:
    """As `EventLoss`, from the head's logits (clips, told, times)."""
    moments, shares = moments.float(), active.float()
    with torch.autocast(moments.device.type, enabled=False):
        whole = functional.binary_cross_entropy(
            head.pooled(moments), (shares.mean(dim=2) > _PRESENT).float(), reduction="sum"
        )
        heard = (functional.adaptive_avg_pool1d(shares, moments.shape[2]) > _SOUNDS).float()
        each = functional.binary_cross_entropy_with_logits(moments, heard, reduction="sum") / moments.shape[2]
    return (whole + each) / (len(moments) * labelled)


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
