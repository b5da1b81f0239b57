"""What becomes of a request that is not answered: its own fault, the moment's, or the run's."""

from adiff_data.core.errors import WorkError


class ServerError(WorkError):
    """A request that was not answered.

    Attributes:
        reason: why, on one line and without any key. What a server puts between backticks is between quotes here, since
            backticks mark arguments of adiff's own.
    """

    def __init__(self, reason: str, *, mend: str | None = None) -> None:
        reason = reason.replace("`", "'")
        super().__init__(reason, mend=mend)
        self.reason = reason


class TransientError(ServerError):
    """The server, or the way to it, failed; the same request may succeed later.

    Attributes:
        retry_after: seconds for which the server asks to be left alone; None where it does not.
        maybe_billed: whether the request may have been worked on although no answer came.
    """

    def __init__(
        self, reason: str, *, mend: str | None = None, retry_after: float | None = None, maybe_billed: bool = False
    ) -> None:
        super().__init__(reason, mend=mend)
        self.retry_after, self.maybe_billed = retry_after, maybe_billed


class BusyServer(TransientError):
    """Too many requests, or a model that is still loading: the moment's fault, which no request is blamed for."""


class UnreachableServer(TransientError):
    """The request reached no server, so that it cost nothing, and is not to blame.

    Attributes:
        hopeless: waiting does not help a run that has reached the server never before: its name is wrong, say.
    """

    def __init__(self, reason: str, *, mend: str | None = None, hopeless: bool = False) -> None:
        super().__init__(reason, mend=mend)
        self.hopeless = hopeless


class RejectedRequest(ServerError):
    """The server will never take this request; it may take others.

    Attributes:
        field: the field of the request that is to blame, where the server names one.
    """

    def __init__(self, reason: str, *, mend: str | None = None, field: str | None = None) -> None:
        super().__init__(reason, mend=mend)
        self.field = field


class FatalServerError(ServerError):
    """The server will take no request of this run: a wrong key, no such model, no credit left."""
