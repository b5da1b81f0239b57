"""What the command and recipes share of pairing: from a corpus' files to a file of pairs."""

from dataclasses import dataclass
from pathlib import Path

from adiff_data.audio.files import with_recordings
from adiff_data.core.json_lines import write_records
from adiff_data.pairing import make_pairs
from adiff_data.records import Clip, Pair
from adiff_data.sources import listed_paths, read_clips
from pipelines.settings import PairSettings


@dataclass(frozen=True)
class PairedSplit:
    """A split that was paired.

    Attributes:
        clips: those that were paired.
        outcome: `written`, or `unchanged` where the file held the same pairs.
    """

    clips: list[Clip]
    pairs: list[Pair]
    outcome: str


def pair_split(
    corpus: str,
    root: Path,
    split: str | None,
    settings: PairSettings,
    *,
    audio_root: Path | None,
    out: Path,
    force: bool,
) -> PairedSplit:
    """Pairs a split's clips as settings say.

    Args:
        audio_root: keep only clips whose recording is in this folder; the others are listed in `{stem}.missing.jsonl`.
        out: the file of pairs.

    Raises:
        InputError: there are no such clips or recordings, or `out` holds other pairs and `force` is not given.
        WorkError: a file cannot be written.
    """
    clips = read_clips(corpus, root, split, exclude=settings.exclude)
    if audio_root:
        missing_file = out.with_name(f"{out.stem}.missing.jsonl")
        clips = with_recordings(clips, audio_root, listed=listed_paths(corpus, root), missing_file=missing_file)
    pairs = make_pairs(clips, **settings.model_dump(exclude={"exclude"}))
    return PairedSplit(clips, pairs, write_records(out, pairs, force=force))
