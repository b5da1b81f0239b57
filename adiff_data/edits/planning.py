"""Planning edited pairs: which edit, of what size, on which side, of which recording. All follows from the seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from adiff_data.claims.edit_truth import Side
from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.edits.kinds import EDITS, QUALITIES
from adiff_data.records import Clip

Item = TypeVar("Item")
_EVENT_WORDS = 8  # of a caption that tells of one sound, at most
CANDIDATES = 12  # recordings that are tried for a pair, since not each one can be edited in each way


@dataclass(frozen=True)
class SourceClip:
    """A recording that a pair may be made from: its published path, and one of its captions."""

    filepath: str
    caption: str


@dataclass(frozen=True)
class Plan:
    """An edited pair that is to be made.

    Attributes:
        number: of the pair, from 0.
        edit: a name of `EDITS`.
        size: in thresholds.
        edited: the audio that is edited.
        candidates: recordings to edit, of which the first that can be edited so is taken.
        event_candidates: recordings of other captions, to take events from.
        seed: of all that is drawn while it is made.
    """

    number: int
    edit: str
    size: float
    edited: Side
    candidates: tuple[SourceClip, ...]
    event_candidates: tuple[SourceClip, ...]
    seed: tuple[object, ...]

    def stream(self) -> Seeded:
        """The random choices of this pair."""
        return Seeded(*self.seed, self.number)


def plan_pairs(
    clips: Sequence[Clip], count: int, *, seed: int = 0, edits: Sequence[str] = tuple(EDITS)
) -> Iterator[Plan]:
    """Plans `count` pairs, each when it is asked for.

    Equally many are of each quality, and within it of each edit, size and side, give or take one.

    Each recording is the first choice of equally many pairs, give or take one.

    Args:
        clips: the recordings of one split.
        edits: the edits to make.

    Raises:
        InputError: there is no such edit, or all recordings have the same caption, so that no event is another sound.
    """
    unknown = [edit for edit in edits if edit not in EDITS]
    if unknown or not edits:
        reason = f"there is no edit '{', '.join(unknown)}'" if edits else "no edit is named"
        raise InputError(reason, mend=f"there are {', '.join(EDITS)}")
    if any(EDITS[edit].events for edit in edits) and len({clip.captions for clip in clips}) < 2:
        raise InputError("all clips have the same captions, and an event must be another sound")
    return _plans(clips, count, ("edited", seed, clips[0].corpus, clips[0].split), edits)


def _plans(clips: Sequence[Clip], count: int, key: tuple[object, ...], edits: Sequence[str]) -> Iterator[Plan]:
    stream = Seeded(*key)
    turns = {
        name: _Turns(
            [
                (edit, size, side)
                for edit in quality.edits
                if edit in edits
                for size in quality.amounts
                for side in _SIDES
            ],
            stream,
        )
        for name, quality in QUALITIES.items()
        if set(edits) & set(quality.edits)
    }
    event_sources = _event_sources(clips)
    qualities, sources = _Turns(list(turns), stream), _Turns(range(len(clips)), stream)
    for number in range(count):
        edit, size, side = turns[qualities.next()].next()
        drawn = Seeded(*key, "sources", number)
        first = clips[sources.next()]
        others = [clips[drawn.below(len(clips))] for _ in range(CANDIDATES - 1)]
        events = [event_sources[drawn.below(len(event_sources))] for _ in range(2 * CANDIDATES)]
        yield Plan(
            number=number,
            edit=edit,
            size=size,
            edited=side,
            candidates=tuple(_source(clip, drawn) for clip in (first, *others)),
            event_candidates=tuple(events),
            seed=key,
        )


_SIDES: tuple[Side, ...] = (1, 2)


class _Turns(Generic[Item]):
    """Each of `items` in turn, in an order that is drawn anew for each round."""

    def __init__(self, items: Sequence[Item], stream: Seeded) -> None:
        self._items, self._stream = list(items), stream
        self._left: list[Item] = []

    def next(self) -> Item:
        if not self._left:
            self._left = list(self._items)
            self._stream.shuffle(self._left)
        return self._left.pop()


def _event_sources(clips: Sequence[Clip]) -> list[SourceClip]:
    """Recordings to take events from, each by its shortest caption.

    An event is a short stretch of a recording. A long caption tells of more than is heard in it, so recordings of short
    captions are taken, where there are two different ones.
    """
    sources = [SourceClip(clip.filepath, min(clip.captions, key=_words)) for clip in clips]
    of_one_sound = [source for source in sources if _words(source.caption) <= _EVENT_WORDS]
    return of_one_sound if len({source.caption for source in of_one_sound}) > 1 else sources


def _words(caption: str) -> int:
    return len(caption.split())


def _source(clip: Clip, stream: Seeded) -> SourceClip:
    return SourceClip(clip.filepath, stream.choice(clip.captions))
