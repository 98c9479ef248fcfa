from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address, a phone number in E.164 or a URL; `secret` signs what is posted there."""

    value: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What is said, in the reader's language. The same `id` comes again with a repetition."""

    id: str
    topic: str
    title: str
    body: str = ""
    link: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether it went out; else why not, and whether trying again can help."""

    sent: bool
    again: bool = False
    detail: str = ""


class Provider(Protocol):
    def send(self, address: Address, text: Text) -> Outcome:
        """Sends one text; answers within some seconds and raises nothing for what a network does."""
        ...
