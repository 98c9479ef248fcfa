"""Fields that several serializers share. Decimals are strings."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ordering.api.response_bodies import sees_prices

Decimals = serializers.CharField


class Money(Decimals):
    """An amount or a price; null for a key without the right price.view, such as a warehouse's."""

    def __init__(self, **given: Any) -> None:
        help_text = f"{given.pop('help_text', '')} Null without the right price.view.".strip()
        super().__init__(allow_null=True, help_text=help_text, **given)

    def get_attribute(self, instance: Any) -> Any:
        by = self.context["request"]._request.actor
        return super().get_attribute(instance) if sees_prices(by) else None
