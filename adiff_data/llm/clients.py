"""The clients of a run: one for each server, or for each of several keys of a server."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from adiff_data.core.errors import InputError
from adiff_data.llm.address import read_address
from adiff_data.llm.client import Client
from adiff_data.llm.options import ModelOptions
from adiff_data.llm.redaction import secrets_in


def require_servers(base_urls: Sequence[str], keys: Sequence[str]) -> None:
    """Makes sure that it is known which key goes where, and that addresses are some.

    Raises:
        InputError: it is not.
    """
    if len(base_urls) > 1 and len(keys) > 1 and len(base_urls) != len(keys):
        reason = f"{len(base_urls)} servers and {len(keys)} keys"
        raise InputError(reason, mend="give one key for all, or one for each server, in the same order")
    for base_url in base_urls or ("",):
        read_address(base_url)


@asynccontextmanager
async def open_clients(
    model: ModelOptions, keys: Sequence[str], *, timeout: float, headers: Mapping[str, str]
) -> AsyncIterator[list[Client]]:
    """Yields the open clients: of each server with its key, of one server with each of the keys.

    Args:
        timeout: seconds that a request may take in all.
        headers: sent with each request.
    """
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
