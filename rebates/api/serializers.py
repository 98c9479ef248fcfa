"""The serializers of programs, settlements and statements."""

from typing import Any

from rest_framework import serializers

from accounts.rights import Actor
from jobs.models import Job
from rebates.models import Program, Settlement, Statement
from rebates.queries.totals import sees_totals
from ui.web.typed_serializers import DayField


class ProgramSerializer(serializers.ModelSerializer):
    """A volume rebate. `tiers` are as in the simulation `rebate`; empty `products` means all products."""

    seller = serializers.UUIDField(source="seller_id")
    products = serializers.SerializerMethodField()

    class Meta:
        model = Program
        fields = (
            "id",
            "code",
            "name",
            "seller",
            "method",
            "measure",
            "tiers",
            "cap",
            "audience_kind",
            "audience_value",
            "products",
            "starts_on",
            "until",
            "settled_every",
            "starts_anew",
            "state",
        )

    def get_products(self, program: Program) -> list[str]:
        return sorted(one.product.sku for one in program.products.all())


class SettlementSerializer(serializers.ModelSerializer):
    """One settled period of a program.

    `parties`, `due` and `job` are null unless the key sees all buyers: the seller's does, and the
    manufacturer's without territories.
    """

    program = serializers.UUIDField(source="program_id")
    code = serializers.CharField(source="program.code")
    parties = serializers.IntegerField(allow_null=True)
    due = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    job = serializers.UUIDField(source="job_id", allow_null=True)

    class Meta:
        model = Settlement
        fields = ("id", "program", "code", "starts_on", "until", "settled_at", "parties", "due", "job")

    def to_representation(self, settlement: Settlement) -> Any:
        data = super().to_representation(settlement)
        actor: Actor = self.context["request"]._request.actor
        return (
            data
            if sees_totals(actor, settlement.program)
            else {**data, "parties": None, "due": None, "job": None}
        )


class SettlementCreateSerializer(serializers.Serializer):
    """The period of a program to settle."""

    program = serializers.UUIDField()
    starts_on = DayField(help_text="The first day of a complete, past period of the program.")


class SettlementJobSerializer(serializers.ModelSerializer):
    """The job that settles a period."""

    class Meta:
        model = Job
        fields = ("id", "kind", "period", "state", "created_at")


class StatementSerializer(serializers.ModelSerializer):
    """The rebate of one party for one settlement."""

    settlement = serializers.UUIDField(source="settlement_id")
    program = serializers.CharField(source="settlement.program.code")
    starts_on = serializers.DateField(source="settlement.starts_on")
    until = serializers.DateField(source="settlement.until")
    party = serializers.UUIDField(source="party_id")
    party_code = serializers.CharField(source="party.code")
    journal = serializers.UUIDField(source="journal_id", allow_null=True)

    class Meta:
        model = Statement
        fields = (
            "id",
            "settlement",
            "program",
            "starts_on",
            "until",
            "party",
            "party_code",
            "base",
            "cumulative",
            "earned",
            "due",
            "journal",
        )


class StatementDetailSerializer(StatementSerializer):
    """A statement with the terms of the program, the tier reached and the calculation."""

    terms = serializers.JSONField(source="settlement.terms")
    why = serializers.JSONField()

    class Meta(StatementSerializer.Meta):
        fields: tuple[str, ...] = (*StatementSerializer.Meta.fields, "terms", "why")  # type: ignore[assignment]  # one field more than its base


class StatementLineSerializer(serializers.Serializer):
    """A delivery or return that a statement counts."""

    day = serializers.DateField()
    kind = serializers.ChoiceField(choices=["delivery", "return"])
    number = serializers.CharField()
    order = serializers.CharField(allow_blank=True)
    sku = serializers.CharField()
    name = serializers.CharField()
    qty = serializers.IntegerField()
    net = serializers.DecimalField(max_digits=16, decimal_places=2)
    counted = serializers.DecimalField(max_digits=18, decimal_places=2)


class LateAdjustmentSerializer(serializers.Serializer):
    """A correction for an earlier, settled period in which something was recorded late.

    `base` is the base of the period now, which is the sum of `lines`, less the base stated before. `due`
    is the change of the amount due if each settlement of the program starts anew; otherwise it is 0.00,
    because the cumulative base includes the correction.
    """

    starts_on = serializers.DateField()
    until = serializers.DateField()
    base = serializers.DecimalField(max_digits=18, decimal_places=2)
    due = serializers.DecimalField(max_digits=18, decimal_places=2)
    count = serializers.IntegerField(help_text="The number of all lines; `?period=` returns all of them.")
    lines = StatementLineSerializer(many=True)


class StatementLinesSerializer(serializers.Serializer):
    """A page of the `count` lines that a statement counts; `counted` of all lines adds up to its base.

    `carried`, on the first page, are the late adjustments for earlier periods.
    """

    base = serializers.DecimalField(max_digits=18, decimal_places=2)
    count = serializers.IntegerField()
    lines = StatementLineSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    carried = LateAdjustmentSerializer(many=True)
