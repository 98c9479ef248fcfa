"""The shapes of requests and answers, for the schema and for lists.

Orders in full are read by ordering.api.requests and written by ordering.api.responses; a test holds
both to these shapes.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.quantities import MAX_UNITS
from ordering.api.responses import sees_prices
from ordering.models import Order, Return, Shipment, Stock

Decimals = serializers.CharField


class Priced(Decimals):
    """Money: null to who does not hold the right price.view, as a warehouse does not."""

    def __init__(self, **given: Any) -> None:
        said = f"{given.pop('help_text', '')} (null without the right price.view)".strip()
        super().__init__(allow_null=True, help_text=said, **given)

    def get_attribute(self, instance: Any) -> Any:
        by = self.context["request"]._request.actor
        return super().get_attribute(instance) if sees_prices(by) else None


class AskedLineSerializer(serializers.Serializer):
    sku = serializers.CharField(max_length=60)
    qty = serializers.IntegerField(min_value=1, max_value=MAX_UNITS, help_text="base units")


class WindowSerializer(serializers.Serializer):
    until = serializers.DateTimeField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is no name that a class can give its attribute."""
        return {"from": serializers.DateTimeField(), **super().get_fields()}


class AskedOrderSerializer(serializers.Serializer):
    """Parties by id or code. Without `buyer` the key's party buys, without `seller` its supplier sells."""

    seller = serializers.CharField(max_length=40, required=False, allow_null=True)
    buyer = serializers.CharField(max_length=40, required=False, allow_null=True)
    kind = serializers.ChoiceField(choices=Order.Kind.choices, required=False, allow_null=True)
    window = WindowSerializer(required=False, allow_null=True)
    reference = serializers.CharField(max_length=100, required=False, allow_null=True)
    note = serializers.CharField(max_length=500, required=False, allow_null=True)
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=120, required=False, allow_null=True, help_text="the order's number outside; placed once"
    )
    hold = serializers.BooleanField(
        required=False, allow_null=True, help_text="false: refused instead of held where credit is short"
    )
    accept_review = serializers.BooleanField(required=False, allow_null=True)
    lines = AskedLineSerializer(many=True)


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300, required=False, allow_null=True)


class NothingSerializer(serializers.Serializer):
    """An empty object."""


class TraderSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()


class SavedSerializer(serializers.Serializer):
    code = serializers.CharField()
    saved = Priced()


class OrderLineSerializer(serializers.Serializer):
    position = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    qty = serializers.IntegerField()
    free_qty = serializers.IntegerField()
    per = serializers.IntegerField()
    base_price = Priced()
    unit_price = Priced()
    net_unit_price = Priced()
    discount = Priced()
    amount = Priced()
    tax_rate = Decimals()
    net = Priced()
    tax = Priced()
    price_list = Priced()
    schemes = SavedSerializer(many=True)
    clauses = serializers.ListField(child=serializers.CharField())
    verdict = serializers.CharField()
    gift = serializers.CharField(allow_null=True, help_text="the scheme that gives this line")
    reserved_qty = serializers.IntegerField()
    cancelled_qty = serializers.IntegerField()
    cancelled_free = serializers.IntegerField()
    shipped_qty = serializers.IntegerField()
    shipped_free = serializers.IntegerField()
    delivered_qty = serializers.IntegerField()
    delivered_free = serializers.IntegerField()
    returned_qty = serializers.IntegerField()
    returned_free = serializers.IntegerField()


class ShipmentHeadSerializer(serializers.ModelSerializer):
    amount = Priced()

    class Meta:
        model = Shipment
        fields = ["id", "number", "state", "shipped_at", "delivered_at", "signed_by", "amount"]


class OrderHeadSerializer(serializers.ModelSerializer):
    seller = TraderSerializer()
    buyer = TraderSerializer()
    total = Priced()
    tax = Priced()
    open_amount = Priced()

    class Meta:
        model = Order
        fields = [
            "id", "number", "kind", "state", "seller", "buyer", "placed_at", "confirmed_at", "delivered_at",
            "currency", "total", "tax", "open_amount", "due_on", "verdict", "source", "reference",
        ]  # fmt: skip


class OrderSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=Order.Kind.choices)
    state = serializers.ChoiceField(choices=Order.State.choices)
    seller = TraderSerializer()
    buyer = TraderSerializer()
    contract = serializers.UUIDField(allow_null=True)
    placed_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    window = WindowSerializer(allow_null=True)
    currency = serializers.CharField()
    subtotal = Priced()
    discount = Priced()
    total = Priced()
    tax = Priced()
    open_amount = Priced(help_text="not delivered yet")
    due_on = serializers.DateField()
    verdict = serializers.CharField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    reference = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    reasons = serializers.DictField(help_text="the schemes that applied; why credit holds the order")
    lines = OrderLineSerializer(many=True)
    shipments = ShipmentHeadSerializer(many=True)


