"""`adiff pair`: the clips of one split of a corpus, paired."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.audio.files import with_recordings
from adiff_data.core.json_lines import write_records
from adiff_data.pairing import make_pairs
from adiff_data.sources import CORPORA, listed_paths, read_clips
from pipelines.console import say
from pipelines.options import Force, settings_as_options
from pipelines.settings import PairSettings


@settings_as_options
def pair(
    corpus: Annotated[str, typer.Argument(help=f"One of {', '.join(CORPORA)}.")],
    root: Annotated[Path, typer.Option(help="The folder of the corpus' caption files; for manifest, the file.")],
    settings: PairSettings,
    out: Annotated[Path, typer.Option(help="The file of pairs to write, as JSON lines.")] = Path("pairs.jsonl"),
    split: Annotated[
        str | None, typer.Option(help="The split, by the corpus' own name. Default: its only one.")
    ] = None,
    audio_root: Annotated[Path | None, typer.Option(help="Keep only clips whose recording is in this folder.")] = None,
    force: Force = False,
) -> None:
    """Pair the clips of a split: every (clip, caption) once as audio 1.

    Example: adiff pair clotho --root captions/clotho --split evaluation --out pairs.jsonl
    """
    clips = read_clips(corpus, root, split, exclude=settings.exclude)
    if audio_root:
        missing = out.with_name(f"{out.stem}.missing.jsonl")
        clips = with_recordings(clips, audio_root, listed=listed_paths(corpus, root), missing_file=missing)
    pairs = make_pairs(clips, **settings.model_dump(exclude={"exclude"}))
    outcome = write_records(out, pairs, force=force)
    made = f"{len(pairs):,} pairs of {len(clips):,} clips ({corpus} {clips[0].split}, {settings.strategy})"
    say(f"{out}: {made}, {outcome}")
