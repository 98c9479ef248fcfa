"""Serializers of drafts and templates: the terms as they are written, and as they are read back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from alliance.models import (
    ContractRole,
    ContractTemplate,
    GuaranteeKind,
    KpiMetric,
    Link,
    Metric,
    ProofKind,
    Rhythm,
    Window,
)
from alliance.operations.new_terms import (
    NewArea,
    NewClause,
    NewGuarantee,
    NewKpi,
    NewPortfolio,
    NewResponsibility,
    NewShare,
    NewSpread,
    NewTerms,
)
from ui.web.typed_serializers import AmountField, CountField, DayField

MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2, "min_value": 0}
PRICE: dict[str, Any] = {"max_digits": 14, "decimal_places": 4, "min_value": 0}
KINDS: dict[str, type] = {
    "guarantees": NewGuarantee,
    "shares": NewShare,
    "responsibilities": NewResponsibility,
    "kpis": NewKpi,
    "portfolios": NewPortfolio,
    "clauses": NewClause,
}


class DraftAreaSerializer(serializers.Serializer):
    """A region (GB/T 2260) exclusive for a category and a channel; without a channel, in all."""

    category = serializers.CharField(max_length=40)
    region = serializers.CharField(max_length=12)
    channel = serializers.CharField(max_length=40, required=False, allow_blank=True)


class DraftSpreadSerializer(serializers.Serializer):
    """A guaranteed spread per base unit, in money or in per cent of the advised resale price."""

    sku = serializers.CharField(max_length=40)
    clause = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    guaranteed = AmountField(**PRICE, required=False, default=Decimal(0))
    percent = AmountField(
        max_digits=7, decimal_places=4, min_value=0, max_value=100, required=False, allow_null=True
    )
    advised_resale = AmountField(**PRICE)


class DraftGuaranteeSerializer(serializers.Serializer):
    """A guarantee measured by `metric`; `target` is in the unit of the metric."""

    metric = serializers.ChoiceField(Metric.choices)
    clause = serializers.CharField(max_length=20, required=False, allow_blank=True)
    category = serializers.CharField(max_length=40, required=False, allow_blank=True)
    target = AmountField(**PRICE, required=False, allow_null=True)
    window = serializers.ChoiceField(Window.choices, required=False)
    cumulative = serializers.BooleanField(required=False)
    owed_per_event = AmountField(**MONEY, required=False)
    months_of_income = CountField(min_value=0, max_value=24, required=False)
    monthly_cap = AmountField(**MONEY, required=False, allow_null=True)


class DraftShareSerializer(serializers.Serializer):
    """The part (0 to 1) of what a guarantee of a kind owes that one side pays; parts sum to 1."""

    kind = serializers.ChoiceField(GuaranteeKind.choices)
    role = serializers.ChoiceField(ContractRole.choices)
    share = AmountField(max_digits=5, decimal_places=4)


class DraftResponsibilitySerializer(serializers.Serializer):
    """The duty of one side in one link of the channel; each link with a duty has one lead."""

    link = serializers.ChoiceField(Link.choices)
    role = serializers.ChoiceField(ContractRole.choices)
    duty = serializers.CharField(max_length=200)
    owner_role = serializers.CharField(max_length=40)
    is_lead = serializers.BooleanField(required=False)
    rhythm = serializers.ChoiceField(Rhythm.choices, required=False)
    proof = serializers.ChoiceField(ProofKind.choices, required=False)


class DraftKpiSerializer(serializers.Serializer):
    """A KPI of a month; the weights (0 to 1) of all KPIs sum to 1."""

    metric = serializers.ChoiceField(KpiMetric.choices)
    target = AmountField(**MONEY)
    weight = AmountField(max_digits=5, decimal_places=4)


class DraftPortfolioSerializer(serializers.Serializer):
    portfolio = serializers.CharField(max_length=40)
    channel = serializers.CharField(max_length=40, required=False, allow_blank=True)


class DraftClauseSerializer(serializers.Serializer):
    """A clause in words; `number` is its number in an earlier draft or version."""

    heading = serializers.CharField(max_length=100)
    body = serializers.CharField(max_length=4000)
    number = serializers.CharField(max_length=20, required=False, allow_blank=True)


class TermsSerializer(serializers.Serializer):
    """The terms of a contract without its parties, its term and its regions."""

    delivery_hours = CountField(min_value=1, required=False, allow_null=True)
    late_fee = AmountField(max_digits=12, decimal_places=2, min_value=0, required=False)
    notice_days = CountField(min_value=0, max_value=366, required=False)
    reply_days = CountField(min_value=0, max_value=366, required=False)
    book_up_to = AmountField(max_digits=12, decimal_places=2, min_value=0, required=False)
    security_deposit = AmountField(**MONEY, required=False)
    spreads = DraftSpreadSerializer(many=True, required=False)
    guarantees = DraftGuaranteeSerializer(many=True, required=False)
    shares = DraftShareSerializer(many=True, required=False)
    responsibilities = DraftResponsibilitySerializer(many=True, required=False)
    kpis = DraftKpiSerializer(many=True, required=False)
    portfolios = DraftPortfolioSerializer(many=True, required=False)
    clauses = DraftClauseSerializer(many=True, required=False)


class ContractDraftSerializer(TermsSerializer):
    """A whole draft: what is left out has its default, or is empty. `until` is exclusive."""

    dealer = serializers.UUIDField(required=False, help_text="Of a dealer's key always the dealer itself.")
    member = serializers.UUIDField()
    starts_on = DayField()
    until = DayField(help_text="Exclusive.")
    areas = DraftAreaSerializer(many=True, required=False)

    def new_areas(self) -> list[NewArea]:
        return [NewArea(**row) for row in self.validated_data.get("areas", ())]

    def new_spreads(self) -> list[NewSpread]:
        return [NewSpread(**row) for row in self.validated_data.get("spreads", ())]

    def new_terms(self) -> NewTerms:
        given = self.validated_data
        return NewTerms(
            **{name: tuple(kind(**row) for row in given.get(name, ())) for name, kind in KINDS.items()}
        )


class ContractDraftReplaceSerializer(ContractDraftSerializer):
    """A whole draft in place of the one that was read."""

    draft_version = serializers.RegexField(
        r"^[0-9a-f]{64}\Z",
        help_text="The `draft_version` that was read; a draft that has changed since is answered with 409.",
    )


class ContractDraftCreateSerializer(ContractDraftSerializer):
    """A new draft with its code."""

    code = serializers.CharField(max_length=40)


class ContractTemplateSerializer(serializers.ModelSerializer):
    """A template; send its `content` with parties, term and regions as a new draft."""

    content = TermsSerializer()

    class Meta:
        model = ContractTemplate
        fields = ("id", "name", "member_kind", "content", "changed_at")


class ContractChangeSerializer(serializers.Serializer):
    """One difference between two versions; "" means absent."""

    clause = serializers.CharField()
    kind = serializers.ChoiceField(["changed", "added", "removed"])
    what = serializers.CharField()
    key = serializers.CharField()
    field = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
