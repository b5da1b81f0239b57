"""The address of a server, taken apart: what may be shown and written down, and what is a secret in it."""

import base64
import os
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from adiff_data.core.errors import InputError
from adiff_data.core.hosts import with_port
from adiff_data.llm.redaction import without_credentials

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
        secrets: what of it must not be shown.
    """

    url: str
    query: dict[str, str] = field(default_factory=dict)
    authorization: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @property
    def server(self) -> str:
        """Its name and port."""
        parts = urlsplit(self.url)
        return with_port(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))

    @property
    def chat(self) -> str:
        """Where chat completions are asked for."""
        return self.url + _ROUTE

    @property
    def may_lack_version(self) -> bool:
        """Whether it has no `/v1`, which most servers want."""
        return "/v1" not in urlsplit(self.url).path


def address_of_environment() -> str | None:
    """What the variable OPENAI_BASE_URL says; None where it says nothing."""
    return os.environ.get(ADDRESS_VARIABLE, "").strip() or None


def read_address(base_url: str | None) -> Address:
    """Takes an address apart; None is that of the variable OPENAI_BASE_URL, or else OpenAI's own.

    Raises:
        InputError: it is none.
    """
    text = (base_url or "").strip() or address_of_environment() or OPENAI
    try:
        parts = urlsplit(text)
        server, _ = parts.hostname, parts.port
    except ValueError:
        parts, server = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not server or any(c.isspace() or c in "\"'" for c in text):
        shown = without_credentials(text)
        raise InputError(f"not an address of a server: {shown}", mend="give one such as http://localhost:8000/v1")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    authorization, secrets = None, list(query.values())
    if parts.username is not None:
        user, password = unquote(parts.username), unquote(parts.password or "")
        encoded = base64.b64encode(f"{user}:{password}".encode()).decode()
        authorization = f"Basic {encoded}"
        secrets += [encoded, password or user]
    path = parts.path.rstrip("/").removesuffix(_ROUTE)
    url = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, "", ""))
    return Address(url, query, authorization, tuple(secrets))
