"""What is there of the recordings of some clips: found, missing, unreadable, or with several files that fit alike."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from adiff_data.audio.decoding import read_info, require_whole
from adiff_data.audio.files import AudioFolder, Located
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.engines.engine import Engine
from adiff_data.engines.local import LOCAL
from adiff_data.records import Clip

State = Literal["found", "missing", "unreadable", "ambiguous"]


class RecordingStatus(BaseModel):
    """What is there of the recording of one clip.

    Attributes:
        filepath: the clip's path.
        state: `found` (its file can be read), `missing`, `unreadable`, or `ambiguous`: several files fit alike, or one
            file fits several clips alike, so that none is used.
        recording: its file, below the folder of recordings; None where there is none.
        reason: why it is not `found`.
        also: the other files that fit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filepath: str
    state: State
    recording: str | None = None
    reason: str = ""
    also: tuple[str, ...] = ()


@checks_arguments
def audio_status(
    clips: Iterable[Clip],
    audio_root: str | Path,
    *,
    listed: Iterable[str] = (),
    decode: bool = False,
    engine: Engine | None = None,
    progress: ProgressCallback | None = None,
) -> list[RecordingStatus]:
    """Looks for the recording of each clip, and whether it can be read.

    Args:
        audio_root: the folder of the recordings.
        listed: the paths of further clips that share the folder, of other splits for example.
        decode: decode each file to its end, in parallel. Otherwise its header is read, and all of it only where it does
            not end where its header says.
        engine: where files are decoded; None is this machine.
        progress: told how many clips are done.

    Returns:
        one for each path, in the order of the clips.

    Raises:
        InputError: there is no such folder.
    """
    filepaths = list(dict.fromkeys(clip.filepath for clip in clips))
    folder = AudioFolder(Path(audio_root), listed)
    located_of = folder.locate_all(filepaths)
    recordings = {filepath: path for filepath in filepaths if (path := located_of[filepath].path)}
    counter = ProgressCounter(progress, "look", len(filepaths), unit="clips", done=len(filepaths) - len(recordings))
    fault_of: dict[str, str] = {}
    for filepath, fault in zip(recordings, _faults(recordings, engine or LOCAL, decode=decode), strict=True):
        counter.advance()
        if fault is not None:
            fault_of[filepath] = fault
    return [_status(filepath, located_of[filepath], fault_of.get(filepath), folder.root) for filepath in filepaths]


def _faults(recordings: Mapping[str, Path], engine: Engine, *, decode: bool) -> Iterator[str | None]:
    if not decode:
        return map(_fault_of_header, recordings.values())
    return engine.map(_fault_of_content, recordings.values(), chunk_size=16, lost=_lost)


def _fault_of_header(path: Path) -> str | None:
    """Why a file cannot be read, by its header; a header that is not true says nothing, and all of it is read."""
    try:
        info = read_info(path)
    except InputError as fault:
        return fault.message
    return _fault_of_content(path) if not info.seems_whole else None


def _fault_of_content(path: Path) -> str | None:
    try:
        require_whole(path)
    except InputError as fault:
        return fault.message
    return None


def _lost(path: Path) -> str:
    """Why a file cannot be read whose worker was ended again and again."""
    del path
    return "the system ended each process that read it"


def _status(filepath: str, located: Located, fault: str | None, root: Path) -> RecordingStatus:
    also = tuple(path.relative_to(root).as_posix() for path in located.also)
    if located.path is None:
        state: State = "ambiguous" if located.is_ambiguous else "missing"
        return RecordingStatus(filepath=filepath, state=state, reason=located.reason, also=also)
    recording = located.path.relative_to(root).as_posix()
    if fault is not None:
        return RecordingStatus(filepath=filepath, state="unreadable", recording=recording, reason=fault, also=also)
    return RecordingStatus(filepath=filepath, state="found", recording=recording, also=also)
