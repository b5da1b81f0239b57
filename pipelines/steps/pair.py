"""`adiff pair`: the clips of one split of a corpus, paired."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.audio.files import with_recordings
from adiff_data.core.json_lines import write_records
from adiff_data.pairing import DEFAULT_BAND, STRATEGIES, make_pairs
from adiff_data.sources import CORPORA, read_clips
from pipelines.console import say


def pair(
    corpus: Annotated[str, typer.Argument(help=f"One of {', '.join(CORPORA)}.")],
    root: Annotated[Path, typer.Option(help="The folder of the corpus' caption files; for manifest, the file.")],
    out: Annotated[Path, typer.Option(help="The pairs, as JSON lines.")] = Path("pairs.jsonl"),
    split: Annotated[
        str | None, typer.Option(help="The split, by the corpus' own name. Default: its only one.")
    ] = None,
    strategy: Annotated[str, typer.Option(help=f"One of {', '.join(STRATEGIES)}.")] = "random",
    seed: Annotated[int, typer.Option(help="Another seed gives other pairs.")] = 0,
    limit: Annotated[int | None, typer.Option(min=1, help="Pair this many (clip, caption) rows only.")] = None,
    band: Annotated[
        tuple[float, float], typer.Option(help="For similar: lowest and highest similarity of captions.")
    ] = DEFAULT_BAND,
    exclude: Annotated[str, typer.Option(help="WavCaps' blacklist to keep out: test, all or none.")] = "test",
    audio_root: Annotated[Path | None, typer.Option(help="Keep only clips whose recording is here.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite pairs of other settings.")] = False,
) -> None:
    """Pair the clips of a split: every (clip, caption) once as audio 1.

    Example: adiff pair clotho --root captions/clotho --split evaluation --out pairs.jsonl
    """
    clips = read_clips(corpus, root, split, exclude=exclude)
    if audio_root:
        clips = with_recordings(clips, audio_root)
    pairs = make_pairs(clips, strategy=strategy, seed=seed, limit=limit, band=band)
    outcome = write_records(out, pairs, force=force)
    say(f"{out}: {len(pairs):,} pairs of {len(clips):,} clips ({corpus} {clips[0].split}, {strategy}), {outcome}")
