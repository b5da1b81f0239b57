"""Predictions of demo pairs whose recordings are here."""

import pytest

from adiff_data.annotation import rules
from adiff_data.pairing import make_pairs
from adiff_data.sources import read_clips
from adiff_data.tiers import TIERS
from adiff_model import MetricUnavailable
from adiff_model.prediction_file import Prediction


@pytest.fixture(scope="session")
def predictions(demo_corpus) -> list[Prediction]:
    """Twelve pairs of the demo in two tiers, each answered by the rules: its own reference."""
    clips = list(read_clips("demo", demo_corpus, "evaluation"))
    rows = []
    for pair in make_pairs(clips, strategy="random", seed=0)[:12]:
        for tier in ("fewwords", "sentence"):
            answer = rules.answer(pair, tier)
            rows.append(
                Prediction(
                    id=f"{pair.id}-{tier}",
                    filepath1=pair.filepath1,
                    filepath2=pair.filepath2,
                    caption1=pair.caption1,
                    caption2=pair.caption2,
                    tier=tier,
                    prompt=TIERS[tier].request,
                    references=(answer,),
                    prediction=answer,
                )
            )
    return rows


@pytest.fixture(scope="module")
def without_meteor():
    """Takes METEOR out of all scores: its program takes ten seconds to start."""

    def unavailable(*_):
        raise MetricUnavailable("left out here")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("adiff_model.metrics.meteor.Meteor.score", unavailable)
        yield
