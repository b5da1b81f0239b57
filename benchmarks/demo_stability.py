"""Whether data/DEMO may come out otherwise on another machine: its rows, with recordings that differ by very little.

    python benchmarks/demo_stability.py

Makes the demo's corpus in a temporary folder and measures it three times: as it is, with every sample changed by about
a millionth (what another order of float operations does at most), and with every sample changed by up to one step of
its 16 bits. Prints how many facts and how many of the rules' answers are others. About two minutes on two cores.
"""

import tempfile
import zlib
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from adiff_data import TIERS, Facts, Pair, PairFacts, make_pairs, read_clips
from adiff_data.annotation import rules
from adiff_data.audio.acoustics import measure
from adiff_data.audio.facts import FACT_NAMES
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.engines.local import LOCAL

CHANGES = ("none", "a millionth", "one step")


def measured(path: Path, change: str) -> Facts:
    samples, rate = soundfile.read(path, dtype="float32")
    stream = np.random.default_rng(zlib.crc32(path.name.encode()))
    if change == "a millionth":
        samples *= 1 + 1e-6 * stream.standard_normal(len(samples)).astype(np.float32)
    if change == "one step":
        samples += stream.integers(-1, 2, len(samples)).astype(np.float32) / 32768
    return measure(samples, rate)


def answers(pairs: list[Pair], facts: dict[str, Facts]) -> list[str]:
    both = [PairFacts(facts[pair.filepath1], facts[pair.filepath2]) for pair in pairs]
    return [rules.answer(pair, tier, each) for pair, each in zip(pairs, both, strict=True) for tier in TIERS]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        write_corpus(corpus, DemoSettings())
        clips = [read_clips("demo", corpus, split) for split in DemoSettings().clips]
        pairs = [pair for split in clips for pair in make_pairs(split)]
        paths = {clip.filepath: corpus / clip.filepath.partition("/")[2] for split in clips for clip in split}
        found = {}
        for change in CHANGES:
            facts = list(LOCAL.map(partial(measured, change=change), paths.values(), chunk_size=5))
            found[change] = dict(zip(paths, facts, strict=True))
    true, told = found["none"], answers(pairs, found["none"])
    for change in CHANGES[1:]:
        own = found[change]
        others = sum(getattr(own[path], name) != getattr(true[path], name) for path in paths for name in FACT_NAMES)
        rows = sum(one != other for one, other in zip(told, answers(pairs, own), strict=True))
        total = len(paths) * len(FACT_NAMES)
        print(f"{change}: {others} of {total:,} facts and {rows} of {len(told):,} answers are others")


if __name__ == "__main__":
    main()
