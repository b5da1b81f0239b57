"""Asking a language model: a request in, a reply out, with its limits, retries and money seen to.

This room knows nothing of pairs and tiers; `annotation` and the judge of `adiff_model` ask through it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from adiff_data.llm.account import Account
from adiff_data.llm.dialogue import Dialogue, Outcome, Question, Usage
from adiff_data.llm.event_loop import run_to_end, stop_on_signals
from adiff_data.llm.ledger import BudgetExhausted, Ledger
from adiff_data.llm.options import ModelOptions, RequestOptions, RunOptions, checked, read_key
from adiff_data.llm.prices import Price, half, read_price
from adiff_data.llm.rate_limiter import RateLimiter, TokenBucket
from adiff_data.llm.reply import NoAnswer, Reply
from adiff_data.llm.request import Messages, Request
from adiff_data.llm.server_errors import (
    BusyServer,
    FatalServerError,
    RejectedRequest,
    ServerError,
    TransientError,
    UnreachableServer,
)

if TYPE_CHECKING:
    from adiff_data.llm.batch import BatchQuestion, BatchRun
    from adiff_data.llm.client import Client
    from adiff_data.llm.dispatcher import Dispatcher

_NEED_OPENAI = {
    "BatchQuestion": "batch",
    "BatchRun": "batch",
    "Client": "client",
    "Dispatcher": "dispatcher",
}

__all__ = [
    "Account",
    "BatchQuestion",
    "BatchRun",
    "BudgetExhausted",
    "BusyServer",
    "Client",
    "Dialogue",
    "Dispatcher",
    "FatalServerError",
    "Ledger",
    "Messages",
    "ModelOptions",
    "NoAnswer",
    "Outcome",
    "Price",
    "Question",
    "RateLimiter",
    "RejectedRequest",
    "Reply",
    "Request",
    "RequestOptions",
    "RunOptions",
    "ServerError",
    "TokenBucket",
    "TransientError",
    "UnreachableServer",
    "Usage",
    "checked",
    "half",
    "read_key",
    "read_price",
    "run_to_end",
    "stop_on_signals",
]


def __getattr__(name: str) -> Any:
    """`openai` and `aiohttp` take a second to import: only those who send a request wait for it."""
    if name in _NEED_OPENAI:
        return getattr(import_module(f"{__name__}.{_NEED_OPENAI[name]}"), name)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
