"""The ways out to a person. MESSAGE_PROVIDERS names a class for each channel that is offered.

A further one (SMS of a carrier, WeChat, 企业微信) is a class with `send(address, text) -> Outcome`,
named in that setting; nothing else has to know of it.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.providers.base import Address, Outcome, Provider, Text

__all__ = ["Address", "Outcome", "Provider", "Text", "offered", "provider_for"]


def offered() -> list[str]:
    """The channels that this installation has a provider for."""
    return [channel for channel, path in settings.MESSAGE_PROVIDERS.items() if path]


def provider_for(channel: str) -> Provider | None:
    path = settings.MESSAGE_PROVIDERS.get(channel, "")
    return _made(path) if path else None


@cache
def _made(path: str) -> Provider:
    provider: Provider = import_string(path)()
    return provider
