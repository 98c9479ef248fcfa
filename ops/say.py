"""Print messages of `run` on standard error; standard output belongs to the command."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class Stop(Exception):
    """The program cannot continue and the user can do something about it; printed without a traceback."""


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print what is being done, and the seconds it took if at least one."""
    say(f"· {what}")
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 1:
        say(f"  {took:.1f} s")


def open_log(path: Path, *, afresh: bool = False) -> BinaryIO:
    """Open a log to append to, or to start `afresh`; only the owner can read it, as logs name people."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if afresh else 0)
    handle = os.open(path, flags, 0o600)
    os.fchmod(handle, 0o600)
    return os.fdopen(handle, "ab")
