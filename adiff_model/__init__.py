"""A model that listens to two recordings and explains how they differ.

    from adiff_model import ADIFF, evaluate, predict

    ADIFF(config="tiny").generate([["rain.wav", "dog.wav", "explain the difference in few words"]])
    predictions = predict("data/CLD", split="evaluation", audio_root="recordings")
    scores = evaluate({"tiny": predictions}, out="report", audio_root="recordings")

`docs/model.md` and `docs/evaluation.md` describe them.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adiff_model.adiff import ADIFF, Explanation
    from adiff_model.asked_prediction import predict_with
    from adiff_model.checkpoints import convert_checkpoint, load_checkpoint
    from adiff_model.config import AdiffConfig
    from adiff_model.encoding import Reading
    from adiff_model.evaluation.difficulty_tables import difficulty_frame
    from adiff_model.evaluation.evaluate import evaluate
    from adiff_model.evaluation.following_people import Following, People, follow_people
    from adiff_model.evaluation.judge import Judge
    from adiff_model.evaluation.metric_trial.tables import trust_frame
    from adiff_model.evaluation.metric_trial.trial import TierTrial
    from adiff_model.evaluation.metric_trial.trust import trust_metrics
    from adiff_model.evaluation.scores_frame import scores_frame
    from adiff_model.evaluation.scoring import Scores
    from adiff_model.evaluation.study_planning import new_study
    from adiff_model.events import Event
    from adiff_model.generation import Decoding
    from adiff_model.metrics.java import MetricUnavailable
    from adiff_model.model import AdiffModel
    from adiff_model.prediction import predict
    from adiff_model.prediction_file import Prediction
    from adiff_model.processor import AdiffProcessor
    from adiff_model.serving.limits import ServingLimits
    from adiff_model.serving.server import serve

# Where each public name is defined: it is imported when it is first used, since torch and transformers take seconds.
_DEFINED_IN = {
    "adiff_model.adiff": ("ADIFF", "Explanation"),
    "adiff_model.asked_prediction": ("predict_with",),
    "adiff_model.checkpoints": ("convert_checkpoint", "load_checkpoint"),
    "adiff_model.config": ("AdiffConfig",),
    "adiff_model.encoding": ("Reading",),
    "adiff_model.evaluation.evaluate": ("evaluate",),
    "adiff_model.evaluation.following_people": ("Following", "People", "follow_people"),
    "adiff_model.evaluation.judge": ("Judge",),
    "adiff_model.evaluation.metric_trial.tables": ("trust_frame",),
    "adiff_model.evaluation.metric_trial.trial": ("TierTrial",),
    "adiff_model.evaluation.metric_trial.trust": ("trust_metrics",),
    "adiff_model.evaluation.difficulty_tables": ("difficulty_frame",),
    "adiff_model.evaluation.scores_frame": ("scores_frame",),
    "adiff_model.evaluation.scoring": ("Scores",),
    "adiff_model.evaluation.study_planning": ("new_study",),
    "adiff_model.events": ("Event",),
    "adiff_model.generation": ("Decoding",),
    "adiff_model.metrics.java": ("MetricUnavailable",),
    "adiff_model.model": ("AdiffModel",),
    "adiff_model.prediction": ("predict",),
    "adiff_model.prediction_file": ("Prediction",),
    "adiff_model.processor": ("AdiffProcessor",),
    "adiff_model.serving.limits": ("ServingLimits",),
    "adiff_model.serving.server": ("serve",),
}
_MODULE_OF = {name: module for module, names in _DEFINED_IN.items() for name in names}

__all__ = [
    "ADIFF",
    "AdiffConfig",
    "AdiffModel",
    "AdiffProcessor",
    "Decoding",
    "Event",
    "Explanation",
    "Following",
    "Judge",
    "MetricUnavailable",
    "People",
    "Prediction",
    "Reading",
    "Scores",
    "ServingLimits",
    "TierTrial",
    "__version__",
    "convert_checkpoint",
    "difficulty_frame",
    "evaluate",
    "follow_people",
    "load_checkpoint",
    "new_study",
    "predict",
    "predict_with",
    "scores_frame",
    "serve",
    "trust_frame",
    "trust_metrics",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from adiff_data.core.distribution import version  # noqa: PLC0415 - imported when it is used, as all other names

        return version()
    if name not in _MODULE_OF:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(importlib.import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return __all__
