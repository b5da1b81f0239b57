"""The address of a server, taken apart: what may be shown and written down, and what is a secret in it."""

import base64
import os
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from adiff_data.core.errors import InputError

OPENAI = "https://api.openai.com/v1"
ADDRESS_VARIABLE = "OPENAI_BASE_URL"
_ROUTE = "/chat/completions"


@dataclass(frozen=True)
class Address:
    """Where requests go.

    Attributes:
        url: without user, password and query.
        query: the fields of the query, sent with each request.
        authorization: the header that the address' user and password make; None where it has none.
    """

    url: str
    query: dict[str, str] = field(default_factory=dict)
    authorization: str | None = field(default=None, repr=False)

    @property
    def server(self) -> str:
        """Its name and port."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"

    @property
    def chat(self) -> str:
        """Where chat completions are asked for."""
        return self.url + _ROUTE

    @property
    def may_lack_version(self) -> bool:
        """Whether it has no `/v1`, which most servers want."""
        return "/v1" not in urlsplit(self.url).path


def read_address(base_url: str | None) -> Address:
    """Takes an address apart; None is that of the variable OPENAI_BASE_URL, or else OpenAI's own.

    Raises:
        InputError: it is none.
    """
    text = (base_url or os.environ.get(ADDRESS_VARIABLE, "")).strip() or OPENAI
    try:
        parts = urlsplit(text)
        server, _ = parts.hostname, parts.port
    except ValueError:
        parts, server = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not server or any(c.isspace() or c in "\"'" for c in text):
        raise InputError(f"not an address of a server: {text}", mend="give one such as http://localhost:8000/v1")
    authorization = None
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(pair.encode()).decode()
    path = parts.path.rstrip("/").removesuffix(_ROUTE)
    url = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, "", ""))
    return Address(url, dict(parse_qsl(parts.query, keep_blank_values=True)), authorization)
