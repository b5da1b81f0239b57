"""What tokens cost: a small table of list prices, or a user's own."""

import json
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, TypeAdapter, ValidationError

from adiff_data.core.errors import InputError
from adiff_data.core.text_files import read_text

BATCH_SHARE = 0.5  # of the list price, under the Batch API


class Price(BaseModel):
    """US dollars a million tokens, of the prompt (`input`), of the audio in it and of the answer (`output`).

    Audio costs what the rest of the prompt costs where `audio_input` is None.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: NonNegativeFloat
    output: NonNegativeFloat
    audio_input: NonNegativeFloat | None = Field(default=None, exclude_if=lambda value: value is None)

    def of(self, tokens_in: int, tokens_out: int, audio_tokens: int = 0) -> float:
        """The price of one request and its reply, in US dollars; `audio_tokens` are a part of `tokens_in`."""
        audio = self.input if self.audio_input is None else self.audio_input
        text_tokens = tokens_in - audio_tokens
        return (text_tokens * self.input + audio_tokens * audio + tokens_out * self.output) / 1e6


_TABLE = TypeAdapter(dict[str, Price])
_WANTED = 'it should look like {"my-model": {"input": 0.15, "output": 0.6}}, in dollars a million tokens'


def read_price(model: str, table: Path | None = None) -> Price | None:
    """The price of a model, or None where the table does not have it.

    Args:
        table: a JSON file like the built-in one: {"gpt-4o-mini": {"input": 0.15, "output": 0.6}}.

    Raises:
        InputError: the file is not such a table.
    """
    text = read_text(table) if table else (files(__package__) / "prices.json").read_text(encoding="utf-8")
    try:
        prices = _TABLE.validate_python(json.loads(text))
    except json.JSONDecodeError as fault:
        reason = f"not a table of prices: not JSON (column {fault.colno}: {fault.msg})"
        raise InputError(reason, file=table, row=fault.lineno, mend=_WANTED) from None
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        location = "".join(f"{part}: " for part in first["loc"])
        raise InputError(f"not a table of prices: {location}{first['msg']}", file=table, mend=_WANTED) from None
    return prices.get(model)


def half(price: Price | None) -> Price | None:
    """The price under the Batch API."""
    if price is None:
        return None
    return Price.model_validate({name: cost * BATCH_SHARE for name, cost in price.model_dump().items()})
