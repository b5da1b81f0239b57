"""An `Audio` column of `datasets` that is read by soundfile and resampled by soxr, when its samples are asked for."""

import io
from collections.abc import ItemsView, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pyarrow as pa
import soundfile
import soxr

from adiff_data.audio.decoding import mixed_down, read_samples
from adiff_data.core.errors import InputError


class Recording(Mapping[str, Any]):
    """One recording: `path`, `array` (float32, mono as `mixed_down` has it, -1 to 1) and `sampling_rate` (Hz).

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

    @property
    def stored(self) -> dict[str, Any]:
        """The path and the content that it is read from."""
        return {"bytes": self._content, "path": self._path}

    def items(self) -> ItemsView[str, Any]:
        """What it is stored as: by this, `Dataset.map` keeps the file of a recording that it was only shown."""
        return self.stored.items()

    def __repr__(self) -> str:
        return f"Recording({self._path!r})"

    @cached_property
    def _read(self) -> dict[str, Any]:
        if self._content is None and self._path is None:
            raise InputError("neither a path nor the content of a file", file="an embedded clip")
        source = Path(str(self._path)) if self._content is None else io.BytesIO(self._content)
        samples, rate = read_samples(source, name=self._path)
        mono = mixed_down(samples)
        if self._wanted_rate and self._wanted_rate != rate:
            mono, rate = soxr.resample(mono, rate, self._wanted_rate), self._wanted_rate
        return {"array": np.asarray(mono, dtype=np.float32), "sampling_rate": rate}


def _as_wav(samples: np.ndarray, rate: int) -> bytes:
    """Samples, (time,) or (channels, time) as datasets has them, as a file."""
    file = io.BytesIO()
    soundfile.write(file, samples.T, rate, format="WAV", subtype="FLOAT")
    return file.getvalue()


@dataclass
class SoundfileAudio(datasets.Audio):  # type: ignore[misc] # datasets has no types
    """As `datasets.Audio`, which needs torchcodec and FFmpeg; what is decoded is a `Recording`.

    Where `sampling_rate` is None, each clip keeps its own.
    """

    _type: str = field(default="Audio", init=False, repr=False)  # what is saved reads back as datasets' own

    def encode_example(self, value: Any) -> dict[str, Any]:
        """What is stored of a value, such as one that a function for `Dataset.map` returns.

        Args:
            value: a `Recording`, whose file is kept as it is; a path; the content of a file; or a mapping with `array`
                and `sampling_rate`, which becomes WAV, or with `path` or `bytes`.

        Raises:
            InputError: it is none of these.
        """
        if isinstance(value, Recording):
            return value.stored
        if isinstance(value, str | Path):
            return {"bytes": None, "path": str(value)}
        if isinstance(value, bytes | bytearray):
            return {"bytes": bytes(value), "path": None}
        if isinstance(value, Mapping) and value.get("array") is not None:
            return {"bytes": _as_wav(np.asarray(value["array"]), int(value["sampling_rate"])), "path": None}
        if isinstance(value, Mapping) and (value.get("bytes") is not None or value.get("path") is not None):
            return {"bytes": value.get("bytes"), "path": value.get("path")}
        raise InputError(f"a {type(value).__name__} is no recording", mend="give array and sampling_rate, or a path")

    def cast_storage(self, storage: pa.Array) -> pa.Array:
        """Values that a function for `Dataset.map` returned, as they are stored."""
        if pa.types.is_struct(storage.type) and storage.type.get_field_index("array") >= 0:
            values = [value and self.encode_example(value) for value in storage.to_pylist()]
            return pa.array(values, type=self.pa_type)
        return super().cast_storage(storage)

    def decode_example(self, value: dict[str, Any], token_per_repo_id: Any = None) -> Recording:
        """The recording, not read yet."""
        return Recording(value.get("path"), value.get("bytes"), self.sampling_rate)
