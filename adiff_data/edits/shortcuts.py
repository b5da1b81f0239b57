"""Whether the edited side of a pair can be told without listening: by lengths, levels and mean spectra alone.

Edits come in opposites and on both sides, so a classifier that has only these features should be right by chance about
which of two audios was edited, whatever the quality. Where it is not, a model may learn that trace in place of the
difference.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy  # which imports its parts, which take a second, with their first use
import soundfile
from pydantic import BaseModel, ConfigDict

from adiff_data.claims.edit_truth import TRUTH_FILE, EditTruth, read_truth
from adiff_data.core.json_lines import read_records
from adiff_data.records import Pair

SHORTCUTS_FILE = "shortcuts.jsonl"
ALL = "all"  # in the place of a quality: the pairs of all qualities
_BAND_EDGES_HZ = np.geomspace(50, 16_000, 25)
_FOLDS = 5
_FEWEST_PAIRS = 20


class Shortcut(BaseModel):
    """How often a classifier without ears names the edited side.

    Attributes:
        quality: of the pairs that it was asked about; `ALL` of all of them.
        pairs: how many.
        accuracy: the share of right answers; 0.5 is chance.
        low, high: its 95 % interval (Clopper and Pearson).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    quality: str
    pairs: int
    accuracy: float
    low: float
    high: float

    @property
    def is_above_chance(self) -> bool:
        """Whether the whole interval lies above one half."""
        return self.low > 0.5


def find_shortcuts(folder: Path) -> list[Shortcut]:
    """Asks about the pairs in a folder of edited pairs, as `diagnose` does.

    Raises:
        InputError: the folder has no pairs or no truth.
    """
    truths = read_truth(folder / TRUTH_FILE)
    pairs = list(read_records(folder / "pairs.jsonl", Pair))
    differences = [
        _features_of_file(folder / pair.filepath2) - _features_of_file(folder / pair.filepath1) for pair in pairs
    ]
    return diagnose([truths[pair.id] for pair in pairs], differences)


def diagnose(truths: Sequence[EditTruth], differences: Sequence[np.ndarray]) -> list[Shortcut]:
    """Asks which side was edited of all pairs, then of those of each quality that has twenty or more.

    The classifier is a logistic regression; it is asked about pairs of recordings that it was not trained on, so it is
    not asked of fewer than twenty pairs, or of fewer than five recordings.

    Args:
        truths: of each pair.
        differences: of each, the features of audio 2 less those of audio 1.
    """
    of_quality = {ALL: list(range(len(truths)))}
    for index, truth in enumerate(truths):
        of_quality.setdefault(truth.quality, []).append(index)
    return [
        _asked(quality, np.array([differences[index] for index in indices]), [truths[index] for index in indices])
        for quality, indices in of_quality.items()
        if len(indices) >= _FEWEST_PAIRS and len({truths[index].filepath for index in indices}) >= _FOLDS
    ]


def _asked(name: str, differences: np.ndarray, truths: Sequence[EditTruth]) -> Shortcut:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - scikit-learn takes a second
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    edited = np.array([truth.edited for truth in truths])
    recordings = [truth.filepath for truth in truths]
    folds = StratifiedGroupKFold(_FOLDS)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))
    answers = cross_val_predict(model, differences, edited, groups=recordings, cv=folds)
    right = int((answers == edited).sum())
    interval = scipy.stats.binomtest(right, len(edited)).proportion_ci()
    return Shortcut(
        quality=name,
        pairs=len(edited),
        accuracy=round(right / len(edited), 4),
        low=round(float(interval.low), 4),
        high=round(float(interval.high), 4),
    )


def read_shortcuts(path: Path) -> list[Shortcut]:
    """What a file says that `make_edited_pairs` wrote.

    Raises:
        InputError: a line of it is wrong.
    """
    return list(read_records(path, Shortcut))


def features(samples: np.ndarray, rate: int) -> np.ndarray:
    """Length, level, peak, and the mean power of 24 bands, in logarithms; shape (27,).

    Args:
        samples: of full scale ±1, mono.
        rate: samples a second.
    """
    frequency, power = scipy.signal.welch(samples, rate, nperseg=min(2048, len(samples)), noverlap=0)
    band = np.digitize(frequency, _BAND_EDGES_HZ)
    bands = np.array([power[band == number].sum() for number in range(1, len(_BAND_EDGES_HZ))])
    loud = np.array([len(samples) / rate, (samples**2).mean(), np.abs(samples).max()])
    return np.log(np.concatenate([loud, bands]) + 1e-12)


def _features_of_file(path: Path) -> np.ndarray:
    return features(*soundfile.read(path))
