"""Rows to check: a good one, and the same with another answer."""

import pytest

from adiff_data.annotation.tasks import make_annotation
from adiff_data.audio.facts import FACT_NAMES, Facts
from adiff_data.records import Annotation, Clip, Provenance, make_pair

DOG, RAIN = "A dog barks loudly in a yard.", "Heavy rain falls on a tin roof."
GOOD = {
    "fewwords": "Audio 1 has a dog that barks loudly in a yard; audio 2 has heavy rain that falls on a tin roof.",
    "sentence": (
        "The first audio is a short and lively scene of a dog that barks loudly in a yard, with sharp sounds and "
        "pauses between them, whereas the second audio is a dense and steady scene of heavy rain that falls on a "
        "tin roof without any pause at all."
    ),
}
GOOD["detail"] = " ".join([GOOD["sentence"], GOOD["fewwords"], GOOD["sentence"].replace("scene", "place")])


def annotation(
    answer: str | None = None,
    tier: str = "fewwords",
    caption1: str = DOG,
    caption2: str = RAIN,
    failure: str | None = None,
    facts: dict | None = None,
    **paths: str,
) -> Annotation:
    split = paths.get("split", "s")
    first, second = (
        Clip(corpus="demo", split=split, filepath=paths.get(name, f"Demo/s/{name}.wav"), captions=(caption,))
        for name, caption in (("one", caption1), ("two", caption2))
    )
    provenance = Provenance(annotator="llm", failure=failure, facts=facts)
    pair = make_pair(first, second, caption1, caption2, strategy="random")
    return make_annotation(pair, tier, GOOD[tier] if answer is None else answer, provenance)


@pytest.fixture
def facts():
    """Makes the facts of a clip: a plain one, but for what is given."""

    def make(**given) -> Facts:
        plain = dict.fromkeys(FACT_NAMES) | {"duration": 10.0, "active": 1.0, "longest_silence": 0.0, "onsets": 0.0}
        return Facts(**{**plain, "loudness": -23.0, **given})

    return make
