"""How a language model is asked: everything that a command line or a recipe can set."""

import json
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
    """Which model is asked, and with which parameters.

    Attributes:
        model: the name that the server knows it by.
        base_url: the address of an OpenAI-compatible server; None is OpenAI's own.
        temperature, seed: as in the request. A seed of None is not sent; each further attempt adds one to it.
        extra_body: further fields of the request, which override the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    model: str = "gpt-4o-mini"
    base_url: str | None = None
    temperature: NonNegativeFloat = 0.7
    seed: int | None = 0
    extra_body: dict[str, Any] = Field(default_factory=dict)


class RunOptions(BaseModel):
    """How fast, how patiently and for how much money the model is asked.

    Attributes:
        concurrency: requests in flight at most.
        rpm, tpm: requests and tokens a minute at most; None is no limit.
        timeout: seconds after which a request is given up and sent again.
        max_attempts: requests for one answer before it is given up.
        patience: seconds without a single answer before the run is given up.
        budget: US dollars that are never exceeded; None is no limit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    concurrency: PositiveInt = 32
    rpm: PositiveFloat | None = None
    tpm: PositiveFloat | None = None
    timeout: PositiveFloat = 120.0
    max_attempts: PositiveInt = 4
    patience: PositiveFloat = 600.0
    budget: NonNegativeFloat | None = None


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


def read_extra_body(text: str) -> dict[str, Any]:
    """The value of `--extra-body` as fields.

    Raises:
        InputError: it is not a JSON object.
    """
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"--extra-body is not JSON ({error.msg})") from None
    if not isinstance(fields, dict):
        raise InputError("--extra-body is not a JSON object")
    return fields
