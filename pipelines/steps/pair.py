"""`adiff pair`: the clips of one split of a corpus, paired."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.sources import CORPORA
from pipelines.console import say
from pipelines.options import Force, settings_as_options
from pipelines.pairing import pair_split
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
    paired = pair_split(corpus, root, split, settings, audio_root=audio_root, out=out, force=force)
    clips = f"{len(paired.clips):,} clips ({corpus} {paired.clips[0].split}, {settings.strategy})"
    say(f"{out}: {len(paired.pairs):,} pairs of {clips}, {paired.outcome}")
