"""`adiff audio status`: which recordings of a corpus are there, before anything is made of them."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from adiff_data.audio.missing import name_first
from adiff_data.audio.status import RecordingStatus, State, audio_status
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import write_records
from adiff_data.records import Clip
from adiff_data.sources import CORPORA, corpus_named, listed_paths, read_clips
from pipelines.console import progress_bars, say
from pipelines.options import Force, Recordings, settings_as_options
from pipelines.settings import AudioSettings, EngineSettings


@settings_as_options
def audio(
    action: Annotated[Literal["status"], typer.Argument(help="Say what is there.")],
    corpus: Annotated[str, typer.Argument(help=f"One of {', '.join(CORPORA)}.")],
    audio_root: Recordings,
    settings: AudioSettings,
    runs_on: EngineSettings,
    root: Annotated[
        Path | None,
        typer.Option(help="The folder of the corpus' caption files; for manifest, the file. Default: --audio-root."),
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="The split, by the corpus' own name. Default: all that are there.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A file of all clips and their states, as JSON lines.")] = None,
    force: Force = False,
) -> None:
    """Say which recordings of a corpus are found, missing, unreadable, or there several times.

    Example: adiff audio status clotho --root captions/clotho --audio-root recordings --out status.jsonl
    """
    del action
    root = root or audio_root
    clips = _read_clips(corpus, root, split, settings.exclude)
    listed = listed_paths(corpus, root)
    with runs_on.opened() as engine, progress_bars() as progress:
        statuses = audio_status(
            clips, audio_root, listed=listed, decode=settings.decode, engine=engine, progress=progress
        )
    counts = Counter(status.state for status in statuses)
    figures = ", ".join(f"{counts[state]:,} {state}" for state in get_args(State))
    splits = ", ".join(dict.fromkeys(clip.split for clip in clips))
    say(f"{audio_root}: {len(statuses):,} clips ({corpus} {splits}): {figures}")
    _report(statuses)
    if out:
        say(f"{out}: {len(statuses):,} clips, {write_records(out, statuses, force=force)}")


def _read_clips(corpus: str, root: Path, split: str | None, exclude: str) -> list[Clip]:
    splits = (split,) if split else corpus_named(corpus).splits_in(root)
    if not splits:
        raise InputError(f"no caption file of {corpus} is here", file=root)
    return [clip for each in splits for clip in read_clips(corpus, root, each, exclude=exclude)]


def _report(statuses: list[RecordingStatus]) -> None:
    """Names the first clips of each state that is not well, and those for which several files are there."""
    for state in get_args(State):
        reasons = {status.filepath: status.reason for status in statuses if status.state == state and status.reason}
        if reasons:
            say(f"  {state}: {name_first(reasons)}")
    several = {status.filepath: f"also {', '.join(status.also[:3])}" for status in statuses if _is_there_again(status)}
    if several:
        say(f"  {len(several):,} found, with further files that fit: {name_first(several)}")


def _is_there_again(status: RecordingStatus) -> bool:
    return status.state == "found" and bool(status.also)
