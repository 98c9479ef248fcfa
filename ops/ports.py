"""Ports on loopback."""

import socket
from secrets import randbelow

OURS = range(15_000, 30_000)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
    return True


def listener_at(host: str, port: int) -> socket.socket | None:
    """Return a socket that listens at a port, or None if the port or the address cannot be had."""
    try:
        family, _kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except (OSError, OverflowError):
        return None


def free_port(preferred: int = 0) -> int:
    """Return the preferred port if it is free, otherwise one below the range of outgoing connections.

    Outside that range no outgoing connection takes the port while a server is restarted.
    """
    if preferred and is_free(preferred):
        return preferred
    return next(port for port in iter(lambda: OURS[randbelow(len(OURS))], None) if is_free(port))
