"""The shapes of returns of goods."""

from __future__ import annotations

from rest_framework import serializers

from ordering.api.serializers.fields import Decimals, Money
from ordering.models import Return


class ReturnLineCreateSerializer(serializers.Serializer):
    """Goods to take back: `position` and `free` with an order, `sku` and `price` without one."""

    position = serializers.IntegerField(min_value=1, required=False)
    sku = serializers.CharField(max_length=60, required=False)
    qty = serializers.IntegerField(min_value=0)
    free = serializers.IntegerField(min_value=0, required=False)
    price = Decimals(required=False, help_text="The price of one base unit.")


class ReturnCreateSerializer(serializers.Serializer):
    """Goods to take back, of an order or, without `order`, between `seller` and `buyer`."""

    order = serializers.UUIDField(required=False, allow_null=True)
    seller = serializers.CharField(max_length=40, required=False, allow_null=True)
    buyer = serializers.CharField(max_length=40, required=False, allow_null=True)
    reason = serializers.CharField(max_length=300, required=False, allow_null=True)
    source = serializers.CharField(  # type: ignore[assignment]  # hides Field.source
        max_length=120,
        required=False,
        allow_null=True,
        help_text=(
            "The return's number in your system; each number is booked once. Other content under the same"
            " number is a source_conflict (409)."
        ),
    )
    lines = ReturnLineCreateSerializer(many=True)


class ReturnLineSerializer(serializers.Serializer):
    """A line of a return."""

    position = serializers.IntegerField(allow_null=True)
    sku = serializers.CharField()
    qty = serializers.IntegerField()
    free_qty = serializers.IntegerField()
    charged_free = serializers.IntegerField()
    unit_price = Money()
    net = Money()
    tax = Money()


class ReturnSerializer(serializers.Serializer):
    """A return of goods with its lines and its credit."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    order = serializers.UUIDField(allow_null=True)
    seller = serializers.UUIDField()
    buyer = serializers.UUIDField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # hides Field.source
    returned_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)
    net = Money()
    tax = Money()
    credit = Money()
    lines = ReturnLineSerializer(many=True)


class BookedReturnSerializer(ReturnSerializer):
    """The return of a request to take goods back."""

    replayed = serializers.BooleanField(help_text="Whether a return with this `source` was booked before.")


class ReturnSummarySerializer(serializers.ModelSerializer):
    """A return of goods without its lines."""

    net = Money()
    tax = Money()
    credit = Money()

    class Meta:
        model = Return
        fields = [
            "id",
            "number",
            "order",
            "seller",
            "buyer",
            "source",
            "returned_at",
            "reason",
            "net",
            "tax",
            "credit",
        ]
