"""Ctrl-C and SIGTERM, once: the first ends the work, further ones do not disturb the cleaning up."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Asked to stop; not an error."""


class _State:
    asked = False
    raised = False
    sheltered = 0


def watch() -> None:
    """Handlers of our own, also where a shell has started us with Ctrl-C ignored."""
    for number in SIGNALS:
        signal.signal(number, _on_signal)


def ignore() -> None:
    """For a run that only waits for a child, which the terminal tells of Ctrl-C by itself."""
    _State.raised = True


@contextmanager
def sheltered() -> Iterator[None]:
    """Holds an interruption back until the block is over: nothing may be half recorded."""
    _State.sheltered += 1
    try:
        yield
    finally:
        _State.sheltered -= 1
    _raise_once()


def _on_signal(number: int, frame: FrameType | None) -> None:
    _State.asked = True
    _raise_once()


def _raise_once() -> None:
    if _State.asked and not _State.raised and not _State.sheltered:
        _State.raised = True
        raise Interrupted
