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


def free_port(preferred: int = 0) -> int:
    """The preferred port if nobody has it, else one below those that the system gives to whoever
    connects: a server that starts again on its port finds no stranger there."""
    if preferred and is_free(preferred):
        return preferred
    return next(port for port in iter(lambda: OURS[randbelow(len(OURS))], None) if is_free(port))
