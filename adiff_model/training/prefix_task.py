"""Grounding of the prefix: it has to tell what each clip holds, which is louder and what is asked, before a language
model reads it.

A language model that is small and has read little finds its way into a prefix only slowly; one in which events, sides
and prompts can be told apart already is read within some hundred updates. The heads that ask the prefix are dropped
when the step ends.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from adiff_data.audio.differences import LOUDER_LU
from adiff_model.config import AudioConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.event_embedding import loudness_told
from adiff_model.events import class_names
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor
from adiff_model.training.augmentation import Doubt
from adiff_model.training.examples import Example, Examples
from adiff_model.training.explain_task import Embeddings, embedded
from adiff_model.training.labelled_clips import LabelledClip, class_places
from adiff_model.training.prompts import PROMPTS
from adiff_model.training.task import Batch

_MIXED = 4  # tasks are drawn a batch at a time; to tell them apart takes several in one
_TURNS = 3  # of what begins one after the other in a clip, and is asked for: answers speak of number and order
_EVENTS_WEIGHT = 10.0  # most classes are silent in most clips, so the mean over them is small
_TASKS = tuple(PROMPTS)
_FIRST, _SECOND, _NEITHER, _UNKNOWN = 0, 1, 2, -100  # which clip is louder


class PrefixLoss(nn.Module):
    """Cross-entropy of each clip's events (from its own vectors), of the task (from the prompt's), and of which is
    louder.

    Args:
        asked: of each clip: for each labelled class, whether it sounds, and at which turn it begins.
    """

    def __init__(self, model: AdiffModel, asked: int) -> None:
        super().__init__()
        self.model = model
        config = model.config
        self._length, self._size = config.prefix_length, config.text_config.hidden_size
        self.events = nn.Linear(self._length * self._size, asked)
        self.louder = nn.Linear(config.prefix_tokens * self._size, 3)
        self.asked = nn.Linear(config.prompt_length * self._size, len(_TASKS))

    def forward(
        self,
        one: torch.Tensor,
        other: torch.Tensor,
        prompt_ids: torch.Tensor,
        events: torch.Tensor,
        louder: torch.Tensor,
        asked: torch.Tensor,
    ) -> torch.Tensor:
        """The loss of embeddings (pairs, size), events (2, pairs, asked), louder clips and tasks (pairs,)."""
        prefix = functional.layer_norm(self.model.prefix(one, other, prompt_ids).float(), (self._size,))
        length = self._length
        parts = prefix[:, :length], prefix[:, length + 1 : 2 * length + 1]
        wrong = sum(
            functional.binary_cross_entropy_with_logits(self.events(part.flatten(1)).float(), own)
            for part, own in zip(parts, events, strict=True)
        )
        told = self.asked(prefix[:, 2 * length + 1 :].flatten(1)).float()
        compared = self.louder(prefix.flatten(1)).float()
        unlike = functional.cross_entropy(compared, louder, ignore_index=_UNKNOWN, reduction="sum") / len(louder)
        return _EVENTS_WEIGHT * wrong + unlike + functional.cross_entropy(told, asked)


class PrefixTask:
    """Draws pairs of clips whose events are known, with prompts of several tasks."""

    def __init__(
        self,
        model: AdiffModel,
        processor: AdiffProcessor,
        training: Examples,
        validation: Examples,
        embeddings: Embeddings,
        labelled: Sequence[LabelledClip],
        doubt: Doubt | None = None,
    ) -> None:
        self._doubt, self._sizes = doubt or Doubt(), model.config.audio_config
        self._processor, self._training, self._validation = processor, training, validation
        self._embeddings, self._events = embeddings, _events_of(labelled)
        self.loss = PrefixLoss(model, len(next(iter(self._events.values()))))

    def batch(self, count: int, *place: int) -> Batch:
        """Both clips' embeddings, prompts, events and tasks."""
        parts = [self._training.draw(max(1, count // _MIXED), *place, number) for number in range(_MIXED)]
        return self._of([example for part in parts for example in part], np.random.default_rng(place))

    def validation(self, count: int, most: int) -> Sequence[Batch]:
        """Examples of every task, with the canonical prompt."""
        return [self._of(examples, None) for examples in self._validation.fixed(count)][:most]

    def samples(self, count: int) -> list[dict[str, str]]:
        """Nothing: the language model has not read the prefix yet."""
        del count
        return []

    def _of(self, examples: Sequence[Example], random: np.random.Generator | None) -> Batch:
        sides = ([example.audio1 for example in examples], [example.audio2 for example in examples])
        events = torch.stack([torch.stack([self._events[path] for path in side]) for side in sides])
        asked = torch.tensor([_TASKS.index(example.task) for example in examples])
        prompts = self._processor.prompts([example.prompt for example in examples])
        clips = embedded(examples, self._embeddings)
        return (*self._doubt.cast(clips, random), prompts, events, _louder(clips, self._sizes), asked)


def _louder(clips: Sequence[torch.Tensor], sizes: AudioConfig) -> torch.Tensor:
    """Which clip of each pair is plainly louder, where their embeddings (pairs, size) tell."""
    if not isinstance(sizes, ConvolutionalEncoderConfig):
        return torch.full((len(clips[0]),), _UNKNOWN)
    one, other = (loudness_told(clip, sizes) for clip in clips)
    louder = torch.where(one > other, _FIRST, _SECOND)
    return torch.where((one - other).abs() < LOUDER_LU, _NEITHER, louder)


def _events_of(labelled: Sequence[LabelledClip]) -> Mapping[str, torch.Tensor]:
    """By recording: which classes sound, and which begin first, second and third: ((1 + turns) x classes,), 0 or 1.

    What sounds at once begins at the same turn.
    """
    names = class_names()
    places = {names[place]: number for number, place in enumerate(class_places(labelled))}
    found = {}
    for clip in labelled:
        sounds = torch.zeros(1 + _TURNS, len(places))
        onsets = sorted({event.onset for event in clip.events})
        for event in clip.events:
            turns = [0, min(1 + onsets.index(event.onset), _TURNS)]
            for name in event.classes:
                sounds[turns, places[name]] = 1.0
        found[clip.audio] = sounds.flatten()
    return found
