"""Writing a folder of edited pairs: FLAC files, `pairs.jsonl`, `truth.jsonl`, and the explanations."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from pydantic import PositiveInt

from adiff_data.annotation.tasks import require_tiers
from adiff_data.audio.files import AudioFolder
from adiff_data.claims.edit_truth import TRUTH_FILE
from adiff_data.core.arguments import as_list, checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_folder
from adiff_data.core.json_lines import write_records
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.edits.answers import annotate_edits
from adiff_data.edits.edited_pair import EditedPair, make_edited_pair
from adiff_data.edits.kinds import EDITS
from adiff_data.edits.planning import plan_pairs
from adiff_data.edits.shortcuts import SHORTCUTS_FILE, diagnose
from adiff_data.engines.local import LOCAL
from adiff_data.records import Clip, Pair
from adiff_data.sources.clip_sources import ClipSources
from adiff_data.sources.combined_licences import combined_source
from adiff_data.sources.edited import CORPUS, PAIRS_FILE
from adiff_data.sources.licences import ClipSource
from adiff_data.tiers import TIERS

ANNOTATIONS_FILE, LICENCES_FILE = "annotations.jsonl", "licences.jsonl"
_log = logging.getLogger(__name__)


@checks_arguments
def make_edited_pairs(  # noqa: PLR0913 - each is an option of the one call
    clips: Iterable[Clip],
    audio_root: str | Path,
    out: str | Path,
    *,
    count: PositiveInt | None = None,
    seed: int = 0,
    edits: Sequence[str] | None = None,
    tiers: Sequence[str] = tuple(TIERS),
    licences: str | Path | Sequence[str | Path] = (),
    force: bool = False,
    progress: ProgressCallback | None = None,
) -> list[Pair]:
    """Pairs each recording with an edit of itself, and writes down what the two differ in.

    The folder `out` becomes `Edited/{split}/*.flac`, `pairs.jsonl`, `truth.jsonl`, `annotations.jsonl`, which explains
    each pair in its tiers, `licences.jsonl`, and `shortcuts.jsonl`, which says whether the edited side can be told
    without listening; whole or not at all. The same recordings and seed give the same files.

    Args:
        clips: one split's clips.
        audio_root: the folder of their recordings.
        count: how many pairs; None is one a clip.
        edits: names of `kinds.EDITS`; None is all of them.
        tiers: which explanations, of `fewwords`, `sentence`, `detail` and `similarity`.
        licences: files that state the authors and licences of the recordings, or folders of such files, as `publish`
            takes them.
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
    require_tiers(tiers)
    count = len(clips) if count is None else count
    plans = plan_pairs(clips, count, seed=seed, edits=tuple(EDITS) if edits is None else edits)
    recordings, sources = AudioFolder(Path(audio_root)), ClipSources([Path(path) for path in as_list(licences)])
    split = clips[0].split
    with replace_folder(Path(out), force=force) as output:
        (output.path / CORPUS.folder / split).mkdir(parents=True)
        counter = ProgressCounter(progress, "edit", count, unit="pairs")
        make = partial(make_edited_pair, split=split, folder=output.path, find=recordings.find)
        edited_pairs = []
        for edited in LOCAL.map(make, plans, chunk_size=4):
            counter.advance()
            if edited is not None:
                edited_pairs.append(edited)
                output.require_same(edited.pair.filepath1, edited.pair.filepath2)
        if not edited_pairs:
            raise InputError(
                f"none of the {len(clips):,} recordings could be edited",
                file=recordings.root,
                mend="they should last two seconds or more",
            )
        _write_tables(output.path, edited_pairs, tiers, sources)
    if len(edited_pairs) < count:
        _log.warning("%d of %d pairs left out: no recording drawn for them fits", count - len(edited_pairs), count)
    return [edited.pair for edited in edited_pairs]


class EditedClipSource(ClipSource):
    """Whose recordings are in an edited one, and the licence that keeps the terms of all."""

    path: str


def _write_tables(folder: Path, edited_pairs: Sequence[EditedPair], tiers: Sequence[str], sources: ClipSources) -> None:
    pairs, truths = [edited.pair for edited in edited_pairs], [edited.truth for edited in edited_pairs]
    write_records(folder / PAIRS_FILE, pairs)
    write_records(folder / TRUTH_FILE, truths)
    write_records(folder / ANNOTATIONS_FILE, annotate_edits(pairs, truths, tiers))
    write_records(folder / LICENCES_FILE, _sources_of_clips(edited_pairs, sources))
    write_records(folder / SHORTCUTS_FILE, diagnose(truths, [edited.difference for edited in edited_pairs]))


def _sources_of_clips(edited_pairs: Iterable[EditedPair], sources: ClipSources) -> Iterator[EditedClipSource]:
    for edited in edited_pairs:
        for side, filepath in ((1, edited.pair.filepath1), (2, edited.pair.filepath2)):
            events = [event.filepath for event in edited.truth.events if side in event.sides]
            used = dict.fromkeys([edited.truth.filepath, *events])
            source = combined_source([_publishable_source(recording, sources) for recording in used])
            yield EditedClipSource(path=filepath, **source.model_dump())


def _publishable_source(filepath: str, sources: ClipSources) -> ClipSource | None:
    """Where a recording comes from; without a licence where it must not be published."""
    source = sources.source_of(filepath)
    if source is None or sources.why_not(filepath) is None:
        return source
    return source.model_copy(update={"licence": None})
