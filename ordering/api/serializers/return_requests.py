"""The shapes of buyers' requests to return goods."""

from __future__ import annotations

from rest_framework import serializers

from ordering.models import ReturnRequest


class RequestedLineSerializer(serializers.Serializer):
    """Goods of the order line at a position, in base units."""

    position = serializers.IntegerField(min_value=1)
    qty = serializers.IntegerField(min_value=0)
    free = serializers.IntegerField(min_value=0, required=False)


class ReturnRequestCreateSerializer(serializers.Serializer):
    """Delivered goods of an order that the buyer wants to give back, and why."""

    order = serializers.UUIDField()
    reason = serializers.CharField(max_length=300)
    lines = RequestedLineSerializer(many=True)


class ReturnRequestDeclineSerializer(serializers.Serializer):
    """The reason for which the goods are not taken back."""

    answer = serializers.CharField(max_length=300)


class RequestedReturnSerializer(serializers.ModelSerializer):
    """A buyer's request to return goods, and the seller's decision."""

    order = serializers.UUIDField(source="order_id")
    lines = RequestedLineSerializer(many=True)
    booked_return = serializers.UUIDField(
        source="made_id", allow_null=True, help_text="The return that an accepted request became."
    )

    class Meta:
        model = ReturnRequest
        fields = [
            "id",
            "order",
            "state",
            "lines",
            "reason",
            "requested_by",
            "requested_at",
            "decided_by",
            "decided_at",
            "answer",
            "booked_return",
        ]
