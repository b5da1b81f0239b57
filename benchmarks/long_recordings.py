"""An hour of 48 kHz stereo: the peak memory and the time of measuring it, and of explaining it with `tiny`.

    python benchmarks/long_recordings.py [--minutes 60]

Writes two FLAC files into a temporary folder and runs each piece of work in a process of its own.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

RATE = 48_000
WORK = {
    "measure": "from adiff_data.audio.acoustics import measure_file; measure_file(first)",
    "hash": "from adiff_data.audio.acoustics import content_key; content_key(first)",
    **{
        f"explain, {window}": "from adiff_model import ADIFF; from adiff_model.encoding import Reading\n"
        "ADIFF(config='tiny').explain([(str(first), str(second), 'explain the difference in few words')],"
        f" reading=Reading({window!r}), reading_threads=0)"
        for window in ("start", "middle", "loudest", "all")
    },
}


def write_recording(path: Path, minutes: int, seed: int) -> None:
    """Noise that comes and goes, a minute at a time."""
    random = np.random.RandomState(seed)
    with soundfile.SoundFile(path, "w", RATE, 2) as file:
        for _ in range(minutes):
            noise = random.standard_normal((60 * RATE, 2)).astype(np.float32)
            file.write(noise * 0.1 * random.uniform(0.1, 1.0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=60)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{name}.flac" for name in ("first", "second")]
        for seed, path in enumerate(paths):
            write_recording(path, minutes, seed)
        print(f"{minutes} minutes, {paths[0].stat().st_size / 1e6:.0f} MB each")
        for name, work in WORK.items():
            script = f"from pathlib import Path; first, second = map(Path, {list(map(str, paths))!r})\n{work}\n"
            script += "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
            began = time.perf_counter()
            run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
            print(f"{name}: {time.perf_counter() - began:.1f} s, {run.stdout.split()[-1]} MB at the peak", flush=True)


if __name__ == "__main__":
    main()
