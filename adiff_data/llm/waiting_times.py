"""How long a server asks to be left alone: by its headers, or in the words of its error."""

import email.utils
import re
import time
from collections.abc import Mapping
from datetime import datetime

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhd])")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_IN_WORDS = re.compile(
    r"(?:try again|retry|retrying|available|wait) (?:in|after|for)?:? ?"
    r"(?:((?:\d+(?:\.\d+)?(?:ms|[smhd]))+)\b|(\d+(?:\.\d+)?) ?(ms|s\b|sec|m\b|min|h\b|hour)?)",
    re.IGNORECASE,
)
_EPOCH_SECONDS, _EPOCH_MILLISECONDS = 10**9, 10**12  # what is larger is no duration, but a time
_COUNTED = ("requests", "tokens", "input-tokens", "output-tokens")
_LIMITS = (  # what is left of a limit, when it is filled again, and whether it counts tokens
    *((f"x-ratelimit-remaining-{each}", f"x-ratelimit-reset-{each}", each != "requests") for each in _COUNTED),
    *(
        (f"anthropic-ratelimit-{each}-remaining", f"anthropic-ratelimit-{each}-reset", each != "requests")
        for each in _COUNTED
    ),
    *((f"{form}-remaining", f"{form}-reset", False) for form in ("x-ratelimit", "ratelimit", "x-rate-limit")),
)


def wait_before_retry(headers: Mapping[str, str], message: str = "") -> float | None:
    """Seconds until a request that was turned away may be sent again; None where the server does not say.

    `Retry-After` counts first (RFC 9110, 10.2.3: seconds, or a date), then its form in milliseconds, then the limits
    that are used up, then the error's own words.
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    after = headers.get("retry-after", "").strip()
    if after and (seconds := _seconds(after)) is not None:
        return seconds
    if (exhausted := wait_for_limits(headers)) is not None:
        return exhausted
    if match := _IN_WORDS.search(message):
        if match[1]:
            return _seconds(match[1].lower())
        unit = (match[3] or "s").lower()
        return float(match[2]) * _SECONDS["ms" if unit == "ms" else unit[0]]
    return None


def wait_for_limits(headers: Mapping[str, str], tokens: int = 0) -> float | None:
    """Seconds until a limit that is used up is filled again; None where none is.

    Args:
        tokens: what a request uses: with fewer left, none can be sent.
    """
    waits = []
    for remaining, reset, counts_tokens in _LIMITS:
        left = _number(headers.get(remaining, ""))
        if left is not None and left < (max(1, tokens) if counts_tokens else 1):
            waits.append(_seconds(headers.get(reset, "")))
    return max((wait for wait in waits if wait is not None), default=None)


def _seconds(text: str) -> float | None:
    """A number of seconds, `1m30s`, a date or a time, as seconds from now."""
    number = _number(text)
    if number is not None:
        if number >= _EPOCH_MILLISECONDS:
            number = number / 1000 - time.time()
        elif number >= _EPOCH_SECONDS:
            number -= time.time()
        return max(0.0, number)
    parts = _DURATION.findall(text)
    if parts and _DURATION.sub("", text).strip() == "":
        return sum(float(amount) * _SECONDS[unit] for amount, unit in parts)
    date = email.utils.parsedate_tz(text)
    if date:
        return max(0.0, email.utils.mktime_tz(date) - time.time())
    try:
        return max(0.0, datetime.fromisoformat(text).timestamp() - time.time())
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
