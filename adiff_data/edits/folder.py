"""Writing a folder of edited pairs: FLAC files, `pairs.jsonl`, `truth.jsonl`, and the explanations."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import soundfile
from pydantic import PositiveInt

from adiff_data.audio.files import AudioFolder
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_folder
from adiff_data.core.json_lines import write_records
from adiff_data.core.processes import map_in_processes
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.edits.answers import annotate_edits
from adiff_data.edits.kinds import EDITS
from adiff_data.edits.planning import Plan, plan_pairs
from adiff_data.edits.rendering import Rendered, render
from adiff_data.edits.truth import TRUTH_FILE, EditTruth, PlacedEvent
from adiff_data.records import Clip, Pair, make_pair
from adiff_data.sources.edited import CORPUS

PAIRS_FILE, ANNOTATIONS_FILE = "pairs.jsonl", "annotations.jsonl"
STRATEGY = "edited"
_log = logging.getLogger(__name__)


@checks_arguments
def make_edited_pairs(
    clips: Iterable[Clip],
    audio_root: str | Path,
    out: str | Path,
    *,
    count: PositiveInt | None = None,
    seed: int = 0,
    edits: Sequence[str] | None = None,
    force: bool = False,
    progress: ProgressCallback | None = None,
) -> list[Pair]:
    """Pairs each recording with an edit of itself, and writes down what the two differ in.

    The folder `out` becomes `Edited/{split}/*.flac`, `pairs.jsonl`, `truth.jsonl`, and `annotations.jsonl`, which
    explains each pair in three tiers; whole or not at all. The same recordings and seed give the same files.

    Args:
        clips: one split's clips.
        audio_root: the folder of their recordings.
        count: how many pairs; None is one a clip.
        edits: names of `kinds.EDITS`; None is all of them.
        force: overwrite a folder that holds something else.

    Returns:
        the pairs. Those that could not be made of any of the recordings drawn for them are left out, and counted in a
        warning.

    Raises:
        InputError: there are no clips, an edit does not exist, the folder holds something else, or no pair could be
            made.
        WorkError: the disk is full.
    """
    clips = list(clips)
    if not clips:
        raise InputError("no clips to edit")
    plans = plan_pairs(
        clips, len(clips) if count is None else count, seed=seed, edits=tuple(EDITS) if edits is None else edits
    )
    pairs: list[Pair] = []
    truths: list[EditTruth] = []
    counter = ProgressCounter(progress, "edit", len(plans), unit="pairs")
    with replace_folder(Path(out), force=force) as output:
        folder = output.path / CORPUS.folder / clips[0].split
        folder.mkdir(parents=True)
        for plan, rendered in _rendered(plans, AudioFolder(Path(audio_root))):
            if rendered is not None:
                _write(folder, plan.number, rendered)
                pair = _pair(clips[0].split, plan.number, rendered)
                pairs.append(pair)
                truths.append(_truth(pair.id, plan, rendered))
            counter.advance()
        if not pairs:
            raise InputError(
                f"none of the {len(clips):,} recordings could be edited",
                file=Path(audio_root),
                mend="they should last two seconds or more",
            )
        write_records(output.path / PAIRS_FILE, pairs)
        write_records(output.path / TRUTH_FILE, truths)
        write_records(output.path / ANNOTATIONS_FILE, annotate_edits(pairs, {truth.id: truth for truth in truths}))
    if len(pairs) < len(plans):
        _log.warning("%d of %d pairs left out: no recording drawn for them fits", len(plans) - len(pairs), len(plans))
    return pairs


def _rendered(plans: Sequence[Plan], recordings: AudioFolder) -> Iterator[tuple[Plan, Rendered | None]]:
    rendered = map_in_processes(partial(render, find=recordings.find), plans, chunk_size=4)
    yield from zip(plans, rendered, strict=True)


def _write(folder: Path, number: int, rendered: Rendered) -> None:
    for side, samples in ((1, rendered.first), (2, rendered.second)):
        soundfile.write(folder / _file_name(number, side), samples, rendered.rate, subtype="PCM_16")


def _file_name(number: int, side: int) -> str:
    return f"{number:06d}_{side}.flac"


def _pair(split: str, number: int, rendered: Rendered) -> Pair:
    first, second = (
        Clip(
            corpus=CORPUS.name,
            split=split,
            filepath=f"{CORPUS.folder}/{split}/{_file_name(number, side)}",
            captions=(_caption(rendered.source.caption, [event for event in rendered.events if side in event.sides]),),
        )
        for side in (1, 2)
    )
    return make_pair(first, second, first.captions[0], second.captions[0], strategy=STRATEGY)


def _caption(caption: str, events: Sequence[PlacedEvent]) -> str:
    """What is heard in one audio: the recording's caption, then those of its events in their order."""
    in_order = dict.fromkeys(event.caption for event in sorted(events, key=lambda event: event.onset))
    return ", then ".join(text.strip().rstrip(".") for text in (caption, *in_order))


def _truth(pair: str, plan: Plan, rendered: Rendered) -> EditTruth:
    quality = EDITS[plan.edit]
    return EditTruth(
        id=pair,
        edit=plan.edit,
        quality=quality.name,
        edited=plan.edited,
        more=rendered.more,
        size=plan.size,
        amount=round(rendered.amount, 4),
        unit=quality.unit,
        events=rendered.events,
        caption=rendered.source.caption,
        filepath=rendered.source.filepath,
        start=rendered.start,
    )
