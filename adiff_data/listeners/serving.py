"""Serving a page from this machine: one process for each database, invitations by link, where to listen."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from filelock import FileLock, Timeout
from starlette.applications import Starlette

from adiff_data.core.errors import InputError
from adiff_data.core.hosts import is_loopback, listen, url_of
from adiff_data.listeners.database import Database
from adiff_data.listeners.names import folded, read_name


def serve_page(
    database: Database,
    make: Callable[[bool], Starlette],
    *,
    invite: Sequence[str],
    host: str,
    port: int,
    ready: Callable[[str, dict[str, str]], None],
) -> None:
    """Serves a page until it is interrupted.

    Args:
        make: the application, told whether a name is enough to enter.
        invite: names to make links for. Where anybody was ever invited, nobody enters without a link.
        host, port: where to listen. Beyond this machine only invitations let people in.
        ready: told the address and, by name, the links, once the page can be opened.

    Raises:
        InputError: the address cannot be had, or would let anybody in, or a name is empty or too long.
    """
    names = {folded(name): name for name in map(read_name, invite)}
    invitations = dict(_invited(database, name) for name in names.values())
    by_name = not database.has_invitations()
    if by_name and not is_loopback(host):
        raise InputError(f"{host} is not this machine alone", mend="invite people by name, so that links let them in")
    with listen(host, port) as listening:
        address = f"{url_of(host, listening.getsockname()[1])}/"
        ready(address, {name: f"{address}#{token}" for name, token in invitations.items()})
        application = make(by_name)
        config = uvicorn.Config(application, log_level="warning", access_log=False, server_header=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def only_here(path: Path) -> Iterator[None]:
    """Holds a database for this process.

    Raises:
        InputError: another process has it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(f"{path}.lock", timeout=0):
            yield
    except Timeout:
        raise InputError("is served by another process", file=path, mend="several people can share one page") from None


def _invited(database: Database, name: str) -> tuple[str, str]:
    """Who a name stands for, and a token that lets them in."""
    token = secrets.token_urlsafe(32)
    return database.add_key(token, name, "invitation"), token
