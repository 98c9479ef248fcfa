"""Ctrl-C and SIGTERM, once: the first ends the work, further ones do not disturb the cleaning up."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Asked to stop; not an error."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _State:
    asked = 0
    raised = False
    sheltered = 0


def watch() -> None:
    """Handlers of our own, also where a shell has started us with Ctrl-C ignored."""
    for number in SIGNALS:
        signal.signal(number, _on_signal)


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
    _State.asked = number
    _raise_once()


def _raise_once() -> None:
    if _State.asked and not _State.raised and not _State.sheltered:
        _State.raised = True
        raise Interrupted(_State.asked)
