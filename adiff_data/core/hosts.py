"""Addresses to listen at."""

import ipaddress
import socket

from adiff_data.core.errors import InputError


def is_loopback(host: str) -> bool:
    """Whether only this machine itself reaches an address."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(header: str) -> str:
    """The host that a request names in its `Host` header, without a port and without the brackets of IPv6."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one. At `::` it listens at the machine's IPv4 addresses as well.

    Raises:
        InputError: the address cannot be had.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        both = host == "::" and socket.has_dualstack_ipv6()
        return socket.create_server((host, port), family=family, backlog=1024, dualstack_ipv6=both)
    except (OSError, OverflowError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        mend = "another `port`, or 0 for a free one"
        raise InputError(f"cannot listen at {host}, port {port} ({reason})", mend=mend) from None


def with_port(host: str, port: int) -> str:
    """A host and a port as addresses have them: IPv6 in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def url_of(host: str, port: int) -> str:
    """The address for a browser; of a machine that listens at all of its addresses, by its name."""
    try:
        is_everywhere = ipaddress.ip_address(host).is_unspecified
    except ValueError:
        is_everywhere = False
    return f"http://{with_port(socket.gethostname() if is_everywhere else host, port)}"
