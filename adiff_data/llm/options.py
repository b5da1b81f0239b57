"""How a language model is asked: everything that a command line or a recipe can set."""

import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    ValidationError,
)

from adiff_data.core.arguments import plain_reason
from adiff_data.core.errors import InputError
from adiff_data.core.text_files import read_text
from adiff_data.llm.address import address_of_environment
from adiff_data.llm.redaction import without_credentials, without_secret_fields

KEY_VARIABLE = "OPENAI_API_KEY"
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
LIMIT_FIELDS = ("max_tokens", "max_completion_tokens")
_BYTE_ORDER_MARK, _QUOTES = "\ufeff", "\"'`“”‘’«»"


def _as_text(value: object) -> object:
    """A recipe may give a number."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _read_most(text: str | None) -> str | None:
    """A number of rows, or a share of them with a percent sign; 0.05 is 5%.

    Raises:
        ValueError: it is neither.
    """
    if text is None:
        return None
    number = text.strip().removesuffix("%").strip()
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if text.strip().endswith("%"):
        if 0 <= value <= 100:
            return f"{number}%"
    elif 0 < value < 1:
        return f"{value * 100:g}%"
    elif value >= 0 and value == math.floor(value):
        return f"{value:.0f}"
    raise ValueError("neither a number of rows nor a share such as 5%")


def _as_servers(value: object) -> object:
    """One address or several; without any, that of the environment, since what is asked is what is recorded."""
    given = one_or_several(value) or address_of_environment()
    return one_or_several(given)


def one_or_several(value: object) -> object:
    """A recipe or a caller may give one value where there may be several."""
    if value is None or value == "":
        return ()
    return (value,) if isinstance(value, str | Path) else value


def one_or_list(addresses: list[str]) -> list[str] | str | None:
    """Addresses as they are written down: none as None, and a single one by itself."""
    return addresses if len(addresses) > 1 else next(iter(addresses), None)


Address = Annotated[str, "URL"]


class ServerOptions(BaseModel):
    """Which model is asked, and where. The descriptions are the command's help texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    model: str = Field(default="gpt-4o-mini", description="The model's name on the server.")
    base_url: Annotated[tuple[Address, ...], BeforeValidator(_as_servers)] = Field(
        default=(),
        validate_default=True,
        description="An OpenAI-compatible server's address. May be repeated: requests are spread over all. "
        "Default: the variable OPENAI_BASE_URL, or OpenAI's own.",
    )


class RequestOptions(BaseModel):
    """The parameters of a request. The descriptions are the command's help texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    temperature: NonNegativeFloat = Field(default=0.7, description="As in the request.")
    seed: int | None = Field(default=0, description="Sent with each request; each further attempt adds one to it.")
    max_tokens: PositiveInt | None = Field(
        default=None,
        description="Maximum number of tokens of an answer, its reasoning included. Default: by the tier's length.",
    )
    reasoning_effort: str | None = Field(
        default=None, description="As in the request: minimal, low, medium, high … Default: not sent."
    )
    extra_body: dict[str, Any] = Field(
        default_factory=dict,
        description="Further fields of the request, as a JSON object; they replace the others, and null takes one out.",
    )

    @property
    def limit_is_given(self) -> bool:
        """Whether the most tokens of an answer are given, and not to be raised where one is cut."""
        return self.max_tokens is not None or any(name in self.extra_body for name in LIMIT_FIELDS)

    @property
    def parameters(self) -> dict[str, Any]:
        """What a row keeps of how it was asked for."""
        given = self.model_dump(include={"max_tokens", "reasoning_effort"}, exclude_none=True)
        fields = self.model_dump(include={"temperature", "seed", "extra_body"})
        return fields | {"extra_body": without_secret_fields(self.extra_body)} | given


class ModelOptions(RequestOptions, ServerOptions):
    """Which model is asked, and with which parameters."""

    @property
    def recorded(self) -> dict[str, Any]:
        """All of it as it may be written down: without a key, wherever one stands."""
        base_url = one_or_list(list(dict.fromkeys(map(without_credentials, self.base_url))))
        return self.model_dump() | {"base_url": base_url, "extra_body": without_secret_fields(self.extra_body)}


class RunOptions(BaseModel):
    """How fast, how patiently and for how much money the model is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    concurrency: PositiveInt = Field(default=32, description="Maximum number of requests in flight.")
    rpm: PositiveFloat | None = Field(default=None, description="Maximum number of requests a minute.")
    tpm: PositiveFloat | None = Field(default=None, description="Maximum number of tokens a minute.")
    timeout: PositiveFloat = Field(default=120.0, description="Seconds after which a request is sent again.")
    max_attempts: PositiveInt = Field(default=4, description="Maximum number of requests for one answer.")
    patience: PositiveFloat | None = Field(
        default=None,
        description="Seconds without any answer before giving up. Default: 600, or 180 for a server never heard of.",
    )
    budget: NonNegativeFloat | None = Field(default=None, description="Spending limit in US dollars.")
    max_failures: Annotated[str | None, BeforeValidator(_as_text), AfterValidator(_read_most)] = Field(
        default=None, description="Stop at so many rows without an answer: a number, or a share such as 5%."
    )

    def most_failures_of(self, rows: int) -> int | None:
        """How many of so many rows may have no answer; None is no limit."""
        if self.max_failures is None:
            return None
        if self.max_failures.endswith("%"):
            return math.floor(rows * float(self.max_failures[:-1]) / 100)
        return int(self.max_failures)


