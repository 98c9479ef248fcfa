"""The interface of a provider."""

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
    """A message in the reader's language. A repeated sending has the same `id`."""

    id: str
    topic: str
    title: str
    body: str = ""
    link: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a message was sent; if not, the reason, and whether another attempt may succeed."""

    sent: bool
    again: bool = False
    detail: str = ""


class Provider(Protocol):
    def send(self, address: Address, text: Text) -> Outcome:
        """Send one message within some seconds; a network failure is an Outcome, not an exception."""
        ...
