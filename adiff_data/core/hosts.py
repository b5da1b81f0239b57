"""Addresses to listen at."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether only this machine itself reaches an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
