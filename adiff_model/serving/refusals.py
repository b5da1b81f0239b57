"""What a client is told when it gets no answer, in the shape that OpenAI's clients understand."""

from typing import Any

_KINDS = {401: "authentication_error", 408: "timeout_error", 429: "rate_limit_error"}


class Refusal(Exception):
    """A request that gets no answer.

    Args:
        status: of HTTP.
        message: what is wrong, and what would be right.
        code: the same in one word, for programs.
        param: the field of the request that is at fault.
    """

    def __init__(self, status: int, message: str, code: str, param: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.param = status, message, code, param

    @property
    def may_be_repeated(self) -> bool:
        """Whether the same request may succeed a little later."""
        return self.status in (408, 429, 503)

    def body(self) -> dict[str, Any]:
        """The body of the response."""
        kind = _KINDS.get(self.status, "server_error" if self.status >= 500 else "invalid_request_error")
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}
