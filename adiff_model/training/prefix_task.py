"""Grounding of the prefix: it has to tell what each clip holds and what is asked, before a language model reads it.

A language model that is small and has read little finds its way into a prefix only slowly; one in which events, sides
and prompts can be told apart already is read within some hundred updates. The two heads that ask the prefix are dropped
when the step ends.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from adiff_model.events import class_names
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor
from adiff_model.training.doubt import Doubt
from adiff_model.training.examples import Example, Examples
from adiff_model.training.explain_task import Embeddings, embedded
from adiff_model.training.labelled_clips import LabelledClip, class_places
from adiff_model.training.prompts import PROMPTS
from adiff_model.training.task import Batch

_MIXED = 4  # tasks are drawn a batch at a time; to tell them apart takes several in one
_PARTS = 6  # of a clip, for each of which is asked what sounds in it: answers speak of number and order
_EVENTS_WEIGHT = 10.0  # most classes are silent in most clips, so the mean over them is small
_TASKS = tuple(PROMPTS)


class PrefixLoss(nn.Module):
    """Cross-entropy of each clip's events, from its own vectors, and of the task, from the prompt's.

    Args:
        asked: of each clip: for each labelled class, whether it sounds, and in which parts of the clip.
    """

    def __init__(self, model: AdiffModel, asked: int) -> None:
        super().__init__()
        self.model = model
        config = model.config
        self._length, self._size = config.prefix_length, config.text_config.hidden_size
        self.events = nn.Linear(self._length * self._size, asked)
        self.asked = nn.Linear(config.prompt_length * self._size, len(_TASKS))

    def forward(
        self,
        one: torch.Tensor,
        other: torch.Tensor,
        prompt_ids: torch.Tensor,
        events: torch.Tensor,
        asked: torch.Tensor,
    ) -> torch.Tensor:
        """The loss of embeddings (pairs, size), events (2, pairs, asked) and tasks (pairs,)."""
        prefix = functional.layer_norm(self.model.prefix(one, other, prompt_ids).float(), (self._size,))
        length = self._length
        parts = prefix[:, :length], prefix[:, length + 1 : 2 * length + 1]
        wrong = sum(
            functional.binary_cross_entropy_with_logits(self.events(part.flatten(1)).float(), own)
            for part, own in zip(parts, events, strict=True)
        )
        told = self.asked(prefix[:, 2 * length + 1 :].flatten(1)).float()
        return _EVENTS_WEIGHT * wrong + functional.cross_entropy(told, asked)


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
        self._doubt = doubt or Doubt()
        self._processor, self._training, self._validation = processor, training, validation
        self._embeddings, self._events = embeddings, _events_of(labelled, model.config.clip_seconds)
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
        clips = self._doubt.cast(embedded(examples, self._embeddings), random)
        return (*clips, prompts, events, asked)


def _events_of(labelled: Sequence[LabelledClip], seconds: float) -> Mapping[str, torch.Tensor]:
    """By recording: which classes sound, and which for half of each part or more: ((1 + parts) x classes,), 0 or 1."""
    names = class_names()
    places = {names[place]: number for number, place in enumerate(class_places(labelled))}
    found = {}
    for clip in labelled:
        sounds = torch.zeros(1 + _PARTS, len(places))
        for event in clip.events:
            first, last = (round(_PARTS * time / seconds) for time in (event.onset, event.offset))
            for name in event.classes:
                sounds[0, places[name]] = 1.0
                sounds[1 + first : 1 + last, places[name]] = 1.0
        found[clip.audio] = sounds.flatten()
    return found
