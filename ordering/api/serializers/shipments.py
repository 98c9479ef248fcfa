"""The shapes of shipments."""

from __future__ import annotations

from rest_framework import serializers

from ordering.api.serializers.fields import Money
from ordering.models import DeliverySlip, Shipment


class OrderShipmentSerializer(serializers.ModelSerializer):
    """A shipment as part of its order."""

    amount = Money()

    class Meta:
        model = Shipment
        fields = ["id", "number", "state", "shipped_at", "delivered_at", "signed_by", "amount"]


class ShipmentLineCreateSerializer(serializers.Serializer):
    """Quantities to ship of the order line at a position."""

    position = serializers.IntegerField(min_value=1)
    qty = serializers.IntegerField(min_value=0)
    free = serializers.IntegerField(min_value=0, required=False, allow_null=True)


class ShipmentCreateSerializer(serializers.Serializer):
    """Lines to ship; without `lines` all open quantities are shipped."""

    lines = ShipmentLineCreateSerializer(many=True, required=False, allow_null=True)
    source = serializers.CharField(  # type: ignore[assignment]  # hides Field.source
        max_length=120,
        required=False,
        allow_null=True,
        help_text="The number in the seller's system: the same number and content ship once.",
    )


class ShipmentLineSerializer(serializers.Serializer):
    """A line of a shipment."""

    position = serializers.IntegerField()
    sku = serializers.CharField()
    qty = serializers.IntegerField()
    free_qty = serializers.IntegerField()
    net = Money()
    tax = Money()


class DeliverySlipSerializer(serializers.ModelSerializer):
    """A signed delivery slip; its file is at /delivery-slips/{id}."""

    class Meta:
        model = DeliverySlip
        fields = ["id", "file_name", "media_type", "size", "sha256", "uploaded_at", "uploaded_by"]


class AddedDeliverySlipSerializer(DeliverySlipSerializer):
    """The slip of a request to add one."""

    replayed = serializers.BooleanField(help_text="Whether this file was added before.")

    class Meta(DeliverySlipSerializer.Meta):
        fields = [*DeliverySlipSerializer.Meta.fields, "replayed"]


class DeliverySlipDetailSerializer(DeliverySlipSerializer):
    """A slip with its file."""

    content = serializers.CharField(help_text="The file in base64.")

    class Meta(DeliverySlipSerializer.Meta):
        fields = [*DeliverySlipSerializer.Meta.fields, "content"]


class DeliverySlipCreateSerializer(serializers.Serializer):
    """A picture (JPEG, PNG, WebP) or PDF of the signed slip, at most 5 MB."""

    file_name = serializers.CharField(max_length=200, required=False, allow_null=True)
    content = serializers.CharField(help_text="The file in base64.")


class ShipmentSerializer(serializers.Serializer):
    """A shipment with its lines."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    order = serializers.UUIDField()
    order_number = serializers.CharField()
    state = serializers.ChoiceField(choices=Shipment.State.choices)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # hides Field.source
    shipped_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    signed_by = serializers.CharField(allow_blank=True)
    slip_at = serializers.DateTimeField(
        allow_null=True, help_text="When the first signed delivery slip was uploaded."
    )
    timed_out = serializers.BooleanField(
        help_text="Received by time-out: the buyer did not answer the slip in the tenant's hours."
    )
    amount = Money()
    lines = ShipmentLineSerializer(many=True)


class ShippedSerializer(ShipmentSerializer):
    """The shipment of a request to ship."""

    replayed = serializers.BooleanField(help_text="Whether the same source was shipped before.")


class ReceivedShipmentSerializer(ShipmentSerializer):
    """The shipment of a request to receive it."""

    replayed = serializers.BooleanField(help_text="Whether the same receipt was confirmed before.")


class ShipmentSummarySerializer(OrderShipmentSerializer):
    """A shipment without its lines."""

    order_number = serializers.CharField(source="order.number")
    amount = Money(trade="order")

    class Meta(OrderShipmentSerializer.Meta):
        fields = [*OrderShipmentSerializer.Meta.fields, "order", "order_number", "source"]


class DeliveryReceiptSerializer(serializers.Serializer):
    """The person who signed for a shipment, and the time of arrival."""

    signed_by = serializers.CharField(max_length=100, required=False, allow_null=True)
    delivered_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Now by default.")
