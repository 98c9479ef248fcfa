"""Translate the messages of the rules: the application installs its catalogue, for the kernel knows none."""

from collections.abc import Callable

_catalogue: list[Callable[[str], str]] = []


def gettext(message: str) -> str:
    """Return the message in the reader's language; unchanged without a catalogue."""
    return _catalogue[-1](message) if _catalogue else message


def install(translate: Callable[[str], str]) -> None:
    """Translate all messages from now on by `translate`."""
    _catalogue[:] = [translate]
