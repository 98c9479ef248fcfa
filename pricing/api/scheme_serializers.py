"""Serializers of schemes."""

from typing import Any

from rest_framework import serializers

from pricing.models import AudienceKind, Scheme
from ui.web.typed_serializers import AmountField, CountField, DayField

TERMS_HELP = (
    "In the shape of the rules for its kind: special_price {skus, price}; bundle {items[{sku, qty}], price};"
    " step and order_amount {skus?, measure?, steps[{from, percent_off | amount_off}]}; free_goods {skus?,"
    " buy, free, mode, cap?, gift_sku?}. `categories` are codes whose products are covered too."
)


class SchemeSerializer(serializers.ModelSerializer):
    """A scheme. `until` is exclusive; `audience_value` is the code of the tag, region, contract etc."""

    seller = serializers.UUIDField(source="seller_id")
    used_money = serializers.SerializerMethodField()
    used_units = serializers.SerializerMethodField()

    class Meta:
        model = Scheme
        fields = (
            "id",
            "seller",
            "code",
            "version",
            "name",
            "state",
            "kind",
            "terms",
            "audience_kind",
            "audience_value",
            "priority",
            "exclusive_group",
            "starts_on",
            "until",
            "budget_money",
            "budget_units",
            "buyer_money",
            "buyer_units",
            "used_money",
            "used_units",
        )

    def get_used_money(self, row: Scheme) -> str | None:
        """Return the used budget to its seller; null to others and without a budget."""
        return next((str(one.used_money) for one in self._budgets(row)), None)

    def get_used_units(self, row: Scheme) -> int | None:
        return next((one.used_units for one in self._budgets(row)), None)

    def _budgets(self, row: Scheme) -> list[Any]:
        return list(row.budgets.all()) if self.context.get("party") == row.seller_id else []

    def to_representation(self, row: Scheme) -> dict[str, Any]:
        """Leave the seller's budget out for its buyers."""
        found: dict[str, Any] = super().to_representation(row)
        if self.context.get("party") != row.seller_id:
            found |= {"budget_money": None, "budget_units": None}
        return found


class SchemeUpdateSerializer(serializers.Serializer):
    """The fields of a draft; what is left out stays."""

    name = serializers.CharField(max_length=100, allow_blank=True, required=False)
    kind = serializers.ChoiceField(choices=Scheme.Kind.choices, required=False)
    terms = serializers.DictField(help_text=TERMS_HELP, required=False)
    audience_kind = serializers.ChoiceField(choices=AudienceKind.choices, required=False)
    audience_value = serializers.CharField(max_length=60, allow_blank=True, required=False)
    priority = CountField(min_value=0, max_value=2**31 - 1, required=False)
    exclusive_group = serializers.CharField(max_length=40, allow_blank=True, required=False)
    starts_on = DayField(allow_null=True, required=False)
    until = DayField(allow_null=True, required=False, help_text="The first day after the last one.")
    budget_money = AmountField(max_digits=16, decimal_places=2, allow_null=True, required=False)
    budget_units = CountField(min_value=1, allow_null=True, required=False)
    buyer_money = AmountField(max_digits=16, decimal_places=2, allow_null=True, required=False)
    buyer_units = CountField(min_value=1, allow_null=True, required=False)


class SchemeCreateSerializer(SchemeUpdateSerializer):
    """A new draft of the key's party."""

    code = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(choices=Scheme.Kind.choices)
    terms = serializers.DictField(help_text=TERMS_HELP)


class SchemePublishSerializer(serializers.Serializer):
    """The schemes in force that the sender knows to meet this one."""

    acknowledged = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, default=list, max_length=200
    )
