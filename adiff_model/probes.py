"""Probes: the same rows asked again with other audio, which a model that does not listen cannot notice.

| probe | what is heard in place of the two recordings |
|---|---|
| `swap` | the same two, exchanged |
| `same` | the first one twice |
| `silence` | silence as long as each |
| `noise` | white noise as long as each, and of the same level |
| `other` | for each, another recording of the split |
"""

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import soundfile

from adiff_data.audio.decoding import read_blocks, read_info
from adiff_data.audio.files import AudioFolder
from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_model.prediction_file import Task

Probe = Literal["swap", "same", "silence", "noise", "other"]
Substitute = Literal["silence", "noise"]
PROBES: tuple[Probe, ...] = get_args(Probe)


@dataclass(frozen=True)
class Heard:
    """What the model hears in place of a recording.

    Attributes:
        filepath: the published path of a recording.
        substitute: what takes its place; None is the recording itself.
    """

    filepath: str
    substitute: Substitute | None = None


HeardPair = tuple[Heard, Heard]


def probe_file(predictions: Path, probe: Probe) -> Path:
    """Where the answers under a probe stand: `predictions.swap.jsonl` beside `predictions.jsonl`."""
    return predictions.with_name(f"{predictions.stem}.{probe}{predictions.suffix}")


def heard_pairs(tasks: Sequence[Task], probe: Probe | None, split: Sequence[Task]) -> list[HeardPair]:
    """What is heard for each task; without a probe its own two recordings.

    Args:
        split: all tasks of the split, whose recordings `other` takes.

    Raises:
        InputError: the split has too few recordings for `other`.
    """
    if probe == "other":
        return _with_other_clips(tasks, split)
    return [_heard_pair(task, probe) for task in tasks]


def _heard_pair(task: Task, probe: Probe | None) -> HeardPair:
    first, second = task.filepath1, task.filepath2
    match probe:
        case "swap":
            return Heard(second), Heard(first)
        case "same":
            return Heard(first), Heard(first)
        case "silence" | "noise":
            return Heard(first, probe), Heard(second, probe)
        case _:
            return Heard(first), Heard(second)


def _with_other_clips(tasks: Sequence[Task], split: Sequence[Task]) -> list[HeardPair]:
    """Of the split's clips, in a circle of fixed order, the next behind each that is not in the pair."""
    clips = sorted({path for task in split for path in (task.filepath1, task.filepath2)})
    circle = Seeded("probe other").sample(clips, len(clips))
    if len(circle) < 4:  # a pair's two, and two others
        raise InputError(f"the split has {len(circle)} recordings", mend='`probe="other"` needs at least 4')
    index_of = {path: index for index, path in enumerate(circle)}
    pairs = []
    for task in tasks:
        used = [task.filepath1, task.filepath2]
        for path in (task.filepath1, task.filepath2):
            following = (circle[(index_of[path] + step) % len(circle)] for step in range(1, len(circle)))
            used.append(next(candidate for candidate in following if candidate not in used))
        pairs.append((Heard(used[2]), Heard(used[3])))
    return pairs


def find_heard(recordings: AudioFolder, pairs: Sequence[HeardPair], folder: Path) -> dict[Heard, Path | InputError]:
    """The file of each thing that is heard, or why there is none.

    Args:
        folder: where substitutes are written.
    """
    heard = list(dict.fromkeys(each for pair in pairs for each in pair))
    found, missing = recordings.find_all(each.filepath for each in heard)
    files, faults = heard_files(heard, found, folder)
    for each in heard:
        if each not in files and each not in faults:
            faults[each] = InputError(missing[each.filepath], file=f"{recordings.root}: {each.filepath}")
    return {**files, **faults}


def heard_files(
    heard: Iterable[Heard], recordings: Mapping[str, Path], folder: Path
) -> tuple[dict[Heard, Path], dict[Heard, InputError]]:
    """The file of each thing that is heard, and the faults of recordings that no substitute can be made of.

    Args:
        recordings: the files of recordings by their published paths.
        folder: where substitutes are written.
    """
    files, faults = {}, {}
    for each in dict.fromkeys(heard):
        recording = recordings.get(each.filepath)
        if recording is None:
            continue
        if each.substitute is None:
            files[each] = recording
            continue
        name = hashlib.sha256(each.filepath.encode()).hexdigest()
        path = folder / f"{name}.{each.substitute}.wav"
        try:
            write_substitute(recording, each.substitute, path)
        except InputError as fault:
            faults[each] = fault
        else:
            files[each] = path
    return files, faults


def write_substitute(recording: Path, substitute: Substitute, out: Path) -> None:
    """Writes a mono file as long as a recording, of the same rate: digital silence, or white noise of its RMS level.

    Raises:
        InputError: the recording cannot be read.
    """
    rate = read_info(recording).rate
    lengths, energy = [], 0.0
    for block in read_blocks(recording, dtype="float64"):
        lengths.append(len(block))
        energy += float(np.square(block).mean(axis=1).sum())
    level = np.sqrt(energy / max(sum(lengths), 1)) if substitute == "noise" else 0.0
    random = np.random.default_rng(zlib.crc32(recording.name.encode()))  # not the same noise for all
    with soundfile.SoundFile(out, "w", rate, channels=1, subtype="FLOAT") as file:
        for length in lengths:
            file.write(level * random.standard_normal(length))
