"""An `Audio` column of `datasets` that is read by soundfile and resampled by soxr."""

import io
from dataclasses import dataclass, field
from typing import Any

import datasets
import numpy as np
import soundfile
import soxr

from adiff_data.errors import InputError


@dataclass
class SoundfileAudio(datasets.Audio):
    """As `datasets.Audio`, which needs torchcodec and FFmpeg to decode; what is decoded is a dictionary of `path`,
    `array` (float32, mono, -1 to 1) and `sampling_rate` (Hz).

    Where `sampling_rate` is None, each clip keeps its own.
    """

    _type: str = field(default="Audio", init=False, repr=False)  # what is saved reads back as datasets' own

    def decode_example(self, value: dict[str, Any], token_per_repo_id: Any = None) -> dict[str, Any]:
        """The samples of one clip.

        Raises:
            InputError: its file is missing or no audio.
        """
        content, path = value.get("bytes"), value.get("path")
        try:
            samples, rate = soundfile.read(
                io.BytesIO(content) if content is not None else path, dtype="float32", always_2d=True
            )
        except (soundfile.LibsndfileError, OSError, TypeError) as fault:
            raise InputError(f"cannot be read as audio ({fault})", file=path or "an embedded clip") from None
        mono = samples.mean(axis=1)
        if self.sampling_rate and self.sampling_rate != rate:
            mono, rate = soxr.resample(mono, rate, self.sampling_rate), self.sampling_rate
        return {"path": path, "array": np.asarray(mono, dtype=np.float32), "sampling_rate": rate}
