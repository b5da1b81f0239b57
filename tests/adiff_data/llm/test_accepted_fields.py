"""Which fields of a request a server takes, in the words of its rejections."""

import pytest

from adiff_data.llm import RejectedRequest
from adiff_data.llm.accepted_fields import AcceptedFields

BODY = {"model": "m", "messages": [], "temperature": 0.7, "max_tokens": 100, "seed": 0}


def fitted(reason: str) -> dict[str, object]:
    accepted = AcceptedFields()
    accepted.learn(RejectedRequest(reason), BODY)
    return accepted.fit(BODY)


@pytest.mark.parametrize(
    ("reason", "field"),
    [
        ("400: Unrecognized request argument supplied: seed", "seed"),
        ("422: body.seed: Extra inputs are not permitted", "seed"),
        ("400: Additional properties are not allowed ('seed' was unexpected)", "seed"),
        ("400: invalid temperature: only 1 is allowed for this model", "temperature"),
        ("400: `temperature` may only be set to 1 when thinking is enabled.", "temperature"),
        ("400: temperature must be 1 for this model", "temperature"),
        ("400: Keyword argument temperature is not recognized", "temperature"),
    ],
)
def test_a_field_that_is_not_taken_is_left_out(reason, field):
    assert fitted(reason) == {name: value for name, value in BODY.items() if name != field}


@pytest.mark.parametrize(
    "reason",
    [
        "400: temperature must be 1 or less",
        "400: temperature must be between 0 and 2",
        "400: max_tokens is too large: 5000. This model supports at most 4096",
        "400: This model's maximum context length is 100 tokens",
    ],
)
def test_a_wrong_value_is_the_callers_to_mend(reason):
    assert fitted(reason) == BODY
