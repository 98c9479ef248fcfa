"""Locks between several `./run` at once; the kernel drops them however a process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds the lock file at `path` exclusively, waiting for whoever has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Attendance:
    """Counts who is in the room: the last one to leave is told so, and turns off the light."""

    def __init__(self, path: Path) -> None:
        self.handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)

    def enter(self) -> None:
        fcntl.flock(self.handle, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """True for the last one, who from then on keeps newcomers waiting until `close`."""
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        os.close(self.handle)
