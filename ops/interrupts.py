"""Handle Ctrl-C and SIGTERM once: the first ends the work, later ones do not disturb the clean-up."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """The user or the system wants the program to stop; not an error."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _State:
    signal_number = 0
    raised = False
    sheltered = 0


def watch() -> None:
    """Install the handlers, even where a shell has started the program with Ctrl-C ignored."""
    for number in SIGNALS:
        signal.signal(number, _on_signal)


@contextmanager
def sheltered() -> Iterator[None]:
    """Delay an interruption until the block ends, so that nothing is recorded in part."""
    _State.sheltered += 1
    try:
        yield
    finally:
        _State.sheltered -= 1
    _raise_once()


def _on_signal(number: int, frame: FrameType | None) -> None:
    _State.signal_number = number
    _raise_once()


def _raise_once() -> None:
    if _State.signal_number and not _State.raised and not _State.sheltered:
        _State.raised = True
        raise Interrupted(_State.signal_number)
