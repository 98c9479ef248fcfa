"""The shapes of orders, for the schema and for lists.

Orders are parsed by `ordering.api.request_bodies` and written by `ordering.api.response_bodies`; a
test checks both against these shapes, and those of shipments and returns.
"""

from __future__ import annotations

from rest_framework import serializers

from dealers.api.serializers import PartyReferenceSerializer
from kernel.quantities import MAX_UNITS
from ordering.api.serializers.fields import Decimals, Money
from ordering.api.serializers.shipments import OrderShipmentSerializer
from ordering.models import Order


class ManualPriceCreateSerializer(serializers.Serializer):
    """A price that the seller sets by hand in place of the list price; schemes do not apply to it."""

    price = Decimals(help_text="For `per` base units, with at most 4 decimal places.")
    per = serializers.IntegerField(min_value=1, max_value=MAX_UNITS, required=False)
    reason = serializers.CharField(max_length=300)


class OrderLineCreateSerializer(serializers.Serializer):
    """A product and a quantity to order."""

    sku = serializers.CharField(max_length=60)
    qty = serializers.IntegerField(min_value=1, max_value=MAX_UNITS, help_text="In base units.")
    manual_price = ManualPriceCreateSerializer(
        required=False,
        allow_null=True,
        help_text="Only of the seller's key with the right `order.override_price`; refused otherwise.",
    )


class DeliveryWindowSerializer(serializers.Serializer):
    """The time in which an order is to be delivered; `until` is exclusive."""

    until = serializers.DateTimeField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which cannot be the name of a class attribute."""
        return {"from": serializers.DateTimeField(), **super().get_fields()}


class OrderCreateSerializer(serializers.Serializer):
    """An order to place. Parties by id or code; by default the key's party buys from its supplier."""

    seller = serializers.CharField(max_length=40, required=False, allow_null=True)
    buyer = serializers.CharField(max_length=40, required=False, allow_null=True)
    kind = serializers.ChoiceField(choices=Order.Kind.choices, required=False, allow_null=True)
    window = DeliveryWindowSerializer(required=False, allow_null=True)
    reference = serializers.CharField(max_length=100, required=False, allow_null=True)
    note = serializers.CharField(max_length=500, required=False, allow_null=True)
    source = serializers.CharField(  # type: ignore[assignment]  # hides Field.source
        max_length=120,
        required=False,
        allow_null=True,
        help_text=(
            "The order's number in your system; each number is placed once. The same content again answers"
            " the first order, also a cancelled one, with `replayed` true; other content is a"
            " source_conflict (409) that names what differs."
        ),
    )
    hold = serializers.BooleanField(
        required=False,
        allow_null=True,
        help_text="If false, an order over the credit limit is refused instead of held.",
    )
    accept_review = serializers.BooleanField(
        required=False,
        allow_null=True,
        help_text=(
            "If true, the seller's key accepts prices that need approval. Refused (same_person) unless the"
            " tenant lets one person place and approve an order."
        ),
    )
    lines = OrderLineCreateSerializer(many=True)


class OrderCancelSerializer(serializers.Serializer):
    """The reason for cancelling an order."""

    reason = serializers.CharField(max_length=300, required=False, allow_null=True)


class PriceApprovalSerializer(serializers.Serializer):
    """The reason for approving prices outside their limits."""

    reason = serializers.CharField(max_length=300)


class EmptySerializer(serializers.Serializer):
    """An empty object."""


class AppliedSchemeSerializer(serializers.Serializer):
    """A scheme that applied to an order line, and the amount it saved."""

    code = serializers.CharField()
    saved = Money()


class LineLimitSerializer(serializers.Serializer):
    """A limit outside which a line lay when the order was placed."""

    clause = serializers.CharField()
    action = serializers.CharField()
    floor = Money(required=False)
    ceiling = Money(required=False)


class ManualPriceSerializer(serializers.Serializer):
    """The price that the seller set by hand; who set it and why is for the seller only."""

    price = Money()
    per = serializers.IntegerField()
    list_price = Money(help_text="The price of the lists for `list_per` base units.")
    list_per = serializers.IntegerField(allow_null=True)
    price_list = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    set_by = serializers.CharField(allow_null=True)
    set_at = serializers.DateTimeField(allow_null=True)


class OrderLineSerializer(serializers.Serializer):
    """A line of an order with its prices, discounts and fulfilment."""

    position = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    qty = serializers.IntegerField()
    free_qty = serializers.IntegerField()
    per = serializers.IntegerField()
    base_price = Money()
    unit_price = Money()
    net_unit_price = Money()
    discount = Money()
    amount = Money()
    tax_rate = Decimals()
    net = Money()
    tax = Money()
    price_list = Money()
    schemes = AppliedSchemeSerializer(many=True)
    clauses = serializers.ListField(child=serializers.CharField())
    verdict = serializers.CharField()
    limits = LineLimitSerializer(
        many=True, help_text="The limits outside which the price lies; for the seller only."
    )
    manual_price = ManualPriceSerializer(allow_null=True)
    gift = serializers.CharField(allow_null=True, help_text="The scheme that gives this line for free.")
    reserved_qty = serializers.IntegerField()
    cancelled_qty = serializers.IntegerField()
    cancelled_free = serializers.IntegerField()
    shipped_qty = serializers.IntegerField()
    shipped_free = serializers.IntegerField()
    delivered_qty = serializers.IntegerField()
    delivered_free = serializers.IntegerField()
    returned_qty = serializers.IntegerField()
    returned_free = serializers.IntegerField()
    charged_free = serializers.IntegerField(help_text="Free units paid for later; they come back as `qty`.")


class OrderSummarySerializer(serializers.ModelSerializer):
    """An order without its lines."""

    seller = PartyReferenceSerializer()
    buyer = PartyReferenceSerializer()
    total = Money()
    tax = Money()
    open_amount = Money()

    class Meta:
        model = Order
        fields = [
            "id",
            "number",
            "kind",
            "state",
            "seller",
            "buyer",
            "placed_at",
            "confirmed_at",
            "delivered_at",
            "currency",
            "total",
            "tax",
            "open_amount",
            "due_on",
            "verdict",
            "source",
            "reference",
        ]


class OrderSerializer(serializers.Serializer):
    """An order with its lines and shipments."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=Order.Kind.choices)
    state = serializers.ChoiceField(choices=Order.State.choices)
    seller = PartyReferenceSerializer()
    buyer = PartyReferenceSerializer()
    contract = serializers.UUIDField(allow_null=True)
    placed_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    window = DeliveryWindowSerializer(allow_null=True)
    currency = serializers.CharField()
    subtotal = Money()
    discount = Money()
    total = Money()
    tax = Money()
    open_amount = Money(help_text="The amount that is not delivered yet.")
    due_on = serializers.DateField()
    verdict = serializers.CharField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # hides Field.source
    reference = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    reasons = serializers.DictField(help_text="The schemes that applied, and the reasons of a credit hold.")
    lines = OrderLineSerializer(many=True)
    shipments = OrderShipmentSerializer(many=True)


class PlacedOrderSerializer(OrderSerializer):
    """The order of a request to place one."""

    replayed = serializers.BooleanField(help_text="Whether an order with this `source` was placed before.")