class PartSerializer(serializers.Serializer):
    position = serializers.IntegerField(min_value=1)
    qty = serializers.IntegerField(min_value=0)
    free = serializers.IntegerField(min_value=0, required=False, allow_null=True)


class AskedShipmentSerializer(serializers.Serializer):
    """Without `lines` all that is left is shipped."""

    lines = PartSerializer(many=True, required=False, allow_null=True)


class ShippedLineSerializer(serializers.Serializer):
    position = serializers.IntegerField()
    sku = serializers.CharField()
    qty = serializers.IntegerField()
    free_qty = serializers.IntegerField()
    net = Priced()
    tax = Priced()


class ShipmentSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.CharField()
    order = serializers.UUIDField()
    order_number = serializers.CharField()
    state = serializers.ChoiceField(choices=Shipment.State.choices)
    shipped_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    signed_by = serializers.CharField(allow_blank=True)
    amount = Priced()
    lines = ShippedLineSerializer(many=True)


class ListedShipmentSerializer(ShipmentHeadSerializer):
    order_number = serializers.CharField(source="order.number")

    class Meta(ShipmentHeadSerializer.Meta):
        fields = [*ShipmentHeadSerializer.Meta.fields, "order", "order_number"]


class SignatureSerializer(serializers.Serializer):
    signed_by = serializers.CharField(max_length=100, required=False, allow_null=True)
    delivered_at = serializers.DateTimeField(required=False, allow_null=True, help_text="now without it")


class BackSerializer(serializers.Serializer):
    """`position` and `free` with an order; `sku` and `price` without one."""

    position = serializers.IntegerField(min_value=1, required=False)
    sku = serializers.CharField(max_length=60, required=False)
    qty = serializers.IntegerField(min_value=0)
    free = serializers.IntegerField(min_value=0, required=False)
    price = Decimals(required=False, help_text="for one base unit")


class AskedReturnSerializer(serializers.Serializer):
    order = serializers.UUIDField(required=False, allow_null=True)
    seller = serializers.CharField(max_length=40, required=False, allow_null=True)
    buyer = serializers.CharField(max_length=40, required=False, allow_null=True)
    reason = serializers.CharField(max_length=300, required=False, allow_null=True)
    source = serializers.CharField(max_length=120, required=False, allow_null=True)  # type: ignore[assignment]
    lines = BackSerializer(many=True)


class BackLineSerializer(serializers.Serializer):
    position = serializers.IntegerField(allow_null=True)
    sku = serializers.CharField()
    qty = serializers.IntegerField()
    free_qty = serializers.IntegerField()
    charged_free = serializers.IntegerField()
    unit_price = Priced()
    net = Priced()
    tax = Priced()


class ReturnSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.CharField()
    order = serializers.UUIDField(allow_null=True)
    seller = serializers.UUIDField()
    buyer = serializers.UUIDField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    returned_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)
    net = Priced()
    tax = Priced()
    credit = Priced()
    lines = BackLineSerializer(many=True)


class ListedReturnSerializer(serializers.ModelSerializer):
    net = Priced()
    tax = Priced()
    credit = Priced()

    class Meta:
        model = Return
        fields = ["id", "number", "order", "seller", "buyer", "source", "returned_at", "reason", "net", "tax",
                  "credit"]  # fmt: skip


class StockSerializer(serializers.ModelSerializer):
    party = serializers.UUIDField(source="party_id")
    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    available = serializers.SerializerMethodField()

    class Meta:
        model = Stock
        fields = ["party", "sku", "name", "on_hand", "safety", "quarantine", "hard", "soft", "available"]

    def get_available(self, stock: Stock) -> int:
        return max(stock.on_hand - stock.safety - stock.quarantine - stock.hard - stock.soft, 0)


class CountedSerializer(serializers.Serializer):
    sku = serializers.CharField(max_length=60)
    on_hand = serializers.IntegerField(min_value=0, max_value=MAX_UNITS)
    safety = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    quarantine = serializers.IntegerField(min_value=0, required=False, allow_null=True)


class AskedStockSerializer(serializers.Serializer):
    party = serializers.CharField(max_length=40, required=False, allow_null=True, help_text="id or code")
    source = serializers.CharField(max_length=100, help_text="each source changes a stock once")  # type: ignore[assignment]
    mode = serializers.ChoiceField(
        choices=["count", "receipt"], required=False, help_text="count sets, receipt adds"
    )
    lines = CountedSerializer(many=True)


class ChangedStockSerializer(serializers.Serializer):
    party = serializers.UUIDField()
    changed = serializers.IntegerField()
