"""What an exception on the way to a server and back means: which part of the way failed, and whether it was reached."""

import socket
import ssl
from collections.abc import Iterator

import aiohttp

from adiff_data.llm.server_errors import FatalServerError, ServerError, TransientError, UnreachableServer

_PROXY_MEND = "the variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY say which proxy is used"


def meaning_of_exception(error: BaseException, server: str, timeout: float) -> ServerError:
    """What an exception means, by the most telling one among its causes.

    Args:
        server: the server's name and port, for the message.
        timeout: seconds that a request may take.
    """
    causes = list(_causes(error))
    for meaning in (_of_proxy, _of_tls, _of_address, _of_connection):
        for cause in causes:
            if found := meaning(cause, server):
                return found
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return TransientError(f"no answer within {timeout:g} s", maybe_billed=True)
    if any(isinstance(cause, aiohttp.ClientPayloadError) for cause in causes):
        return TransientError(f"the answer broke off ({_said(causes)})", maybe_billed=True)
    if any(isinstance(cause, aiohttp.ClientConnectionError | OSError) for cause in causes):
        return TransientError(f"the connection broke before an answer came ({_said(causes)})", maybe_billed=True)
    return TransientError(f"unreadable answer ({_said(causes)})", maybe_billed=True)


def _of_proxy(cause: BaseException, server: str) -> ServerError | None:
    if isinstance(cause, aiohttp.ClientHttpProxyError):
        reason = f"the proxy does not let requests through to {server}: {cause.status} {cause.message}"
        return UnreachableServer(reason, mend=_PROXY_MEND, hopeless=True)
    if isinstance(cause, aiohttp.ClientProxyConnectionError):
        reason = f"the proxy {cause.host}:{cause.port} cannot be reached ({_words_of(cause.os_error)})"
        return UnreachableServer(reason, mend=_PROXY_MEND, hopeless=True)
    return None


def _of_tls(cause: BaseException, server: str) -> ServerError | None:
    if isinstance(cause, aiohttp.ClientConnectorError):
        return None  # what OpenSSL said is among the causes itself
    if isinstance(cause, ssl.SSLCertVerificationError):
        reason = f"the certificate of {server} is not trusted: {cause.verify_message or cause.reason}"
        mend = "the variable SSL_CERT_FILE names a file of certificates to trust"
        return UnreachableServer(reason, mend=mend, hopeless=True)
    if isinstance(cause, aiohttp.ServerFingerprintMismatch | ssl.CertificateError):
        return UnreachableServer(f"the certificate of {server} is not trusted: {cause}", hopeless=True)
    if isinstance(cause, ssl.SSLError):
        reason = f"{server} and this machine do not agree on TLS: {cause.reason or cause}"
        return UnreachableServer(reason, mend="is the address meant to begin with http:// ?", hopeless=True)
    return None


def _of_address(cause: BaseException, server: str) -> ServerError | None:
    if isinstance(cause, socket.gaierror):
        reason = f"no server of the name {server.rpartition(':')[0] or server} is known ({_words_of(cause)})"
        return UnreachableServer(reason, mend="check the address and the network", hopeless=True)
    if isinstance(cause, ConnectionRefusedError):
        return UnreachableServer(f"connection refused by {server}", mend="is the server running there?")
    if isinstance(cause, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return FatalServerError(f"not an address: {server}")
    return None


def _of_connection(cause: BaseException, server: str) -> ServerError | None:
    if isinstance(cause, aiohttp.ConnectionTimeoutError):
        return UnreachableServer(f"{server} takes no connection")
    if isinstance(cause, aiohttp.ClientConnectorError):
        return UnreachableServer(f"no way to {server} ({_words_of(cause.os_error)})")
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what led to it, each once."""
    seen: list[BaseException] = []
    while error is not None and all(error is not earlier for earlier in seen):
        seen.append(error)
        yield error
        if isinstance(error, aiohttp.ClientConnectorError):
            yield error.os_error
        error = error.__cause__ or error.__context__


def _said(causes: list[BaseException]) -> str:
    """The words of the first exception that has any."""
    return next((text for cause in causes if (text := str(cause).strip())), type(causes[0]).__name__)


def _words_of(error: BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
