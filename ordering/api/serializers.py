"""The shapes of requests and answers, for the schema and for lists.

Orders in full are read by ordering.api.reading and written by ordering.api.bodies; a test holds
both to these shapes.
"""

from __future__ import annotations

from rest_framework import serializers

from ordering.models import Order, Return, Shipment, Stock

Decimals = serializers.CharField


class AskedLineSerializer(serializers.Serializer):
    sku = serializers.CharField(max_length=60)
    qty = serializers.IntegerField(min_value=1, max_value=10**9, help_text="base units")


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
    saved = Decimals()


class OrderLineSerializer(serializers.Serializer):
    position = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    qty = serializers.IntegerField()
    free_qty = serializers.IntegerField()
    per = serializers.IntegerField()
    base_price = Decimals()
    unit_price = Decimals()
    net_unit_price = Decimals()
    discount = Decimals()
    amount = Decimals()
    tax_rate = Decimals()
    net = Decimals()
    tax = Decimals()
    price_list = serializers.CharField()
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
    amount = Decimals()

    class Meta:
        model = Shipment
        fields = ["id", "number", "state", "shipped_at", "delivered_at", "signed_by", "amount"]


class OrderHeadSerializer(serializers.ModelSerializer):
    seller = TraderSerializer()
    buyer = TraderSerializer()
    total = Decimals()
    tax = Decimals()
    open_amount = Decimals()

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
    subtotal = Decimals()
    discount = Decimals()
    total = Decimals()
    tax = Decimals()
    open_amount = Decimals(help_text="not delivered yet")
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
    net = Decimals()
    tax = Decimals()


class ShipmentSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.CharField()
    order = serializers.UUIDField()
    order_number = serializers.CharField()
    state = serializers.ChoiceField(choices=Shipment.State.choices)
    shipped_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    signed_by = serializers.CharField(allow_blank=True)
    amount = Decimals()
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
    unit_price = Decimals()
    net = Decimals()
    tax = Decimals()


class ReturnSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.CharField()
    order = serializers.UUIDField(allow_null=True)
    seller = serializers.UUIDField()
    buyer = serializers.UUIDField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    returned_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)
    net = Decimals()
    tax = Decimals()
    credit = Decimals()
    lines = BackLineSerializer(many=True)


class ListedReturnSerializer(serializers.ModelSerializer):
    net = Decimals()
    tax = Decimals()
    credit = Decimals()

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
    on_hand = serializers.IntegerField(min_value=0, max_value=10**9)
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
