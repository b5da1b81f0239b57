"""Writing the demo corpus: WAV files, captions in Clotho's own layout, and `truth.jsonl`."""

import csv
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import soundfile
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

from adiff_data.core.errors import WorkError
from adiff_data.core.files import replace_folder, restore_folder
from adiff_data.core.seeded import Seeded
from adiff_data.core.settings import read_settings, require_same_settings
from adiff_data.demo import scenes, wording
from adiff_data.demo.recorded import RecordingSettings
from adiff_data.demo.signals import SAMPLE_RATE
from adiff_data.engines.local import LOCAL
from adiff_data.sources.clotho import CAPTION_COLUMNS

SETTINGS_FILE = "corpus.json"
FORMAT_VERSION = 2  # of what a seed gives: raised whenever the same seed gives other bytes


class DemoSettings(BaseModel):
    """What determines the corpus: the seed, the number of clips a split, recordings that may sound in it, and how many
    sounds a scene has at most, where that is fewer than three."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = 0
    development: NonNegativeInt = 60
    validation: NonNegativeInt = 20
    evaluation: NonNegativeInt = 20
    recordings: RecordingSettings | None = None
    most_sounds: int | None = Field(default=None, ge=1, le=scenes.MOST_SOUNDS)

    @property
    def clips(self) -> dict[str, int]:
        """The number of clips by split."""
        return {
            "development": self.development,
            "validation": self.validation,
            "evaluation": self.evaluation,
        }


def write_corpus(
    folder: Path,
    settings: DemoSettings,
    *,
    force: bool = False,
    advance: Callable[[], None] = lambda: None,
) -> bool:
    """Writes the whole corpus or nothing; returns False where the same corpus stands there already.

    Args:
        folder: becomes `{split}/*.wav`, `clotho_captions_{split}.csv` and `truth.jsonl`.
        advance: called after each clip.

    Raises:
        InputError: the folder holds something else and `force` is not given.
        WorkError: the disk is full.
    """
    identity = {"format": FORMAT_VERSION, **settings.model_dump(mode="json", exclude_none=True)}
    restore_folder(folder)
    if folder.exists():
        kept = read_settings(folder / SETTINGS_FILE)
        if kept == identity:
            return False
        if not force:
            require_same_settings(folder, kept or {}, identity, mend="`force=True` overwrites it")
    with replace_folder(folder, force=True) as output:
        try:
            for split, count in settings.clips.items():
                _write_split(output.path, split, count, settings, advance)
        except soundfile.LibsndfileError as fault:
            raise WorkError(f"cannot be written ({fault})", file=folder) from fault
        (output.path / SETTINGS_FILE).write_text(json.dumps(identity, indent=2) + "\n", encoding="utf-8")
    return True


def _write_split(folder: Path, split: str, count: int, settings: DemoSettings, advance: Callable[[], None]) -> None:
    (folder / split).mkdir()
    with (
        (folder / f"clotho_captions_{split}.csv").open("w", encoding="utf-8", newline="") as table,
        (folder / "truth.jsonl").open("a", encoding="utf-8") as truth,
    ):
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(("file_name", *CAPTION_COLUMNS))
        streams = [Seeded("demo", settings.seed, split, number) for number in range(count)]
        recordings = settings.recordings.in_split(split) if settings.recordings else None
        most = settings.most_sounds or scenes.MOST_SOUNDS
        composed = [scenes.compose(stream, recordings, most) for stream in streams]
        render = partial(
            scenes.render, recordings=settings.recordings.folder / "audio" if settings.recordings else None
        )
        for number, samples in enumerate(LOCAL.map(render, composed, chunk_size=4)):
            name, scene = f"{split}_{number:04d}.wav", composed[number]
            soundfile.write(folder / split / name, samples, SAMPLE_RATE, subtype="PCM_16")
            rows.writerow((name, *wording.captions(scene, streams[number])))
            clip_truth = {"split": split, "file_name": name, **scene.model_dump(exclude={"seed"}, exclude_none=True)}
            truth.write(json.dumps(clip_truth, ensure_ascii=False) + "\n")
            advance()
