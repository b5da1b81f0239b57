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
from adiff_data.core.tables import read_text

KEY_VARIABLE = "OPENAI_API_KEY"


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
    patience: PositiveFloat = Field(default=600.0, description="Seconds without any answer before giving up.")
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
        InputError: there is none although OpenAI's own server is asked, or the file cannot be read.
    """
    key = (read_text(path) if path else os.environ.get(KEY_VARIABLE, "")).strip()
    if key:
        return key
    if base_url is None:
        raise InputError(
            f"no API key: {KEY_VARIABLE} is not set",
            mend="set it, give --api-key-file, or --base-url of a server that wants none",
        )
    return "none"
