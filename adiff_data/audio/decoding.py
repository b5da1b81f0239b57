"""Reading an audio file whole: in blocks and by path, so that a header's length is never believed."""

from pathlib import Path

import numpy as np
import soundfile

from adiff_data.core.errors import InputError

_BLOCK = 1 << 18  # frames
_FAULTS = (soundfile.SoundFileError, OSError, ValueError, TypeError, MemoryError)


class _Stream(soundfile.SoundFile):  # type: ignore[misc] # soundfile has no types
    """A file that is read from front to end: soundfile seeks after each block, which fails without a known length."""

    def seekable(self) -> bool:
        """Never."""
        return False


def read_samples(path: Path, dtype: str = "float32") -> tuple[np.ndarray, int]:
    """The samples of a file, (time, channels), and their rate, Hz.

    A header may state no length, as that of a FLAC file that was written to a pipe does; what is there is read.

    Raises:
        InputError: there is no such file, or it is no audio.
    """
    try:
        with _Stream(path) as file:
            blocks = []
            while len(block := file.read(_BLOCK, dtype=dtype, always_2d=True)):
                blocks.append(block)
            empty = np.zeros((0, file.channels), dtype)
            return np.concatenate(blocks) if blocks else empty, file.samplerate
    except _FAULTS as fault:
        reason = str(fault).replace(f"Error opening '{path}': ", "").rstrip(".")
        raise InputError(f"cannot be read as audio ({reason})", file=path) from None
