"""How a language model is to be asked: everything that the command line can set, in one place."""

import json
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar
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

from adiff_data import prompts
from adiff_data.core.errors import InputError
from adiff_data.records import Provenance
from adiff_data.tiers import TIERS

KEY_VARIABLE = "OPENAI_API_KEY"
_TOKENS_A_WORD = 1.35  # English prose in the byte-pair vocabularies of today's models


class ModelOptions(BaseModel):
    """Which model is asked, with which parameters.

    Attributes:
        model: the name that the server knows it by.
        base_url: an OpenAI-compatible server; None is OpenAI's own.
        temperature, seed: as in the request; a seed of None sends none. A further attempt adds its number.
        extra_body: further fields of the request.
        tiers_per_call: `one`, or `all` for the three tiers in one structured answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    model: str = "gpt-4o-mini"
    base_url: str | None = None
    temperature: NonNegativeFloat = 0.7
    seed: int | None = 0
    extra_body: dict[str, Any] = Field(default_factory=dict)
    tiers_per_call: Literal["one", "all"] = "one"


class RunOptions(BaseModel):
    """How fast, how patiently and for how much money the questions are asked.

    Attributes:
        concurrency: requests in flight at most.
        rpm, tpm: requests and tokens a minute at most.
        timeout: seconds before a request is given up and asked again.
        max_attempts: requests for one answer before its row is kept as failed.
        patience: seconds without a single answer before the run is given up.
        budget: US dollars that are never passed.
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
    """Options from the command line or a recipe.

    Raises:
        InputError: an option does not exist or has a value that it cannot have.
    """
    try:
        return kind.model_validate(fields)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{name}: {first['msg']}") from None


def token_limit(tiers: Sequence[str]) -> int:
    """The most tokens an answer may have: twice the mean length of the published answers, and some."""
    return sum(math.ceil(TIERS[tier].words * _TOKENS_A_WORD * 2) + 40 for tier in tiers)


def expected_tokens_out(tiers: Sequence[str]) -> int:
    """The tokens that answers of the published length have."""
    return sum(round(TIERS[tier].words * _TOKENS_A_WORD) for tier in tiers)


def expected_tokens_in(messages: prompts.Messages) -> int:
    """About how many tokens the messages are: four bytes each."""
    return sum(len(message["content"].encode()) // 4 + 4 for message in messages)


def most_tokens_in(messages: prompts.Messages) -> int:
    """No vocabulary makes more tokens of the messages than they have bytes, and a few around each."""
    return sum(len(message["content"].encode()) + 16 for message in messages)


def request_body(
    options: ModelOptions, messages: prompts.Messages, tiers: Sequence[str], attempt: int
) -> dict[str, Any]:
    """The fields of one chat completion request.

    Args:
        attempt: how often this was asked before: a repeated question gets another seed.
    """
    limit_field = "max_tokens" if options.base_url else "max_completion_tokens"
    body: dict[str, Any] = {
        "model": options.model,
        "messages": messages,
        "temperature": options.temperature,
        limit_field: token_limit(tiers),
    }
    if options.seed is not None:
        body["seed"] = options.seed + attempt
    if len(tiers) > 1:
        body["response_format"] = _tiers_schema(tiers)
    return body | options.extra_body


def _tiers_schema(tiers: Sequence[str]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {tier: {"type": "string"} for tier in tiers},
        "required": list(tiers),
        "additionalProperties": False,
    }
    return {"type": "json_schema", "json_schema": {"name": "tiers", "strict": True, "schema": schema}}


def settings_of(options: ModelOptions) -> dict[str, Any]:
    """What makes one run's answers comparable with another's; never a secret."""
    base_url = without_credentials(options.base_url) if options.base_url else None
    return {
        "annotator": "llm",
        **options.model_dump(exclude={"base_url", "tiers_per_call"}),
        "base_url": base_url,
        "prompt_version": prompts.VERSION,
        "prompt_hash": prompts.prompt_hash(),
    }


def llm_provenance(options: ModelOptions, *, batch: bool = False, **used: Any) -> Provenance:
    """How a model's answer came to be: the request's parameters, and what was used."""
    request = options.model_dump(include={"temperature", "seed", "extra_body"})
    request |= {"batch": True} if batch else {"tiers_per_call": options.tiers_per_call}
    return Provenance(
        annotator="llm",
        model=options.model,
        prompt_version=prompts.VERSION,
        prompt_hash=prompts.prompt_hash(),
        request=request,
        **used,
    )


def without_credentials(url: str) -> str:
    """The address without user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def read_key(path: Path | None, base_url: str | None) -> str:
    """The API key: from a file, or from the environment.

    Raises:
        InputError: there is none, and the server is not the user's own.
    """
    key = path.read_text(encoding="utf-8").strip() if path else os.environ.get(KEY_VARIABLE, "").strip()
    if key:
        return key
    if base_url is None:
        raise InputError(
            f"no API key: {KEY_VARIABLE} is not set",
            mend="set it, give --api-key-file, or --base-url of a server that wants none",
        )
    return "none"


def read_extra_body(text: str) -> dict[str, Any]:
    """`--extra-body` as fields.

    Raises:
        InputError: it is no JSON object.
    """
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as fault:
        raise InputError(f"--extra-body is not JSON ({fault.msg})") from None
    if not isinstance(fields, dict):
        raise InputError("--extra-body is not a JSON object")
    return fields
