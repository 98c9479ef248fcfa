"""Serializers of price lists, their entries and copies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from kernel.typed_input import UnreadableInput, read_number
from pricing.domain.list_entries import MAX_PLACES
from pricing.models import AudienceKind, PriceEntry, PriceList
from ui.web.typed_input import reason_of
from ui.web.typed_serializers import CountField, DayField

MAX_ENTRIES = 100_000
MAX_PRIORITY = 2**31 - 1


class PriceListSerializer(serializers.ModelSerializer):
    """A price list. `until` is exclusive; `audience_value` is the code of the tag, region, contract etc."""

    seller = serializers.UUIDField(source="seller_id")

    class Meta:
        model = PriceList
        fields = (
            "id",
            "seller",
            "code",
            "version",
            "name",
            "state",
            "audience_kind",
            "audience_value",
            "tax_included",
            "priority",
            "starts_on",
            "until",
        )


class PriceEntrySerializer(serializers.ModelSerializer):
    """One price of a price list, for `per` base units from `min_qty` on."""

    sku = serializers.CharField(source="product.sku")

    class Meta:
        model = PriceEntry
        fields = ("id", "sku", "price", "per", "min_qty", "advised_resale")


class EntryCreateSerializer(serializers.Serializer):
    """A price for `per` base units from `min_qty` on; `advised_resale` is for the same `per`."""

    sku = serializers.CharField(max_length=60)
    price = serializers.CharField(max_length=40, help_text="At most 4 decimal places.")
    per = CountField(min_value=1, default=1)
    min_qty = CountField(min_value=0, default=0, help_text="In base units.")
    advised_resale = serializers.CharField(max_length=40, required=False, allow_null=True)


class EntriesSerializer(serializers.Serializer):
    """All prices of a draft."""

    entries = EntryCreateSerializer(many=True, max_length=MAX_ENTRIES)  # type: ignore[call-arg]  # max_length is of ListSerializer


class PriceListCreateSerializer(serializers.Serializer):
    """A draft of the key's own party, with its prices."""

    code = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=100, default="", allow_blank=True)
    audience_kind = serializers.ChoiceField(choices=AudienceKind.choices)
    audience_value = serializers.CharField(
        max_length=60, default="", allow_blank=True, help_text="A code; empty for everyone."
    )
    tax_included = serializers.BooleanField(
        required=False, help_text="By default as the tenant's prices are."
    )
    priority = CountField(min_value=0, max_value=MAX_PRIORITY, default=0)
    starts_on = DayField(required=False, allow_null=True)
    until = DayField(required=False, allow_null=True, help_text="Exclusive.")
    entries = EntryCreateSerializer(many=True, required=False, max_length=MAX_ENTRIES)  # type: ignore[call-arg]  # max_length is of ListSerializer


class PercentField(serializers.DecimalField):
    """A change in percent, also below zero, like "-2.5"."""

    def to_internal_value(self, data: Any) -> Decimal:
        try:
            percent = read_number(str(data), places=4, signed=True)
        except UnreadableInput as error:
            raise serializers.ValidationError(reason_of(error), code="invalid") from error
        return self.validate_precision(percent)


class VersionCreateSerializer(serializers.Serializer):
    """The next version of a list: its days and the change of its prices."""

    starts_on = DayField(required=False, allow_null=True)
    until = DayField(required=False, allow_null=True, help_text="Exclusive.")
    percent = PercentField(
        max_digits=8,
        decimal_places=4,
        default=Decimal(0),
        help_text="3 raises each price by 3%, -2.5 lowers it.",
    )
    places = CountField(
        min_value=0, max_value=MAX_PLACES, default=MAX_PLACES, help_text="Prices are rounded half up."
    )
    with_advised = serializers.BooleanField(default=False)


class CopyCreateSerializer(VersionCreateSerializer):
    """A copy of a list under another code."""

    code = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=100, default="", allow_blank=True)


class WrittenEntriesSerializer(serializers.Serializer):
    """The number of prices that were written."""

    entries = serializers.IntegerField()


def plain_entries(given: Any) -> list[dict[str, object]]:
    """Return validated entries as the operations read them."""
    return [dict(one) for one in given]
