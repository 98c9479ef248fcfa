"""What `run` tells its user: on standard error, so that standard output stays the command's."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class Stop(Exception):
    """A reason to give up that the user can act on; printed without a traceback."""


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Names what is being done, and how long it took where that was noticeable (seconds)."""
    say(f"· {what}")
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 1:
        say(f"  {took:.1f} s")


def open_log(path: Path, *, afresh: bool = False) -> BinaryIO:
    """To append to, or to start `afresh`; for the owner's eyes only, for logs name people and orders."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if afresh else 0)
    handle = os.open(path, flags, 0o600)
    os.fchmod(handle, 0o600)
    return os.fdopen(handle, "ab")
