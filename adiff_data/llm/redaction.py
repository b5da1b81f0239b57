"""Keys and passwords: what must reach the server alone is cut out of all that is shown or written down."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlencode, urlsplit, urlunsplit

PLACEHOLDER = "[key]"
_SHORTEST_SECRET = 5  # characters: what is shorter stands in messages by chance
_KEY_LIKE = re.compile(
    r"\b(?:(?:sk|key|pk|xai|nvapi|pplx|dsk|glpat)-[A-Za-z0-9_*.-]{6,}|(?:gsk|hf|tgp|r8|fw|csk|ghp)_[A-Za-z0-9_*]{10,}"
    r"|AIza[A-Za-z0-9_*-]{10,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_.-]+)|(?<=\bBearer )[A-Za-z0-9+/=._~*-]{8,}",
)
_SECRET_NAME = re.compile(
    r"key|(?:.*[_-])?(?:api[_-]?key|secret(?:[_-]?(?:access[_-]?)?key)?|password|passwd|authorization|"
    r"(?:(?:access|auth|api|bearer|session|security)[_-]?)?token|credentials?)",
    re.IGNORECASE,
)
_PUBLIC_QUERY = frozenset({"api-version", "api_version", "version"})  # fields that no server reads a key from


def without_secrets(text: str, secrets: Iterable[str] = ()) -> str:
    """A text without the secrets in it, however they are escaped, and without what looks like a key."""
    forms = {form for secret in secrets for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, PLACEHOLDER)
    return _KEY_LIKE.sub(PLACEHOLDER, text)


def without_credentials(url: str) -> str:
    """An address as it may be written down: without user and password, and of its query only what is no secret."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if not parts.netloc:  # it is no address, and may be a part of one
        return without_secrets(url.rpartition("@")[2].partition("?")[0])
    fields = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() in _PUBLIC_QUERY]
    shown = parts._replace(netloc=parts.netloc.rpartition("@")[2], query=urlencode(fields), fragment="")
    return without_secrets(urlunsplit(shown))


def without_secret_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as they may be written down: those that are called keys or passwords without their values."""
    return {
        name: PLACEHOLDER if _is_secret(name, value) else without_secret_fields(value) if _is_object(value) else value
        for name, value in fields.items()
    }


def secrets_in(fields: Mapping[str, Any]) -> Iterator[str]:
    """The values of the fields that are called keys or passwords."""
    for name, value in fields.items():
        if _is_secret(name, value):
            yield value
        elif _is_object(value):
            yield from secrets_in(value)


def _forms(secret: str) -> Iterator[str]:
    """A secret, and how it stands in an address or in JSON."""
    if len(secret) >= _SHORTEST_SECRET:
        yield from (secret, quote(secret, safe=""), quote(secret), quote_plus(secret), unquote(secret))


def _is_secret(name: object, value: object) -> bool:
    return isinstance(value, str) and bool(value) and bool(_SECRET_NAME.fullmatch(str(name)))


def _is_object(value: object) -> bool:
    return isinstance(value, Mapping)
