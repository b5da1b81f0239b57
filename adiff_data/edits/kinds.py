"""The edits: what is done to a recording, and how much of it.

Opposite edits are about one quality: an audio is made louder or softer, and either way the two differ in loudness. An
amount is graded around the difference that `audio.differences` claims from (size 1), from half of it, which is barely
heard, to four times:

| quality | unit | half | once | twice | four times |
|---|---|---|---|---|---|
| loudness | dB | 1.5 | 3 | 6 | 12 |
| pitch | semitones | 1 | 2 | 4 | 8 |
| brightness | factor of the spectral centroid | 1.22 | 1.5 | 2.25 | 5.06 |
| tempo | factor | 1.22 | 1.5 | 2.25 | - |
| length | factor | 1.10 | 1.2 | 1.44 | 2.07 |
| distance | factor | 1.41 | 2 | 4 | 16 |
| noise | dB by which the recording is above it | 24 | 18 | 12 | 6 |
| event, replacement | dB of the event above the recording | -6 | 0 | 6 | 12 |
| onset | seconds | 0.25 | 0.5 | 1 | 2 |
| repetition | times more | - | 1 | 2 | 3 |

Distance, noise and events have no threshold there; theirs are chosen here. Tempo has no size 4, since speech and music
played five times as fast are no longer heard as what they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

HALF, ONCE, TWICE, FOUR_TIMES = 0.5, 1.0, 2.0, 4.0


@dataclass(frozen=True)
class Quality:
    """What two audios of an edited pair may differ in.

    Attributes:
        more, less: the edits that give the edited audio more or less of it. Where neither audio has more of it, both
            are the same name.
        unit: of the amounts; empty where there is no amount.
        amounts: by size, in thresholds; a quality without amounts has size 1 alone.
        events: how many sounds are laid into the recording for it.
    """

    name: str
    more: str
    less: str
    unit: str
    amounts: Mapping[float, float]
    events: int = 0

    @property
    def edits(self) -> tuple[str, ...]:
        """The names of its edits."""
        return (self.more,) if self.more == self.less else (self.more, self.less)


def _graded(*amounts: float) -> dict[float, float]:
    return dict(zip((HALF, ONCE, TWICE, FOUR_TIMES), amounts, strict=False))


_ALL = (
    Quality("loudness", "louder", "softer", "dB", _graded(1.5, 3.0, 6.0, 12.0)),
    Quality("pitch", "higher", "lower", "semitones", _graded(1.0, 2.0, 4.0, 8.0)),
    Quality("brightness", "brighter", "duller", "times", _graded(*(1.5**size for size in (0.5, 1, 2, 4)))),
    Quality("tempo", "faster", "slower", "times", _graded(*(1.5**size for size in (0.5, 1, 2)))),
    Quality("length", "longer", "shorter", "times", _graded(*(1.2**size for size in (0.5, 1, 2, 4)))),
    Quality("distance", "farther", "nearer", "times", _graded(*(2.0**size for size in (0.5, 1, 2, 4)))),
    Quality("noise", "noisier", "cleaner", "dB", _graded(24.0, 18.0, 12.0, 6.0)),
    Quality("event", "added", "removed", "dB", _graded(-6.0, 0.0, 6.0, 12.0), events=1),
    Quality("replacement", "replaced", "replaced", "dB", _graded(-6.0, 0.0, 6.0, 12.0), events=2),
    Quality("onset", "later", "earlier", "seconds", _graded(0.25, 0.5, 1.0, 2.0), events=1),
    Quality("repetition", "repeated", "once", "times", {ONCE: 1.0, TWICE: 2.0, FOUR_TIMES: 3.0}, events=1),
    Quality("order", "exchanged", "exchanged", "", {ONCE: 0.0}, events=2),
    Quality("nothing", "re-encoded", "same", "", {ONCE: 0.0}),
)
QUALITIES: dict[str, Quality] = {quality.name: quality for quality in _ALL}
EDITS: dict[str, Quality] = {edit: quality for quality in _ALL for edit in quality.edits}
