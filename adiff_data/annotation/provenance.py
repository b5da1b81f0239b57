"""How an answer of a language model was made, as its row keeps it."""

from typing import Any

from adiff_data.llm import ModelOptions, Outcome
from adiff_data.records import Provenance


def provenance_of(
    outcome: Outcome, model: ModelOptions, request: dict[str, Any], *, prompt_version: str, prompt_hash: str
) -> Provenance:
    """The provenance of an answer, or of the failure to get one.

    Args:
        request: the parameters as the row keeps them, without a key.
    """
    return Provenance(
        annotator="llm",
        model=model.model,
        prompt_version=prompt_version,
        prompt_hash=prompt_hash,
        request=request,
        attempts=outcome.usage.attempts,
        finish_reason=outcome.finish_reason,
        tokens_in=outcome.usage.tokens_in,
        tokens_out=outcome.usage.tokens_out,
        cost=outcome.usage.cost,
        seconds=outcome.seconds,
        failure=outcome.failure,
    )
