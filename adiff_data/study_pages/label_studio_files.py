"""A study as files for Label Studio: a labelling page, one file of tasks for each rater, and the recordings."""

import hashlib
import json
from pathlib import Path

from adiff_data.audio.sending import as_mp3
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.files import replace_file, replace_folder
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.studies.label_studio import labelling_page, tasks_of
from adiff_data.studies.plan import read_plan
from adiff_data.study_pages.files import MAX_SECONDS
from adiff_data.study_pages.serving import recordings_of

AUDIO_ADDRESS = "/data/local-files/?d="


@checks_arguments
def export_label_studio(
    folder: str | Path,
    out: str | Path,
    *,
    audio_root: str | Path,
    address: str | None = None,
    force: bool = False,
    progress: ProgressCallback | None = None,
) -> list[Path]:
    """Writes a study as files for Label Studio, one project for each rater; returns the files of tasks.

    Args:
        folder: the study's.
        out: the folder of the files: `page.xml`, `tasks-1.json` and so on, and `audio/`, whose names say nothing.
        audio_root: the recordings.
        address: what stands before a recording's name; None is where Label Studio serves local files, below the folder
            that `out` is in.
        force: overwrite other files.
        progress: told how many recordings are written.

    Raises:
        InputError: no study is there, a recording is missing or cannot be read, or other files are there.
    """
    study, target = read_plan(Path(folder)), Path(out)
    recordings = recordings_of(study, Path(audio_root))
    files = {(row.id, side): recordings.file(row.id, side) for row in study.rows for side in (1, 2)}
    names = {
        path: f"{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}.mp3" for path in dict.fromkeys(files.values())
    }
    before = f"{AUDIO_ADDRESS}{target.resolve().name}/audio/" if address is None else address
    sounds = {heard: before + names[path] for heard, path in files.items()}
    counter = ProgressCounter(progress, "recordings", len(names), unit="clips")
    with replace_folder(target, force=force) as output:
        (output.path / "audio").mkdir()
        for path, name in names.items():
            (output.path / "audio" / name).write_bytes(as_mp3(path, MAX_SECONDS))
            output.require_same(f"audio/{name}")
            counter.advance(1)
        with replace_file(output.path / "page.xml") as page:
            page.text.write(labelling_page(study))
        for sheet in range(len(study.sheets)):
            with replace_file(output.path / f"tasks-{sheet + 1}.json") as tasks:
                tasks.text.write(json.dumps(tasks_of(study, sheet, sounds), ensure_ascii=False, indent=1) + "\n")
    return [target / f"tasks-{sheet + 1}.json" for sheet in range(len(study.sheets))]
