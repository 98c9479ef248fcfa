from __future__ import annotations

from rest_framework import serializers

from kernel.quantities import MAX_LINES, MAX_UNITS
from pricing.models import PriceEntry, PriceList

MAX_SKUS = 500
Decimals = serializers.CharField


class QuoteLineAskedSerializer(serializers.Serializer):
    sku = serializers.CharField(max_length=60)
    qty = serializers.IntegerField(min_value=1, max_value=MAX_UNITS, help_text="base units")


class AskedQuoteSerializer(serializers.Serializer):
    """Parties by id or code. Without `seller` the buyer's supplier, without `buyer` the key's party."""

    seller = serializers.CharField(max_length=40, required=False, allow_null=True)
    buyer = serializers.CharField(max_length=40, required=False, allow_null=True)
    on = serializers.DateField(required=False, allow_null=True, help_text="today where it is absent")
    contract = serializers.UUIDField(required=False, allow_null=True)
    lines = QuoteLineAskedSerializer(many=True, min_length=1, max_length=MAX_LINES)  # type: ignore[call-arg]


class AskedPricesSerializer(serializers.Serializer):
    seller = serializers.CharField(max_length=40, required=False)
    buyer = serializers.CharField(max_length=40, required=False)
    on = serializers.DateField(required=False)
    qty = serializers.IntegerField(min_value=1, max_value=MAX_UNITS, default=1)
    sku = serializers.ListField(child=serializers.CharField(max_length=60), min_length=1, max_length=MAX_SKUS)


class TradingPartySerializer(serializers.Serializer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()


class HeadSerializer(serializers.Serializer):
    seller = TradingPartySerializer()
    buyer = TradingPartySerializer()
    contract = serializers.CharField(
        allow_null=True, source="buyer.contract_code", help_text="the code of the contract in force"
    )
    on = serializers.DateField(source="request.on")


class ConsideredSerializer(serializers.Serializer):
    """A price that was looked at, and how it fared."""

    price_list = serializers.CharField()
    audience = serializers.CharField()
    price = Decimals()
    per = serializers.IntegerField()
    min_qty = serializers.IntegerField()
    wins = serializers.BooleanField()
    reason = serializers.CharField()
    missing = serializers.IntegerField(required=False)


class ConsideredForSkuSerializer(serializers.Serializer):
    sku = serializers.CharField()
    considered = ConsideredSerializer(many=True)


class SchemeOutcomeSerializer(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.CharField()
    applied = serializers.BooleanField()
    reason = serializers.CharField()
    worth = Decimals()
    winner = serializers.CharField(required=False)
    measured = Decimals(required=False)
    reached = Decimals(required=False)
    next = Decimals(required=False)
    missing = Decimals(required=False)


class ExplanationSerializer(serializers.Serializer):
    prices = ConsideredForSkuSerializer(many=True)
    schemes = SchemeOutcomeSerializer(many=True)


class QuotedLineSerializer(serializers.Serializer):
    """A line without a price has only sku, qty and verdict."""

    sku = serializers.CharField()
    qty = serializers.IntegerField()
    free_qty = serializers.IntegerField(required=False)
    price_list = serializers.CharField(required=False)
    base_price = Decimals(required=False)
    unit_price = Decimals(required=False, help_text="for `per` base units")
    per = serializers.IntegerField(required=False)
    discount = Decimals(required=False)
    amount = Decimals(required=False)
    net_unit_price = Decimals(required=False, help_text="for one base unit, free ones counted")
    schemes = serializers.ListField(child=serializers.CharField(), required=False)
    saved = serializers.ListField(child=Decimals(), required=False)
    clauses = serializers.ListField(child=serializers.CharField(), required=False)
    verdict = serializers.ChoiceField(choices=["ok", "advise", "review", "block", "no_price"])


class GiftSerializer(serializers.Serializer):
    sku = serializers.CharField()
    qty = serializers.IntegerField()
    scheme = serializers.CharField()


class QuoteSerializer(HeadSerializer):
    lines = QuotedLineSerializer(many=True)
    gifts = GiftSerializer(many=True)
    subtotal = Decimals()
    discount = Decimals()
    total = Decimals()
    verdict = serializers.ChoiceField(choices=["ok", "advise", "review", "block", "no_price"])
    explanation = ExplanationSerializer()


class PriceSerializer(serializers.Serializer):
    """`unit_price` is `base_price` or a lower special price, for `per` base units."""

    sku = serializers.CharField()
    name = serializers.CharField()
    price_list = serializers.CharField(allow_null=True)
    base_price = Decimals(allow_null=True)
    unit_price = Decimals(allow_null=True)
    per = serializers.IntegerField(allow_null=True)
    considered = ConsideredSerializer(many=True)


class PricesSerializer(HeadSerializer):
    prices = PriceSerializer(many=True)


class PriceListSerializer(serializers.ModelSerializer):
    """`until` is exclusive; `audience_value` is the code of the tag, region, contract …"""

    seller = serializers.UUIDField(source="seller_id")

    class Meta:
        model = PriceList
        fields = (
            "id", "seller", "code", "version", "name", "state", "audience_kind", "audience_value",
            "priority", "starts_on", "until",
        )  # fmt: skip


class PriceEntrySerializer(serializers.ModelSerializer):
    sku = serializers.CharField(source="product.sku")

    class Meta:
        model = PriceEntry
        fields = ("id", "sku", "price", "per", "min_qty")
