"""Serializers of quotes and prices."""

from __future__ import annotations

from django.db.models import TextChoices
from rest_framework import serializers

from dealers.api.serializers import PartyReferenceSerializer
from kernel.quantities import MAX_LINES, MAX_UNITS
from ui.web.typed_serializers import CountField, DayField

MAX_SKUS = 500
Decimals = serializers.CharField


class Verdict(TextChoices):
    """The result of the price check."""

    OK = "ok"
    ADVISE = "advise"
    REVIEW = "review"
    BLOCK = "block"
    NO_PRICE = "no_price"


class QuoteLineCreateSerializer(serializers.Serializer):
    """A product and a quantity to price."""

    sku = serializers.CharField(max_length=60)
    qty = CountField(min_value=1, max_value=MAX_UNITS, help_text="In base units.")


class QuoteCreateSerializer(serializers.Serializer):
    """Lines to price. Parties by id or code; by default the key's party buys from its supplier."""

    seller = serializers.CharField(max_length=40, required=False, allow_null=True)
    buyer = serializers.CharField(max_length=40, required=False, allow_null=True)
    on = DayField(required=False, allow_null=True, help_text="The date of the prices; today by default.")
    contract = serializers.UUIDField(required=False, allow_null=True)
    lines = QuoteLineCreateSerializer(many=True, min_length=1, max_length=MAX_LINES)  # type: ignore[call-arg]  # max_length is of ListSerializer


class PriceQuerySerializer(serializers.Serializer):
    seller = serializers.CharField(max_length=40, required=False)
    buyer = serializers.CharField(max_length=40, required=False)
    on = DayField(required=False)
    qty = CountField(min_value=1, max_value=MAX_UNITS, default=1)
    sku = serializers.ListField(child=serializers.CharField(max_length=60), min_length=1, max_length=MAX_SKUS)


class UnavailableSerializer(serializers.Serializer):
    """A product that the buyer cannot order: an order with it is refused, whatever it costs."""

    sku = serializers.CharField()
    reason = serializers.ChoiceField(
        choices=["development", "not_on_trial", "phased_out", "ended", "not_listed"]
    )
    message = serializers.CharField()
    successor = serializers.CharField(source="successor_sku", help_text="A SKU, or empty.")


class QuoteHeadSerializer(serializers.Serializer):
    seller = PartyReferenceSerializer()
    buyer = PartyReferenceSerializer()
    contract = serializers.CharField(
        allow_null=True, source="buyer.contract_code", help_text="The code of the contract in force."
    )
    on = serializers.DateField(source="request.on")
    unavailable = UnavailableSerializer(many=True, source="refused")


class PriceCandidateSerializer(serializers.Serializer):
    """A price that was considered: whether it wins, and the reason."""

    price_list = serializers.CharField()
    audience = serializers.CharField()
    price = Decimals()
    per = serializers.IntegerField()
    min_qty = serializers.IntegerField()
    wins = serializers.BooleanField()
    reason = serializers.CharField()
    missing = serializers.IntegerField(required=False)


class PriceExplanationSerializer(serializers.Serializer):
    """The prices that were considered for a SKU."""

    sku = serializers.CharField()
    considered = PriceCandidateSerializer(many=True)


class SchemeOutcomeSerializer(serializers.Serializer):
    """Whether a scheme applied to a quote, and the reason."""

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


class QuoteExplanationSerializer(serializers.Serializer):
    """The reasons for the prices and discounts of a quote."""

    prices = PriceExplanationSerializer(many=True)
    schemes = SchemeOutcomeSerializer(many=True)


class QuoteLineSerializer(serializers.Serializer):
    """A priced line; a line without a price has only `sku`, `qty` and `verdict`."""

    sku = serializers.CharField()
    qty = serializers.IntegerField()
    free_qty = serializers.IntegerField(required=False)
    price_list = serializers.CharField(required=False)
    base_price = Decimals(required=False)
    unit_price = Decimals(required=False, help_text="The price of `per` base units.")
    per = serializers.IntegerField(required=False)
    discount = Decimals(required=False)
    amount = Decimals(required=False)
    net_unit_price = Decimals(required=False, help_text="The price of one base unit, free units included.")
    schemes = serializers.ListField(child=serializers.CharField(), required=False)
    saved = serializers.ListField(child=Decimals(), required=False)
    clauses = serializers.ListField(child=serializers.CharField(), required=False)
    tax_included = serializers.BooleanField(
        required=False, help_text="Whether the list's prices, and so this amount, include tax."
    )
    verdict = serializers.ChoiceField(choices=Verdict.choices)


class QuoteGiftSerializer(serializers.Serializer):
    """Goods that a scheme gives for free."""

    sku = serializers.CharField()
    qty = serializers.IntegerField()
    scheme = serializers.CharField()


class QuoteSerializer(QuoteHeadSerializer):
    """What an order would cost, with the reasons."""

    lines = QuoteLineSerializer(many=True)
    gifts = QuoteGiftSerializer(many=True)
    subtotal = Decimals()
    discount = Decimals()
    total = Decimals()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    explanation = QuoteExplanationSerializer()


class PriceSerializer(serializers.Serializer):
    """The price of a SKU; `unit_price` is `base_price` or a lower special price, for `per` base units."""

    sku = serializers.CharField()
    name = serializers.CharField()
    price_list = serializers.CharField(allow_null=True)
    base_price = Decimals(allow_null=True)
    unit_price = Decimals(allow_null=True)
    per = serializers.IntegerField(allow_null=True)
    considered = PriceCandidateSerializer(many=True)


class BuyerPricesSerializer(QuoteHeadSerializer):
    """The prices of a buyer on a date."""

    prices = PriceSerializer(many=True)
