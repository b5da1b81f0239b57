"""An `Audio` column of `datasets` that is read by soundfile and resampled by soxr, when its samples are asked for."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import soxr

from adiff_data.audio.decoding import read_samples
from adiff_data.core.errors import InputError


class Recording(Mapping[str, Any]):
    """One recording: `path`, `array` (float32, mono, -1 to 1) and `sampling_rate` (Hz).

    Nothing is read before `array` or `sampling_rate` is asked for: to filter rows by their text costs no audio.
    """

    def __init__(self, path: str | None, content: bytes | None, sampling_rate: int | None) -> None:
        self._path, self._content, self._wanted_rate = path, content, sampling_rate

    def __getitem__(self, name: str) -> Any:
        """`array` and `sampling_rate` raise InputError where the file is missing or no audio."""
        if name == "path":
            return self._path
        if name in ("array", "sampling_rate"):
            return self._read[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(("path", "array", "sampling_rate"))

    def __len__(self) -> int:
        return 3

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """The samples: what a dataset in numpy's or torch's format gives."""
        return np.array(self["array"], dtype=dtype, copy=copy)

    def __repr__(self) -> str:
        return f"Recording({self._path!r})"

    @cached_property
    def _read(self) -> dict[str, Any]:
        if self._content is None and self._path is None:
            raise InputError("neither a path nor the content of a file", file="an embedded clip")
        source = Path(str(self._path)) if self._content is None else io.BytesIO(self._content)
        samples, rate = read_samples(source, name=self._path)
        mono = samples.mean(axis=1)
        if self._wanted_rate and self._wanted_rate != rate:
            mono, rate = soxr.resample(mono, rate, self._wanted_rate), self._wanted_rate
        return {"array": np.asarray(mono, dtype=np.float32), "sampling_rate": rate}


@dataclass
class SoundfileAudio(datasets.Audio):  # type: ignore[misc] # datasets has no types
    """As `datasets.Audio`, which needs torchcodec and FFmpeg; what is decoded is a `Recording`.

    Where `sampling_rate` is None, each clip keeps its own.
    """

    _type: str = field(default="Audio", init=False, repr=False)  # what is saved reads back as datasets' own

    def decode_example(self, value: dict[str, Any], token_per_repo_id: Any = None) -> Recording:
        """The recording, not read yet."""
        return Recording(value.get("path"), value.get("bytes"), self.sampling_rate)