Options = TypeVar("Options", bound=BaseModel)


def checked(kind: type[Options], **fields: Any) -> Options:
    """Options of a kind, from a command line or a caller.

    Raises:
        InputError: an option does not exist, or has a value that it cannot have.
    """
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise InputError(plain_reason(error)) from None


def read_key(path: Path | None, base_url: str | None) -> str:
    """The API key, from a file or else from the environment variable `OPENAI_API_KEY`.

    Raises:
        InputError: there is none although OpenAI's own server is asked, the file cannot be read, or what is in it
            cannot be a key.
    """
    origin = str(path) if path else KEY_VARIABLE
    key = (read_text(path) if path else os.environ.get(KEY_VARIABLE, "")).strip().strip(_BYTE_ORDER_MARK).strip()
    if not key and path:
        raise InputError("no API key in it", file=path)
    if key:
        return require_key(key, origin)
    if base_url is None and address_of_environment() is None:
        raise InputError(
            f"no API key: {KEY_VARIABLE} is not set",
            mend="set it, give `api_key`, or `base_url` of a server that wants none",
        )
    return "none"


def read_keys(paths: Sequence[Path], base_urls: Sequence[str]) -> tuple[str, ...]:
    """The API keys, one of each file; without a file the one of the environment.

    Raises:
        InputError: as `read_key`.
    """
    base_url = base_urls[0] if base_urls else None
    return tuple(read_key(path, base_url) for path in paths) or (read_key(None, base_url),)


def keys_of(api_key: str | Sequence[str] | None, base_urls: Sequence[str]) -> tuple[str, ...]:
    """The API keys that a call gives, or else the one of the environment.

    Raises:
        InputError: as `read_key` and `require_key`.
    """
    given = (api_key,) if isinstance(api_key, str) else tuple(api_key or ())
    return tuple(require_key(key, "api_key") for key in given if key) or read_keys((), base_urls)


def require_key(key: str, place: str) -> str:
    """The key, if it can be one.

    Args:
        place: where it stands, for the message, which does not show it.

    Raises:
        InputError: no header can hold it, or it has something around it.
    """
    if not key:
        raise InputError(f"{place}: no key in it")
    if len(key.splitlines()) > 1:
        raise InputError(f"{place}: {len(key.splitlines())} lines", mend="leave the key alone there, on one line")
    if key[0] in _QUOTES or key[-1] in _QUOTES:
        raise InputError(f"{place}: quotation marks around the key", mend="take them off")
    if key.lower().startswith((f"{KEY_VARIABLE.lower()}=", "export ", "bearer ")):
        raise InputError(f"{place}: more than a key", mend="leave the key alone there")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise InputError(f"{place}: characters that no key has", mend="copy the key again")
    return key


def read_headers(texts: Iterable[str]) -> dict[str, str]:
    """Headers from texts such as `api-key=…`.

    Raises:
        InputError: one has no name, or cannot be a header.
    """
    headers = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"`headers`, {name[:20]}: no '=' in it", mend="give NAME=VALUE")
        headers[name.strip()] = value.strip()
    return require_headers(headers)


def require_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, if they can be sent; what is wrong is told without the values.

    Raises:
        InputError: a name or a value cannot be one.
    """
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise InputError(f"'{name[:40]}' cannot be the name of a header")
        if not value.isprintable() or not value.isascii():
            raise InputError(f"the header {name} has characters that no header has")
    return dict(headers)
