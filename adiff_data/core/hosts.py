"""Addresses to listen at."""

import ipaddress
import socket

from adiff_data.core.errors import InputError


def is_loopback(host: str) -> bool:
    """Whether only this machine itself reaches an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one.

    Raises:
        InputError: the address cannot be had.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        mend = "another `port`, or 0 for a free one"
        raise InputError(f"cannot listen at {host}, port {port} ({reason})", mend=mend) from None


def url_of(host: str, port: int) -> str:
    """The address for a browser; of a machine that listens at all of its addresses, by its name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"http://{host}:{port}"
    if address.is_unspecified:
        return f"http://{socket.gethostname()}:{port}"
    return f"http://[{host}]:{port}" if address.version == 6 else f"http://{host}:{port}"
