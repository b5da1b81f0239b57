"""What an annotator hears of pairs: their recordings, found, and made ready to be sent."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from adiff_data.annotation.prompts import Hear
from adiff_data.annotation.tasks import Task
from adiff_data.audio.files import AudioFolder
from adiff_data.audio.missing import name_first, warn_of_missing
from adiff_data.audio.sending import AudioSender, SendingOptions, SentPair, sent_seconds
from adiff_data.core.arguments import require_field_types
from adiff_data.core.errors import InputError
from adiff_data.records import Pair

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Hearing:
    """That an annotator hears the recordings, and how they are sent.

    Attributes:
        hear: `audio`, the recordings alone, or `both`, them and the captions.
        audio_root: the folder of the recordings.
        sending: how they are sent.

    Raises:
        InputError: there is no such folder.
    """

    hear: Literal["audio", "both"]
    audio_root: Path
    sending: SendingOptions = field(default_factory=SendingOptions)

    def __post_init__(self) -> None:
        require_field_types(self)
        if not self.audio_root.is_dir():
            raise InputError("no such folder of recordings", file=self.audio_root)

    @property
    def settings(self) -> dict[str, Any]:
        """What answers are made with."""
        return {"hear": self.hear, "audio": self.sending.model_dump()}


def hearing_of(hear: Hear, audio_root: Path | None, sending: SendingOptions) -> Hearing | None:
    """What an annotator hears by the options of a run; None for captions alone.

    Raises:
        InputError: the recordings are not named, or do not exist, or an option would have no effect.
    """
    if hear == "captions":
        if reason := without_effect(sending):
            raise InputError(reason)
        return None
    if audio_root is None:
        raise InputError(f'`hear="{hear}"` needs the recordings', mend="give `audio_root`")
    return Hearing(hear, audio_root, sending)


def without_effect(sending: SendingOptions) -> str | None:
    """What is said of how recordings are sent although captions alone are; None where nothing is."""
    names = ", ".join(f"`{name}`" for name in sending.model_dump(exclude_defaults=True))
    return f'without effect: {names}; `hear="audio"` sends recordings, and `hear="both"` too' if names else None


class Ears(Protocol):
    """Lets tasks be heard."""

    def hear(self, task: Task) -> Task:
        """The task as it is asked: with its recordings, where they are heard.

        Raises:
            InputError: one of them is missing, or cannot be read.
        """


class _NoEars:
    """Captions are enough."""

    def hear(self, task: Task) -> Task:
        return task


class _Recordings:
    """The recordings of pairs, by published path.

    Args:
        hearing: where they are, and how they are sent.
        pairs: all that are asked about; a warning names the clips without a recording.

    Raises:
        InputError: no clip has one.
    """

    def __init__(self, hearing: Hearing, pairs: Iterable[Pair]) -> None:
        self.hearing = hearing
        clips = list(dict.fromkeys(path for pair in pairs for path in (pair.filepath1, pair.filepath2)))
        found, missing = AudioFolder(hearing.audio_root).find_all(clips)
        if missing and not found:
            reason = f"none of the {len(clips):,} clips has a recording here"
            raise InputError(reason, file=hearing.audio_root, mend=f"such as {name_first(missing)}")
        what = f"{len(missing):,} of {len(clips):,} clips cannot be heard, having no recording in {hearing.audio_root}"
        warn_of_missing(_log, what, missing, None)
        self._found, self._missing = found, missing

    def of(self, pair: Pair) -> tuple[Path, Path]:
        """The two files of a pair.

        Raises:
            InputError: one is missing.
        """
        for path in (pair.filepath1, pair.filepath2):
            if path in self._missing:
                raise InputError(self._missing[path], file=f"{self.hearing.audio_root}: {path}")
        return self._found[pair.filepath1], self._found[pair.filepath2]

    def heard(self, task: Task, sent: SentPair) -> Task:
        """The task with what is sent of its recordings."""
        return replace(task, hear=self.hearing.hear, sent=sent)


class _Listening:
    """Sends recordings; the last pair is kept as it is sent, since it is asked about for each of its tiers."""

    def __init__(self, recordings: _Recordings, sender: AudioSender) -> None:
        self._recordings, self._sender = recordings, sender
        self._last: tuple[str, SentPair] | None = None

    def hear(self, task: Task) -> Task:
        if self._last is None or self._last[0] != task.pair.id:
            self._last = task.pair.id, self._sender.pair(*self._recordings.of(task.pair))
        return self._recordings.heard(task, self._last[1])


class _Measuring:
    """Tells how long recordings are, from their headers, and sends nothing."""

    def __init__(self, recordings: _Recordings) -> None:
        self._recordings = recordings

    def hear(self, task: Task) -> Task:
        first, second = self._recordings.of(task.pair)
        seconds = sent_seconds(first, second, self._recordings.hearing.sending)
        return self._recordings.heard(task, SentPair((), seconds, {}))


@contextmanager
def open_ears(hearing: Hearing | None, pairs: Iterable[Pair]) -> Iterator[Ears]:
    """Ears for a run; what was encoded for sending is there until the block ends.

    Args:
        hearing: what is heard; None where captions are enough.
        pairs: all that are asked about.

    Raises:
        InputError: no clip has a recording.
    """
    if hearing is None:
        yield _NoEars()
        return
    recordings = _Recordings(hearing, pairs)
    with AudioSender(hearing.sending) as sender:
        yield _Listening(recordings, sender)


def ears_for_an_estimate(hearing: Hearing | None, pairs: Iterable[Pair]) -> Ears:
    """Ears that encode nothing: tasks know how much audio would be sent.

    Raises:
        InputError: no clip has a recording.
    """
    return _NoEars() if hearing is None else _Measuring(_Recordings(hearing, pairs))
