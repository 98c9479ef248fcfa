"""Fields that several serializers share. Decimals are strings."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.refusals import PROBLEM_JSON
from ordering.queries.money_fields import sees_prices

Decimals = serializers.CharField


class DifferenceSerializer(serializers.Serializer):
    """A value that differs from the first document; both may be text, a number, an object or null."""

    field = serializers.CharField(help_text="The path in the request, like lines[1].qty.")
    line = serializers.CharField(required=False, help_text="The SKU of the line, or its position.")
    booked = serializers.JSONField(allow_null=True, help_text="The value of the first document.")
    requested = serializers.JSONField(allow_null=True, help_text="The value of this request.")


class BookedDocumentSerializer(serializers.Serializer):
    """The first document of a `source`."""

    kind = serializers.CharField()
    id = serializers.UUIDField()
    number = serializers.CharField()


class SourceConflictSerializer(serializers.Serializer):
    """A conflict (409). With the code `source_conflict` the `source` is there with other content.

    `differs` names what, at most 50 of all `differences`; it is absent where the first document is not
    visible to the key. Nothing was changed.
    """

    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField(required=False)
    differs = DifferenceSerializer(many=True, required=False)
    differences = serializers.IntegerField(required=False)
    booked = BookedDocumentSerializer(required=False)


SOURCE_CONFLICT: dict[Any, Any] = {(409, PROBLEM_JSON): SourceConflictSerializer}


class Money(Decimals):
    """An amount or a price; null for a key without the right price.view, such as a warehouse's.

    `trade` is the attribute with the order of the row, if the row itself has no seller and buyer.
    """

    def __init__(self, *, trade: str = "", **given: Any) -> None:
        self.trade = trade
        null = "Null without the right price.view, and in what a dealer's members sell."
        help_text = f"{given.pop('help_text', '')} {null}".strip()
        super().__init__(allow_null=True, help_text=help_text, **given)

    def get_attribute(self, instance: Any) -> Any:
        by = self.context["request"]._request.actor
        trade = getattr(instance, self.trade) if self.trade else instance
        return super().get_attribute(instance) if sees_prices(by, trade.seller_id, trade.buyer_id) else None
