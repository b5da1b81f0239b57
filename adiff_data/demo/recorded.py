"""Recordings as sources of scenes: any folder of short recordings with a table of what each one holds."""

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import soxr
from pydantic import BaseModel, ConfigDict

from adiff_data.audio.decoding import read_samples
from adiff_data.core.errors import InputError
from adiff_data.demo import signals
from adiff_data.demo.sounds import SOURCES, Source, speaks_of

COLUMNS = ("filename", "category", "fold")
SPEEDS = (0.87, 1.15)  # played slower or faster, so that a recording is not known again by its pitch
_WINDOWS = 8  # places that are tried for a stretch of a longer recording

_CATEGORIES = {
    "Baby cry": "baby",
    "Chainsaw": "chainsaw",
    "Clock tick": "clock",
    "Dog bark": "dog",
    "Fire crackling": "fire",
    "Helicopter": "helicopter",
    "Person sneeze": "sneeze",
    "Rain": "rain",
    "Rooster": "rooster",
    "Sea waves": "sea waves",
}

ONLY_RECORDED = {
    source.name: source
    for source in (
        speaks_of(
            "baby",
            clauses=("a baby cries", "a baby is crying", "an infant wails"),
            nouns=("a crying baby", "the cries of a baby", "an infant crying"),
        ),
        speaks_of(
            "chainsaw",
            clauses=("a chainsaw runs", "a chainsaw is cutting wood", "a chainsaw buzzes"),
            nouns=("a chainsaw", "the buzz of a chainsaw", "a running chainsaw"),
        ),
        speaks_of(
            "sneeze",
            clauses=("a person sneezes", "someone is sneezing", "somebody sneezes"),
            nouns=("a sneeze", "a person sneezing", "the sneeze of a person"),
        ),
        speaks_of(
            "rooster",
            clauses=("a rooster crows", "a rooster is crowing", "a rooster calls"),
            nouns=("a crowing rooster", "the crow of a rooster", "a rooster crowing"),
        ),
    )
}
ALL_SOURCES: dict[str, Source] = SOURCES | ONLY_RECORDED


class RecordingSettings(BaseModel):
    """Which recordings go into which split.

    Attributes:
        folder: holds `meta.csv` (filename, category, fold) and `audio/`, as ESC-10 does.
        folds: by split, the folds whose recordings it may use; no fold stands in two splits.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path
    folds: dict[str, tuple[int, ...]]

    def in_split(self, split: str) -> dict[str, list[str]]:
        """The recordings of a split by source, both in order.

        Raises:
            InputError: the table is missing or is none, or a fold stands in two splits.
        """
        path = self.folder / "meta.csv"
        everywhere = [fold for folds in self.folds.values() for fold in folds]
        if len(everywhere) != len(set(everywhere)):
            raise InputError("a fold stands in two splits", file=path, mend="give each fold to one split")
        files_of: dict[str, list[str]] = {}
        for row, line in enumerate(_rows(path), start=2):
            source = _CATEGORIES.get(line["category"])
            if source is None:
                raise InputError(f"no words for '{line['category']}'", file=path, row=row)
            if int(line["fold"]) in self.folds.get(split, ()):
                files_of.setdefault(source, []).append(line["filename"])
        return {source: sorted(names) for source, names in sorted(files_of.items())}


def play(path: Path, seconds: float, speed: float, random: signals.Random) -> signals.Signal:
    """A stretch of a recording: a shorter one is repeated, of a longer one a stretch with much sound is taken."""
    samples = _read(path)
    if speed != 1.0:
        samples = soxr.resample(samples, signals.SAMPLE_RATE, signals.SAMPLE_RATE / speed)
    length = round(seconds * signals.SAMPLE_RATE)
    if len(samples) <= length:
        return np.resize(np.roll(samples, int(random.randint(len(samples)))), length)
    starts = random.randint(0, len(samples) - length, _WINDOWS)
    return max((samples[start : start + length] for start in starts), key=lambda part: float((part**2).sum())).copy()


def _rows(path: Path) -> list[Mapping[str, str]]:
    if not path.is_file():
        raise InputError("no such file", file=path, mend=f"a table with the columns {', '.join(COLUMNS)}")
    with path.open(encoding="utf-8", newline="") as file:
        rows: list[Mapping[str, str]] = list(csv.DictReader(file))
    if not rows or not rows[0].keys() >= set(COLUMNS) or not all((row["fold"] or "").isdigit() for row in rows):
        raise InputError(f"not a table with the columns {', '.join(COLUMNS)}", file=path)
    return rows


@lru_cache(maxsize=512)
def _read(path: Path) -> np.ndarray:
    samples, rate = read_samples(path, "float64")
    mono = samples.mean(axis=1)
    if rate != signals.SAMPLE_RATE:
        mono = soxr.resample(mono, rate, signals.SAMPLE_RATE)
    if not np.any(mono):
        raise InputError("is silent", file=path)
    return mono
