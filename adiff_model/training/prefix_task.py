"""Grounding of the prefix: before a language model reads it, it has to contain the events of each clip, how the two
compare, and the task.

A small language model that was trained on little text learns to read a prefix only slowly; one in which events, sides
and prompts are already linearly separable is read within a few hundred updates. The probing heads are dropped at the
end of the step.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from adiff_data.audio.differences import LOUDER_LU
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.event_embedding import decode_loudness
from adiff_model.events import class_names
from adiff_model.measures import measured_difference
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor
from adiff_model.training.augmentation import EmbeddingAugmentation
from adiff_model.training.examples import Example, Examples, recordings_of
from adiff_model.training.explain_task import Embeddings, pair_embeddings
from adiff_model.training.labelled_clips import LabelledClip, class_indices
from adiff_model.training.prompts import tasks_to_learn
from adiff_model.training.task import Batch

_TASKS_PER_BATCH = 4  # a draw has one task; telling tasks apart takes several in one batch
_NUM_TURNS = 3  # of events that begin one after the other: answers mention number and order
_EVENTS_WEIGHT = 10.0  # most classes are silent in most clips, so their mean loss is small
_NEITHER, _FIRST, _SECOND = 0, 1, 2  # which clip has more of what is measured


class PrefixLoss(nn.Module):
    """The cross-entropy of each clip's events (from its own vectors), of the task (from the prompt's vectors), and of
    which clip has more of each thing that is measured.

    Args:
        num_event_labels: of each clip: for each labelled class, whether it sounds, and at which turn it begins.
        num_tasks: the tasks that the prompts are told apart by.
    """

    def __init__(self, model: AdiffModel, num_event_labels: int, num_tasks: int) -> None:
        super().__init__()
        self.model = model
        config = model.config
        self._length, self._size = config.prefix_length, config.language_config.hidden_size
        self._prompt_length = config.prompt_length
        self.events = nn.Linear(self._length * self._size, num_event_labels)
        num_compared = _num_compared(model)
        self.more = nn.Linear(config.prefix_tokens * self._size, 3 * num_compared) if num_compared else None
        self.asked = nn.Linear(config.prompt_length * self._size, num_tasks)

    def forward(
        self,
        embedding1: torch.Tensor,
        embedding2: torch.Tensor,
        prompt_ids: torch.Tensor,
        events: torch.Tensor,
        more: torch.Tensor,
        tasks: torch.Tensor,
    ) -> torch.Tensor:
        """The loss of embeddings (pairs, size), events (2, pairs, event labels), clips that have more (pairs, compared)
        and tasks (pairs,)."""
        prefix = functional.layer_norm(self.model.prefix(embedding1, embedding2, prompt_ids).float(), (self._size,))
        length = self._length
        clip1, clip2 = prefix[:, :length], prefix[:, length + 1 : 2 * length + 1]
        prompt = prefix[:, -self._prompt_length :]
        events1, events2 = (self.events(clip.flatten(1)).float() for clip in (clip1, clip2))
        event_loss = functional.binary_cross_entropy_with_logits(
            events1, events[0]
        ) + functional.binary_cross_entropy_with_logits(events2, events[1])
        more_loss = torch.zeros((), device=prefix.device)
        if self.more is not None:
            logits = self.more(prefix.flatten(1)).float().unflatten(1, (-1, 3))
            more_loss = functional.cross_entropy(logits.flatten(0, 1), more.flatten(), reduction="sum") / len(more)
        task_loss = functional.cross_entropy(self.asked(prompt.flatten(1)).float(), tasks)
        return _EVENTS_WEIGHT * event_loss + more_loss + task_loss


class PrefixTask:
    """Draws pairs of clips with known events, with prompts of several tasks."""

    def __init__(
        self,
        model: AdiffModel,
        processor: AdiffProcessor,
        training: Examples,
        validation: Examples,
        embeddings: Embeddings,
        labelled: Sequence[LabelledClip],
        augmentation: EmbeddingAugmentation | None = None,
    ) -> None:
        self._model, self._augmentation = model, augmentation or EmbeddingAugmentation()
        self._processor, self._training, self._validation = processor, training, validation
        self._embeddings, self._event_labels = embeddings, _event_labels(labelled)
        self._tasks = tasks_to_learn(training.tasks)
        num_event_labels = len(next(iter(self._event_labels.values())))
        self.loss: nn.Module = PrefixLoss(model, num_event_labels, len(self._tasks))

    def batch(self, batch_size: int, *position: int) -> Batch:
        """Both clips' embeddings, prompts, events, clips that have more, and tasks."""
        size = max(1, batch_size // _TASKS_PER_BATCH)
        draws = [self._training.draw(size, *position, number) for number in range(_TASKS_PER_BATCH)]
        return self._make_batch([example for draw in draws for example in draw], np.random.default_rng(position))

    def validation(self, batch_size: int, max_batches: int) -> Sequence[Batch]:
        """Examples of every task, with the canonical prompt."""
        return [self._make_batch(examples, None) for examples in self._validation.fixed(batch_size)][:max_batches]

    def samples(self, count: int) -> list[dict[str, str]]:
        """None: the language model has not learnt to read the prefix yet."""
        del count
        return []

    def _make_batch(self, examples: Sequence[Example], random: np.random.Generator | None) -> Batch:
        events = torch.stack(
            [torch.stack([self._event_labels[path] for path in recordings]) for recordings in recordings_of(examples)]
        )
        tasks = torch.tensor([self._tasks.index(example.task) for example in examples])
        prompts = self._processor.prompts([example.prompt for example in examples])
        clips = pair_embeddings(examples, self._embeddings)
        more = _clips_with_more(clips, self._model)
        return (*self._augmentation.apply(clips, random), prompts, events, more, tasks)


def _num_compared(model: AdiffModel) -> int:
    """How many things the embeddings of two clips are compared in: the measures or, without any, the loudness."""
    if model.measures:
        return len(model.measures)
    sizes = model.config.encoder_config
    return int(isinstance(sizes, ConvolutionalEncoderConfig) and sizes.loudness_steps > 0)


def _clips_with_more(clips: Sequence[torch.Tensor], model: AdiffModel) -> torch.Tensor:
    """Which clip of each pair has plainly more of each thing that is compared: embeddings (pairs, size) to
    (pairs, compared)."""
    first, second = clips
    sizes = model.config.encoder_config
    if model.measures:
        difference = measured_difference(first, second, len(model.measures))
    elif isinstance(sizes, ConvolutionalEncoderConfig) and sizes.loudness_steps:
        loudness1, loudness2 = (decode_loudness(clip, sizes) for clip in clips)
        difference = ((loudness1 - loudness2) / LOUDER_LU).unsqueeze(1)
    else:
        difference = first[:, :0]
    return torch.where(difference >= 1, _FIRST, torch.where(difference <= -1, _SECOND, _NEITHER))


def _event_labels(labelled: Sequence[LabelledClip]) -> Mapping[str, torch.Tensor]:
    """By recording: which classes sound, and which begin first, second and third: ((1 + turns) x classes,), 0 or 1.

    Events with the same onset begin at the same turn.
    """
    names = class_names()
    column_of = {names[index]: number for number, index in enumerate(class_indices(labelled))}
    labels = {}
    for clip in labelled:
        present = torch.zeros(1 + _NUM_TURNS, len(column_of))
        onsets = sorted({event.onset for event in clip.events})
        for event in clip.events:
            rows = [0, min(1 + onsets.index(event.onset), _NUM_TURNS)]
            for name in event.classes:
                present[rows, column_of[name]] = 1.0
        labels[clip.audio] = present.flatten()
    return labels
