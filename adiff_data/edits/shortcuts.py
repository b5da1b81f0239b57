"""Whether the edited side of a pair can be told without listening: by lengths, levels and mean spectra alone.

Edits come in opposites and on both sides, so a classifier that has only these features should be right by chance about
which of two audios was edited, whatever the quality. Where it is not, a model may learn that trace in place of the
difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import welch
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from adiff_data.core.json_lines import read_records
from adiff_data.edits.truth import TRUTH_FILE, EditTruth, read_truth
from adiff_data.records import Pair

_BAND_EDGES_HZ = np.geomspace(50, 16_000, 25)
_FOLDS = 5
_FEWEST_PAIRS = 20


@dataclass(frozen=True)
class Shortcut:
    """How often a classifier without ears names the edited side.

    Attributes:
        quality: of the pairs that it was asked about; "all" of all of them.
        pairs: how many.
        accuracy: the share of right answers; 0.5 is chance.
        low, high: its 95 % interval (Clopper and Pearson).
    """

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
    """Asks about all pairs of a folder of edited pairs, then about those of each quality that has twenty or more.

    The classifier is a logistic regression; it is asked about pairs of recordings that it was not trained on.

    Raises:
        InputError: the folder has no pairs or no truth.
    """
    truths = read_truth(folder / TRUTH_FILE)
    pairs = list(read_records(folder / "pairs.jsonl", Pair))
    features = np.array([_features(folder / pair.filepath2) - _features(folder / pair.filepath1) for pair in pairs])
    known = [truths[pair.id] for pair in pairs]
    shortcuts = [_asked("all", features, known)]
    for quality in dict.fromkeys(truth.quality for truth in known):
        chosen = [index for index, truth in enumerate(known) if truth.quality == quality]
        if len(chosen) >= _FEWEST_PAIRS:
            shortcuts.append(_asked(quality, features[chosen], [known[index] for index in chosen]))
    return shortcuts


def _asked(name: str, features: np.ndarray, truths: Sequence[EditTruth]) -> Shortcut:
    edited = np.array([truth.edited for truth in truths])
    recordings = [truth.filepath for truth in truths]
    folds = GroupKFold(min(_FOLDS, len(set(recordings))))
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))
    answers = cross_val_predict(model, features, edited, groups=recordings, cv=folds)
    right = int((answers == edited).sum())
    interval = binomtest(right, len(edited)).proportion_ci()
    return Shortcut(name, len(edited), right / len(edited), float(interval.low), float(interval.high))


def _features(path: Path) -> np.ndarray:
    """Length, level, peak, and the mean power of 24 bands, in logarithms."""
    samples, rate = soundfile.read(path)
    frequency, power = welch(samples, rate, nperseg=min(2048, len(samples)))
    band = np.digitize(frequency, _BAND_EDGES_HZ)
    bands = np.array([power[band == number].sum() for number in range(1, len(_BAND_EDGES_HZ))])
    loud = np.array([len(samples) / rate, (samples**2).mean(), np.abs(samples).max()])
    return np.log(np.concatenate([loud, bands]) + 1e-12)
