"""How long a server asks to be left alone, in every form that servers write it."""

import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from adiff_data.llm.waiting_times import wait_before_retry, wait_for_limits


def in_a_minute() -> float:
    return time.time() + 60


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({}, "", None),
        ({"retry-after": "7"}, "", 7),
        ({"retry-after": "0.5"}, "", 0.5),
        ({"retry-after": "soon"}, "", None),
        ({"retry-after": "-5"}, "", None),
        ({"retry-after": "nan"}, "", None),
        ({"retry-after": "1m30s"}, "", 90),
        ({"retry-after-ms": "1500", "retry-after": "7"}, "", 1.5),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}, "", 360),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "120ms"}, "", 0.12),
        ({"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "9s"}, "", None),
        (
            {
                "anthropic-ratelimit-requests-remaining": "0",
                "anthropic-ratelimit-requests-reset": "2001-01-01T00:00:00Z",
            },
            "",
            0,
        ),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "12"}, "", 12),
        ({"retry-after": "3", "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1h"}, "", 3),
        ({}, "Please try again in 20s.", 20),
        ({}, "Rate limit reached. Please retry in 250ms", 0.25),
        ({}, "retry after 2 minutes", 120),
        ({}, "Please try again in 6m0s. Visit the console.", 360),
        ({}, "try again in 1m12.5s", 72.5),
        ({}, "it failed in 3 s", None),
    ],
)
def test_the_wait_is_read(headers, message, seconds):
    assert wait_before_retry(headers, message) == pytest.approx(seconds)


def test_dates_and_times_are_read():
    http_date = format_datetime(datetime.fromtimestamp(in_a_minute(), UTC), usegmt=True)
    limits = {"x-ratelimit-remaining": "0"}
    waits = [
        wait_before_retry({"retry-after": http_date}),
        wait_before_retry({"retry-after": str(int(in_a_minute()))}),
        wait_before_retry(limits | {"x-ratelimit-reset": str(int(in_a_minute() * 1000))}),
        wait_before_retry(limits | {"x-ratelimit-reset": datetime.fromtimestamp(in_a_minute(), UTC).isoformat()}),
    ]
    assert all(55 < wait <= 61 for wait in waits)


def test_too_few_tokens_for_a_request_are_none():
    headers = {"x-ratelimit-remaining-tokens": "50", "x-ratelimit-reset-tokens": "2s"}
    assert wait_for_limits(headers, tokens=120) == 2
    assert wait_for_limits(headers, tokens=30) is None
