"""Rendering an edited pair: both audios of a plan, and what is known of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adiff_data.claims.edit_truth import PlacedEvent, Side, other_side
from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.edits import sound
from adiff_data.edits.excerpts import SHORTEST_SECONDS, Excerpt, read_event, read_excerpt
from adiff_data.edits.kinds import EDITS, Quality
from adiff_data.edits.planning import Plan, SourceClip
from adiff_data.edits.sound import Samples

_HIGHEST_PEAK = 10 ** (-1 / 20)  # -1 dBFS
_LEAST_CHANGED_SECONDS = 0.5  # by which a length of size 1 differs at least
_EVENT_SECONDS = (0.5, 1.0)
_GAP_SECONDS = 0.1  # between two events, and at each end
_COMPRESSIONS = (0.2, 0.4, 0.6, 0.8)
_ORDER_EVENT_DB = 6.0  # of events whose size is not their level


@dataclass(frozen=True)
class Rendered:
    """A pair of audios.

    Attributes:
        first, second: int16 samples of shape (time,), mono.
        rate: samples a second.
        source: the recording that both are made from.
        start: where in it, seconds.
        more: the audio that has more of the quality, if one has.
        amount: how much, as `kinds` has it.
        events: what was laid in.
    """

    first: np.ndarray
    second: np.ndarray
    rate: int
    source: SourceClip
    start: float
    more: Side | None
    amount: float
    events: tuple[PlacedEvent, ...]


Find = Callable[[str], Path | None]


@dataclass(frozen=True)
class _Versions:
    """An excerpt as it was and as it is edited, and what was laid into them."""

    original: Samples
    edited: Samples
    events: tuple[PlacedEvent, ...] = ()


@dataclass(frozen=True)
class _Event:
    source: SourceClip
    samples: Samples


def render(plan: Plan, find: Find) -> Rendered | None:
    """Makes the first pair that can be made of a plan's recordings; None where none of them can be edited so.

    Args:
        find: the recording of a published path.
    """
    for source in plan.candidates:
        path = find(source.filepath)
        if path is None:
            continue
        try:
            excerpt = read_excerpt(path, plan.stream())
        except InputError:
            continue
        made = _EditedExcerpt(plan, source, excerpt, find).render()
        if made is not None:
            return made
    return None


class _EditedExcerpt:
    """One excerpt of a recording, as it was and as a plan edits it."""

    def __init__(self, plan: Plan, source: SourceClip, excerpt: Excerpt, find: Find) -> None:
        self.plan, self.source, self.excerpt, self.find = plan, source, excerpt, find
        self.quality: Quality = EDITS[plan.edit]
        self.stream = Seeded(*plan.seed, plan.number, "render")

    def render(self) -> Rendered | None:
        ways: dict[str, Callable[[], _Versions | None]] = {
            "loudness": self._loudness,
            "pitch": self._pitch,
            "brightness": self._brightness,
            "tempo": self._tempo,
            "length": self._length,
            "distance": self._distance,
            "noise": self._noise,
            "event": self._event,
            "replacement": self._replacement,
            "onset": self._onset,
            "repetition": self._repetition,
            "order": self._order,
            "nothing": self._nothing,
        }
        made = ways[self.quality.name]()
        if made is None:
            return None
        original, edited = (sound.with_soft_edges(each, self.excerpt.rate) for each in (made.original, made.edited))
        sides = {self.plan.edited: edited, other_side(self.plan.edited): original}
        scale = min(1.0, _HIGHEST_PEAK / max(np.abs(samples).max() for samples in sides.values()))
        first, second = (np.round(sides[side] * scale * 32767).astype(np.int16) for side in (1, 2))
        return Rendered(
            first, second, self.excerpt.rate, self.source, self.excerpt.start, self._more, self.amount, made.events
        )

    @property
    def amount(self) -> float:
        """How much the two differ, in the quality's unit."""
        return self.quality.amounts[self.plan.size]

    @property
    def _grows(self) -> bool:
        """Whether the edited audio gets more of the quality."""
        return self.plan.edit == self.quality.more

    @property
    def _more(self) -> Side | None:
        if self.quality.more == self.quality.less or self.quality.name == "nothing":
            return None
        return self.plan.edited if self._grows else other_side(self.plan.edited)

    @property
    def _factor(self) -> float:
        return self.amount if self._grows else 1 / self.amount

    def _loudness(self) -> _Versions:
        gain = self.amount if self._grows else -self.amount
        return _Versions(self.excerpt.samples, sound.amplified(self.excerpt.samples, gain))

    def _pitch(self) -> _Versions:
        """Both go through the same process, so that its traces do not tell which one was edited."""
        semitones = self.amount if self._grows else -self.amount
        samples, rate = self.excerpt.samples, self.excerpt.rate
        return _Versions(sound.stretched(samples, rate), sound.stretched(samples, rate, semitones=semitones))

    def _brightness(self) -> _Versions | None:
        edited = sound.brightened(self.excerpt.samples, self.excerpt.rate, self._factor)
        return None if edited is None else _Versions(self.excerpt.samples, edited)

    def _tempo(self) -> _Versions | None:
        """Both as long: of the slower one the recording's end is not reached."""
        samples, rate = self.excerpt.samples, self.excerpt.rate
        short = self._beginning
        if len(short) < SHORTEST_SECONDS / 2 * rate or not sound.is_heard(short):
            return None
        original, edited = (short, samples) if self._grows else (samples, short)
        edited, original = sound.stretched(edited, rate, tempo=self._factor), sound.stretched(original, rate)
        length = min(len(edited), len(original))
        return _Versions(original[:length], edited[:length])

    def _length(self) -> _Versions | None:
        samples, short = self.excerpt.samples, self._beginning
        seconds = (len(samples) - len(short)) / self.excerpt.rate
        if (self.plan.size >= 1 and seconds < _LEAST_CHANGED_SECONDS) or not sound.is_heard(short):
            return None
        return self._from_less_and_more(short, samples)

    def _distance(self) -> _Versions:
        near, far = (
            sound.heard_from(self.excerpt.samples, self.excerpt.rate, metres)
            for metres in (sound.NEAR_METRES, sound.NEAR_METRES * self.amount)
        )
        return self._from_less_and_more(near, far)

    def _noise(self) -> _Versions:
        samples = self.excerpt.samples
        noise = sound.noise_like(samples, np.random.RandomState(self.stream.below(2**31)))
        noisy = samples + sound.amplified(noise, -self.amount)
        return self._from_less_and_more(samples, noisy)

    def _event(self) -> _Versions | None:
        event = next(self._usable_events(self.amount), None)
        if event is None:
            return None
        onset = self._drawn_onset(event)
        placed = self._placed(event, onset, self._sides_with_more())
        return self._from_less_and_more(self.excerpt.samples, self._with(event, onset), (placed,))

    def _replacement(self) -> _Versions | None:
        events = self._two_events(self.amount)
        if events is None:
            return None
        onset = self._drawn_onset(max(events, key=lambda event: len(event.samples)))
        original, edited = (self._with(event, onset) for event in events)
        sides = (other_side(self.plan.edited),), (self.plan.edited,)
        placed = (self._placed(event, onset, side) for event, side in zip(events, sides, strict=True))
        return _Versions(original, edited, tuple(placed))

    def _onset(self) -> _Versions | None:
        event = next(self._usable_events(_ORDER_EVENT_DB), None)
        shift = round(self.amount * self.excerpt.rate)
        if event is None or not self._fits(len(event.samples) + shift):
            return None
        early = self._drawn_onset(event, shift)
        late = early + shift
        original, edited = (early, late) if self._grows else (late, early)
        placed = (
            self._placed(event, original, (other_side(self.plan.edited),)),
            self._placed(event, edited, (self.plan.edited,)),
        )
        return _Versions(self._with(event, original), self._with(event, edited), placed)

    def _repetition(self) -> _Versions | None:
        event = next(self._usable_events(_ORDER_EVENT_DB), None)
        count = 1 + round(self.amount)
        if event is None:
            return None
        step = len(event.samples) + self._gap
        if not self._fits(step * count - self._gap):
            return None
        first = self._drawn_onset(event, step * (count - 1))
        onsets = [first + step * number for number in range(count)]
        often = self.excerpt.samples
        for onset in onsets:
            often = sound.laid_over(often, event.samples, onset)
        more = self._sides_with_more()
        repeats = (self._placed(event, onset, more) for onset in onsets[1:])
        placed = (self._placed(event, first, (1, 2)), *repeats)
        return self._from_less_and_more(self._with(event, first), often, placed)

    def _order(self) -> _Versions | None:
        events = self._two_events(_ORDER_EVENT_DB)
        if events is None:
            return None
        whole = sum(len(event.samples) for event in events) + self._gap
        if not self._fits(whole):
            return None
        start = self._gap + self.stream.below(len(self.excerpt.samples) - whole - 2 * self._gap + 1)
        audios, placed = [], []
        for order, side in ((events, other_side(self.plan.edited)), (events[::-1], self.plan.edited)):
            onsets = (start, start + len(order[0].samples) + self._gap)
            samples = self.excerpt.samples
            for event, onset in zip(order, onsets, strict=True):
                samples = sound.laid_over(samples, event.samples, onset)
                placed.append(self._placed(event, onset, (side,)))
            audios.append(samples)
        return _Versions(audios[0], audios[1], tuple(placed))

    def _nothing(self) -> _Versions:
        samples = self.excerpt.samples
        if self.plan.edit == "same":
            return _Versions(samples, samples)
        original, edited = self.stream.sample(_COMPRESSIONS, 2)  # both are, so that lost treble does not tell
        return _Versions(
            sound.reencoded(samples, self.excerpt.rate, original), sound.reencoded(samples, self.excerpt.rate, edited)
        )

    @property
    def _beginning(self) -> Samples:
        """The excerpt, shorter by the amount. It may be silent where the whole is not."""
        return self.excerpt.samples[: round(len(self.excerpt.samples) / self.amount)]

    @property
    def _gap(self) -> int:
        return round(_GAP_SECONDS * self.excerpt.rate)

    def _fits(self, length: int) -> bool:
        return length + 2 * self._gap <= len(self.excerpt.samples)

    def _drawn_onset(self, event: _Event, more: int = 0) -> int:
        """Where an event begins that, with `more` samples behind it, stays clear of both ends."""
        return self._gap + self.stream.below(len(self.excerpt.samples) - len(event.samples) - more - 2 * self._gap + 1)

    def _from_less_and_more(self, less: Samples, more: Samples, events: tuple[PlacedEvent, ...] = ()) -> _Versions:
        return _Versions(less, more, events) if self._grows else _Versions(more, less, events)

    def _sides_with_more(self) -> tuple[Side, ...]:
        return (self.plan.edited,) if self._grows else (other_side(self.plan.edited),)

    def _with(self, event: _Event, onset: int) -> Samples:
        return sound.laid_over(self.excerpt.samples, event.samples, onset)

    def _placed(self, event: _Event, onset: int, sides: tuple[Side, ...]) -> PlacedEvent:
        rate = self.excerpt.rate
        return PlacedEvent(
            sides=sides,
            caption=event.source.caption,
            filepath=event.source.filepath,
            onset=round(onset / rate, 3),
            offset=round((onset + len(event.samples)) / rate, 3),
        )

    def _two_events(self, above_db: float) -> tuple[_Event, _Event] | None:
        events: list[_Event] = []
        for event in self._usable_events(above_db):
            if all(event.source.caption != earlier.source.caption for earlier in events):
                events.append(event)
            if len(events) == 2:
                return events[0], events[1]
        return None

    def _usable_events(self, above_db: float) -> Iterator[_Event]:
        """Sounds of other captions, at so many dB above the recording."""
        for source in self.plan.event_candidates:
            path = self.find(source.filepath)
            if path is None or source.caption == self.source.caption or source.filepath == self.source.filepath:
                continue
            try:
                event = read_event(path, self.excerpt.rate, round(self.stream.between(*_EVENT_SECONDS), 2))
            except InputError:
                continue
            if not self._fits(len(event)):
                continue
            gain = sound.level(self.excerpt.samples) + above_db - sound.level(event)
            yield _Event(source, sound.amplified(event, gain))
