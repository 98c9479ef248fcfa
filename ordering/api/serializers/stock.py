"""The shapes of stock and its changes."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.quantities import MAX_UNITS
from ordering.models import Stock


class StockMode(TextChoices):
    COUNT = "count", _("count")
    RECEIPT = "receipt", _("receipt")


class StockSerializer(serializers.ModelSerializer):
    """The stock of a party in a product: `hard` is reserved by confirmed orders, `soft` by placed ones."""

    party = serializers.UUIDField(source="party_id")
    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    available = serializers.SerializerMethodField()

    class Meta:
        model = Stock
        fields = ["party", "sku", "name", "on_hand", "safety", "quarantine", "hard", "soft", "available"]

    def get_available(self, stock: Stock) -> int:
        return max(stock.on_hand - stock.safety - stock.quarantine - stock.hard - stock.soft, 0)


class StockChangeLineSerializer(serializers.Serializer):
    """The stock of one product."""

    sku = serializers.CharField(max_length=60)
    on_hand = serializers.IntegerField(min_value=0, max_value=MAX_UNITS)
    safety = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    quarantine = serializers.IntegerField(min_value=0, required=False, allow_null=True)


class StockChangeCreateSerializer(serializers.Serializer):
    """A count or a receipt of stock."""

    party = serializers.CharField(
        max_length=40, required=False, allow_null=True, help_text="By id or code; the key's party by default."
    )
    source = serializers.CharField(
        max_length=100,
        help_text=(
            "The number in your system; each number changes the stock once. Other content under the same"
            " number is a source_conflict (409)."
        ),
    )  # type: ignore[assignment]  # hides Field.source
    mode = serializers.ChoiceField(
        choices=StockMode.choices, required=False, help_text="`count` sets the stock, `receipt` adds to it."
    )
    lines = StockChangeLineSerializer(many=True)


class StockChangeSerializer(serializers.Serializer):
    """The party, and the number of products whose stock changed."""

    party = serializers.UUIDField()
    changed = serializers.IntegerField()
    replayed = serializers.BooleanField(help_text="Whether a report with this `source` was made before.")
