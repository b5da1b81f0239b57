"""One edited pair: its two FLAC files, the pair, and what is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from adiff_data.claims.edit_truth import EditTruth, PlacedEvent, Side
from adiff_data.edits.kinds import EDITS
from adiff_data.edits.planning import Plan
from adiff_data.edits.rendering import Find, Rendered, render
from adiff_data.edits.shortcuts import features
from adiff_data.records import Clip, Pair, make_pair
from adiff_data.sources.edited import CORPUS, STRATEGY, file_name

_SIDES: tuple[Side, ...] = (1, 2)
_FULL_SCALE = 32767


@dataclass(frozen=True)
class EditedPair:
    """A pair whose recordings were written.

    Attributes:
        difference: the `shortcuts.features` of audio 2 less those of audio 1.
    """

    pair: Pair
    truth: EditTruth
    difference: np.ndarray


def make_edited_pair(plan: Plan, split: str, folder: Path, find: Find) -> EditedPair | None:
    """Writes both recordings of a plan into `folder/Edited/{split}`; None where it can be made of none of its clips.

    Args:
        find: the recording of a published path.
    """
    rendered = render(plan, find)
    if rendered is None:
        return None
    audios = (rendered.first, rendered.second)
    first, second = (
        Clip(
            corpus=CORPUS.name,
            split=split,
            filepath=f"{CORPUS.folder}/{split}/{file_name(plan.number, side)}",
            captions=(_caption(rendered.source.caption, [event for event in rendered.events if side in event.sides]),),
        )
        for side in _SIDES
    )
    for clip, samples in zip((first, second), audios, strict=True):
        soundfile.write(folder / clip.filepath, samples, rendered.rate, subtype="PCM_16")
    pair = make_pair(first, second, first.captions[0], second.captions[0], strategy=STRATEGY)
    features1, features2 = (features(samples / _FULL_SCALE, rendered.rate) for samples in audios)
    return EditedPair(pair, _truth(pair.id, plan, rendered), features2 - features1)


def _caption(caption: str, events: Sequence[PlacedEvent]) -> str:
    """What is heard in one audio: the recording's caption, then those of its events in their order."""
    in_order = dict.fromkeys(event.caption for event in sorted(events, key=lambda event: event.onset))
    return ", then ".join(text.strip().rstrip(".") for text in (caption, *in_order))


def _truth(pair: str, plan: Plan, rendered: Rendered) -> EditTruth:
    quality = EDITS[plan.edit]
    return EditTruth(
        id=pair,
        edit=plan.edit,
        quality=quality.name,
        edited=plan.edited,
        more=rendered.more,
        size=plan.size,
        amount=round(rendered.amount, 4),
        unit=quality.unit,
        events=rendered.events,
        caption=rendered.source.caption,
        filepath=rendered.source.filepath,
        start=rendered.start,
    )
