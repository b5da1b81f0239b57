"""The servers of a run: requests are spread over them, and one that takes no more of them is dropped."""

import logging
import time
from collections.abc import Sequence

from adiff_data.core.errors import WorkError
from adiff_data.llm.accepted_fields import AcceptedFields
from adiff_data.llm.client import Client
from adiff_data.llm.options import RunOptions
from adiff_data.llm.rate_limiter import RateLimiter

_log = logging.getLogger(__name__)
_FIRST_REQUESTS = 8  # until one is answered: what no server answers is not asked all at once


class Server:
    """One server, or one key of it, and what a run knows of it.

    Args:
        client: its client.
        options: its limits.

    Attributes:
        accepted: which fields it takes, as far as is known.
        limiter: who may send it a request now.
        answered, rejected: how many requests it answered and rejected.
        heard: whether anything at all was heard of it.
        fails: whether it failed at the last request.
        last_answer: when it answered last, on the monotonic clock; at first, when it could be asked.
    """

    def __init__(self, client: Client, options: RunOptions) -> None:
        self.client, self.accepted = client, AcceptedFields()
        self.limiter = RateLimiter(options.concurrency, rpm=options.rpm, tpm=options.tpm, first=_FIRST_REQUESTS)
        self.answered = self.rejected = 0
        self.heard = self.fails = False
        self.last_answer = time.monotonic()

    def note_answer(self) -> None:
        """It answered a request."""
        self.answered += 1
        self.heard, self.fails, self.last_answer = True, False, time.monotonic()
        self.limiter.succeeded()

    def note_failure(self, *, reached: bool, retry_after: float | None) -> None:
        """It could not take a request; `reached` is whether it said so itself."""
        self.heard, self.fails = self.heard or reached, True
        self.limiter.failed(retry_after)

    def note_request(self) -> None:
        """It is about to be asked: that a server was silent which nobody asked says nothing."""
        if self.limiter.idle and not self.fails:
            self.last_answer = time.monotonic()


class ServerPool:
    """The servers that are asked.

    Args:
        clients: their clients, at least one.
        options: the limits of each.
    """

    def __init__(self, clients: Sequence[Client], options: RunOptions) -> None:
        self.servers = [Server(client, options) for client in clients]

    def choose(self, failed_last: Server | None = None) -> Server:
        """The server that is likely to take a request first; one that failed at it last only if there is no other."""
        if len(self.servers) == 1:
            return self.servers[0]
        candidates = [server for server in self.servers if server is not failed_last] or self.servers
        return min(candidates, key=lambda server: (server.limiter.pause_left > 0, server.limiter.load))

    def drop(self, server: Server, error: WorkError) -> None:
        """Asks a server no more, where there is another.

        Raises:
            WorkError: the given error, where there is none.
        """
        if server not in self.servers:
            return  # another request found it out
        if len(self.servers) == 1:
            raise error
        self.servers.remove(server)
        server.limiter.stop()
        _log.warning("%s is asked no more, %d are left: %s", server.client.name, len(self.servers), error)
