"""What a judge hears: the recordings of the rows that it judges, encoded once for both orders and all systems."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from adiff_data.audio.files import AudioFolder
from adiff_data.audio.sending import AudioSender, SendingOptions, SentPair
from adiff_data.core.errors import InputError
from adiff_data.core.wording import counted
from adiff_model.prediction_file import Prediction

_log = logging.getLogger(__name__)
Hear = Callable[[Prediction], SentPair | None]


def hear_nothing(row: Prediction) -> None:
    """Sends no recording: the judge goes by the captions."""


@contextmanager
def open_ears(audio_root: Path, sending: SendingOptions, rows: Iterable[Prediction]) -> Iterator[Hear]:
    """Yields what sends the recordings of a row, which raises InputError where one is missing or no audio.

    Args:
        audio_root: the folder of the recordings.
        rows: all that may be judged.

    Raises:
        InputError: there is no such folder.
    """
    paths = dict.fromkeys(path for row in rows for path in (row.filepath1, row.filepath2))
    found, missing = AudioFolder(audio_root).find_all(paths)

    def hear(row: Prediction) -> SentPair:
        for path in (row.filepath1, row.filepath2):
            if path in missing:
                raise InputError(missing[path], file=f"{audio_root}: {path}")
        return sender.pair(found[row.filepath1], found[row.filepath2])

    with AudioSender(sending) as sender:
        yield hear


def heard_rows(rows: Iterable[Prediction], hear: Hear) -> Iterator[tuple[Prediction, dict[str, object] | None]]:
    """Yields the rows that can be judged, each with what is recorded of its recordings; None where none is sent.

    A warning names the first of the others.
    """
    faults: list[InputError] = []
    for row in rows:
        try:
            sent = hear(row)
        except InputError as fault:
            faults.append(fault)
        else:
            yield row, sent.recorded if sent else None
    if faults:
        _log.warning("%s not judged: %s", counted(len(faults), "row is", "rows are"), faults[0])
