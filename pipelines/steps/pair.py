"""`adiff pair`: the clips of one split of a corpus, paired."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.audio.files import AudioFolder
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import write_records
from adiff_data.pairing import DEFAULT_BAND, STRATEGIES, make_pairs
from adiff_data.records import Clip
from adiff_data.sources import read_clips
from adiff_data.sources.corpus import CORPORA
from pipelines.console import say


def pair(
    corpus: Annotated[str, typer.Argument(help=f"One of {', '.join(CORPORA)}.")],
    root: Annotated[Path, typer.Option(help="The folder of the corpus' caption files; for manifest, the file.")],
    out: Annotated[Path, typer.Option(help="The pairs, as JSON lines.")] = Path("pairs.jsonl"),
    split: Annotated[str, typer.Option(help="The corpus' own name of the split.")] = "all",
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
    if exclude not in ("test", "all", "none"):
        raise InputError(f"no blacklist '{exclude}'", mend="give test, all or none")
    found = find_clips(corpus, root, split, exclude=exclude, audio_root=audio_root)
    pairs = make_pairs(found, strategy=strategy, seed=seed, limit=limit, band=band)
    outcome = write_records(out, pairs, force=force)
    say(f"{out}: {len(pairs):,} pairs of {len(found):,} clips ({corpus} {split}, {strategy}), {outcome}")


def find_clips(corpus: str, root: Path, split: str, *, exclude: str, audio_root: Path | None) -> list[Clip]:
    """The clips of a split, those alone whose recording is in `audio_root` where one is given.

    Raises:
        InputError: there is none, or a file is wrong.
    """
    clips = read_clips(corpus, root, split, exclude=exclude)
    found = list(AudioFolder(audio_root).keep_existing(clips) if audio_root else clips)
    if not found:
        raise InputError(f"no clip in {corpus} {split}", file=root)
    return found
