"""A model that can be asked, and its clients: one for each server, or for each of several keys of a server."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from adiff_data.core.arguments import require_field_types
from adiff_data.core.errors import InputError
from adiff_data.llm.address import read_address
from adiff_data.llm.client import Client
from adiff_data.llm.options import ModelOptions, RunOptions
from adiff_data.llm.prices import Price
from adiff_data.llm.redaction import secrets_in


@dataclass(frozen=True)
class AskedModel:
    """A language model with all that it takes to ask it.

    Attributes:
        model, options: how it is asked.
        key: the API key, or several: one for each server, or all of one.
        price: what its tokens cost, where that is known.
        headers: sent with each request; they are written down nowhere.

    Raises:
        InputError: there is a budget but no price, keys and servers do not go together, or an address is none.
    """

    model: ModelOptions
    options: RunOptions
    key: str | tuple[str, ...] = field(repr=False)
    price: Price | None = field(default=None, kw_only=True)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        require_field_types(self)
        _require_means(self.model, self.options, self.price, self.keys)

    @property
    def keys(self) -> tuple[str, ...]:
        """One key for all servers, or one for each, or several of one server."""
        return (self.key,) if isinstance(self.key, str) else self.key

    def open_clients(self) -> AbstractAsyncContextManager[list[Client]]:
        """The open clients: of each server with its key, of one server with each of the keys."""
        return _open_clients(self.model, self.keys, timeout=self.options.timeout, headers=self.headers)


def _require_means(model: ModelOptions, options: RunOptions, price: Price | None, keys: Sequence[str]) -> None:
    """Makes sure, before anything is asked, that a budget can be kept, and that it is known which key goes where.

    Raises:
        InputError: there is a budget but no price, keys and servers do not go together, or an address is none.
    """
    if options.budget is not None and price is None:
        raise InputError(f"`budget` needs the price of '{model.model}'", mend="give it with `price`")
    base_urls = model.base_url
    if len(base_urls) > 1 and len(keys) > 1 and len(base_urls) != len(keys):
        reason = f"{len(base_urls)} servers and {len(keys)} keys"
        raise InputError(reason, mend="give one key for all, or one for each server, in the same order")
    for base_url in base_urls or ("",):
        read_address(base_url)


@asynccontextmanager
async def _open_clients(
    model: ModelOptions, keys: Sequence[str], *, timeout: float, headers: Mapping[str, str]
) -> AsyncIterator[list[Client]]:
    addresses: list[str | None] = list(model.base_url) or [None]
    count = max(len(addresses), len(keys))
    secrets = tuple(secrets_in(model.extra_body))
    async with AsyncExitStack() as stack:
        clients = []
        for number in range(count):
            address, key = addresses[number % len(addresses)], keys[number % len(keys)]
            client = Client(address, key, timeout=timeout, headers=headers, secrets=secrets)
            if len(keys) > len(addresses):
                client.name += f", key {number + 1}"
            clients.append(await stack.enter_async_context(client))
        yield clients
