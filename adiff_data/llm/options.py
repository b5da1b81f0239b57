"""How a language model is asked: everything that a command line or a recipe can set."""

import os
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    ValidationError,
)

from adiff_data.core.errors import InputError
from adiff_data.core.text_files import read_text
from adiff_data.llm.address import ADDRESS_VARIABLE

KEY_VARIABLE = "OPENAI_API_KEY"
_BYTE_ORDER_MARK, _QUOTES = "\ufeff", "\"'`“”‘’«»"


class ModelOptions(BaseModel):
    """Which model is asked, and with which parameters. The descriptions are the command's help texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    model: str = Field(default="gpt-4o-mini", description="The model's name on the server.")
    base_url: str | None = Field(
        default=None, description="The address of an OpenAI-compatible server. Default: OpenAI's own."
    )
    temperature: NonNegativeFloat = Field(default=0.7, description="As in the request.")
    seed: int | None = Field(default=0, description="Sent with each request; each further attempt adds one to it.")
    extra_body: dict[str, Any] = Field(
        default_factory=dict, description="Further fields of the request, as a JSON object; they override the others."
    )


class RunOptions(BaseModel):
    """How fast, how patiently and for how much money the model is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    concurrency: PositiveInt = Field(default=32, description="Most requests in flight.")
    rpm: PositiveFloat | None = Field(default=None, description="Most requests a minute.")
    tpm: PositiveFloat | None = Field(default=None, description="Most tokens a minute.")
    timeout: PositiveFloat = Field(default=120.0, description="Seconds after which a request is sent again.")
    max_attempts: PositiveInt = Field(default=4, description="Most requests for one answer.")
    patience: PositiveFloat | None = Field(
        default=None,
        description="Seconds without any answer before giving up. Default: 600, or 180 for a server never heard of.",
    )
    budget: NonNegativeFloat | None = Field(default=None, description="Spending limit in US dollars.")


Options = TypeVar("Options", bound=BaseModel)


def checked(kind: type[Options], **fields: Any) -> Options:
    """Options of a kind, from a command line or a caller.

    Raises:
        InputError: an option does not exist, or has a value that it cannot have.
    """
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{name}: {first['msg']}") from None


def without_credentials(url: str) -> str:
    """The address without user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def read_key(path: Path | None, base_url: str | None) -> str:
    """The API key, from a file or else from the environment variable `OPENAI_API_KEY`.

    Raises:
        InputError: there is none although OpenAI's own server is asked, the file cannot be read, or what is in it
            cannot be a key.
    """
    place = str(path) if path else KEY_VARIABLE
    key = (read_text(path) if path else os.environ.get(KEY_VARIABLE, "")).strip().strip(_BYTE_ORDER_MARK).strip()
    if not key and path:
        raise InputError("no API key in it", file=path)
    if key:
        return require_key(key, place)
    if base_url is None and not os.environ.get(ADDRESS_VARIABLE):
        raise InputError(
            f"no API key: {KEY_VARIABLE} is not set",
            mend="set it, give --api-key-file, or --base-url of a server that wants none",
        )
    return "none"


def require_key(key: str, place: str) -> str:
    """The key, if it can be one.

    Args:
        place: where it stands, for the message, which does not show it.

    Raises:
        InputError: no header can hold it, or it has something around it.
    """
    if len(key.splitlines()) > 1:
        raise InputError(f"{place}: {len(key.splitlines())} lines", mend="leave the key alone there, on one line")
    if key[0] in _QUOTES or key[-1] in _QUOTES:
        raise InputError(f"{place}: quotation marks around the key", mend="take them off")
    if key.lower().startswith((f"{KEY_VARIABLE.lower()}=", "export ", "bearer ")):
        raise InputError(f"{place}: more than a key", mend="leave the key alone there")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise InputError(f"{place}: characters that no key has", mend="copy the key again")
    return key
