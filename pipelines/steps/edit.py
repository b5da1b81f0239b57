"""`adiff edit`: pairs of a recording and its edit, whose difference is known."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.edits.folder import make_edited_pairs
from adiff_data.sources import CORPORA, read_clips
from pipelines.console import progress_bars, say
from pipelines.options import Force, Recordings, settings_as_options
from pipelines.settings import EditSettings


@settings_as_options
def edit(
    corpus: Annotated[str, typer.Argument(help=f"One of {', '.join(CORPORA)}.")],
    root: Annotated[Path, typer.Option(help="The folder of the corpus' caption files; for manifest, the file.")],
    audio_root: Recordings,
    settings: EditSettings,
    out: Annotated[Path, typer.Option(help="The folder to write: recordings, pairs, truth, explanations.")],
    split: Annotated[
        str | None, typer.Option(help="The split, by the corpus' own name. Default: its only one.")
    ] = None,
    force: Force = False,
) -> None:
    """Edit the recordings of a split, so that each pair's difference is known, and explain it.

    Example: adiff edit clotho --root clotho --split evaluation --audio-root clotho --count 2000 --out EDT
    """
    clips = read_clips(corpus, root, split, exclude=settings.exclude)
    with progress_bars() as progress:
        pairs = make_edited_pairs(
            clips,
            audio_root,
            out,
            count=settings.count,
            seed=settings.seed,
            edits=settings.edits,
            tiers=settings.tiers,
            licences=settings.licences,
            force=force,
            progress=progress,
        )
    say(f"{out}: {len(pairs):,} edited pairs of {len(clips):,} clips ({corpus} {clips[0].split}), written")
