"""Providers that send messages. MESSAGE_PROVIDERS names a class for each channel that is offered.

A further provider (SMS of a carrier, WeChat, 企业微信) is a class with `send(address, text) -> Outcome`
named in that setting; it needs no other change.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.providers.base import Address, Outcome, Provider, Text

__all__ = ["Address", "Outcome", "Provider", "Text", "offered", "provider_for"]


def offered() -> list[str]:
    """Return the channels for which this installation has a provider."""
    return [channel for channel, path in settings.MESSAGE_PROVIDERS.items() if path]


def provider_for(channel: str) -> Provider | None:
    path = settings.MESSAGE_PROVIDERS.get(channel, "")
    return _instance_of(path) if path else None


@cache
def _instance_of(path: str) -> Provider:
    provider: Provider = import_string(path)()
    return provider
