"""A study as one HTML file for each rater, with its sound, to be sent to people whom no server reaches."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from adiff_data.audio.sending import as_mp3
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.files import replace_file
from adiff_data.core.pages.one_file import as_json, content_security_policy, data_uri
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.listeners.recordings import Recordings, picture_of
from adiff_data.studies.plan import Study, read_plan
from adiff_data.study_pages.parts import page_of_file, script, style
from adiff_data.study_pages.serving import recordings_of
from adiff_data.study_pages.shown import shown_study, shown_trial

MAX_SECONDS = 60.0  # of a recording


@checks_arguments
def export_study(
    folder: str | Path,
    out: str | Path,
    *,
    audio_root: str | Path,
    force: bool = False,
    progress: ProgressCallback | None = None,
) -> list[Path]:
    """Writes a study as one HTML file for each rater, which needs no server and loads nothing.

    The sound is in it (MP3, mono, at the recordings' own rate, at most a minute of each). What a rater answers stays in
    their browser until they save it as a file, which `import_answers` reads.

    Args:
        folder: the study's.
        out: the folder of the files, `rater-1.html` and so on.
        audio_root: the recordings.
        force: overwrite other files of these names.
        progress: told how many files are written.

    Raises:
        InputError: no study is there, a recording is missing or cannot be read, or a file is there.
    """
    study = read_plan(Path(folder))
    recordings = recordings_of(study, Path(audio_root))
    counter = ProgressCounter(progress, "files", len(study.sheets), unit="files")
    written = []
    for sheet in range(len(study.sheets)):
        path = Path(out) / f"rater-{sheet + 1}.html"
        with replace_file(path, force=force) as output:
            output.text.write(make_file(study, sheet, recordings))
        written.append(path)
        counter.advance(1)
    return written


def make_file(study: Study, sheet: int, recordings: Recordings) -> str:
    """The page of one sheet."""
    trials: list[dict[str, Any]] = []
    clips: dict[Path, int] = {}
    for number, trial in enumerate(study.sheets[sheet]):
        sides = [recordings.file(trial.row, side) for side in (1, 2)]
        for path in sides:
            clips.setdefault(path, len(clips))
        gains = {str(side): gain for side, gain in recordings.gains(trial.row).items()}
        trials.append(shown_trial(study, trial, number) | {"gains": gains, "clips": [clips[path] for path in sides]})
    data = {
        "id": study.id,
        "sheet": sheet,
        "study": shown_study(study),
        "trials": trials,
        "clips": [_clip(path) for path in clips],
    }
    return page_of_file(content_security_policy(style(), script("by_file.js")), as_json(data))


def _clip(path: Path) -> dict[str, str]:
    return {"sound": _sound(path), "picture": data_uri("image/jpeg", picture_of(path))}


@lru_cache(maxsize=512)
def _sound(path: Path) -> str:
    return data_uri("audio/mpeg", as_mp3(path, MAX_SECONDS))
