"""What `run` tells its user: on standard error, so that standard output stays the command's."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


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
