from typing import Any

from rest_framework import serializers

from accounts.rights import MANUFACTURER, Actor
from jobs.models import Job
from rebates.models import Program, Settlement, Statement


class ProgramSerializer(serializers.ModelSerializer):
    """A volume rebate; `tiers` as in a rebate case, no `products` for all of the seller's."""

    seller = serializers.UUIDField(source="seller_id")
    products = serializers.SerializerMethodField()

    class Meta:
        model = Program
        fields = (
            "id", "code", "name", "seller", "method", "measure", "tiers", "cap", "audience_kind",
            "audience_value", "products", "starts_on", "until", "settled_every", "starts_anew", "state",
        )  # fmt: skip

    def get_products(self, program: Program) -> list[str]:
        return sorted(one.product.sku for one in program.products.all())


class SettlementSerializer(serializers.ModelSerializer):
    """`parties`, `due` and `job` tell of all buyers together: to the seller, and to nobody else."""

    program = serializers.UUIDField(source="program_id")
    code = serializers.CharField(source="program.code")
    parties = serializers.IntegerField(allow_null=True)
    due = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    job = serializers.UUIDField(source="job_id", allow_null=True)

    class Meta:
        model = Settlement
        fields = ("id", "program", "code", "starts_on", "until", "settled_at", "parties", "due", "job")

    def to_representation(self, settlement: Settlement) -> Any:
        told = super().to_representation(settlement)
        actor: Actor = self.context["request"]._request.actor
        sells = actor.party_kind == MANUFACTURER or actor.party_id == settlement.program.seller_id
        return told if sells else {**told, "parties": None, "due": None, "job": None}


class NewSettlementSerializer(serializers.Serializer):
    program = serializers.UUIDField()
    starts_on = serializers.DateField(help_text="the first day of a full, past period of the program")


class SettlementJobSerializer(serializers.ModelSerializer):
    class Meta:
        model = Job
        fields = ("id", "kind", "period", "state", "created_at")


class StatementSerializer(serializers.ModelSerializer):
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
            "id", "settlement", "program", "starts_on", "until", "party", "party_code", "base",
            "cumulative", "earned", "due", "journal",
        )  # fmt: skip


class ExplainedStatementSerializer(StatementSerializer):
    """With the rule as it was read, the tier reached and the arithmetic."""

    terms = serializers.JSONField(source="settlement.terms")
    why = serializers.JSONField()

    class Meta(StatementSerializer.Meta):
        fields: tuple[str, ...] = (*StatementSerializer.Meta.fields, "terms", "why")  # type: ignore[assignment]


class LineSerializer(serializers.Serializer):
    day = serializers.DateField()
    kind = serializers.ChoiceField(choices=["delivery", "return"])
    number = serializers.CharField()
    order = serializers.CharField(allow_blank=True)
    sku = serializers.CharField()
    name = serializers.CharField()
    qty = serializers.IntegerField()
    net = serializers.DecimalField(max_digits=16, decimal_places=2)
    counted = serializers.DecimalField(max_digits=18, decimal_places=2)


class CarriedSerializer(serializers.Serializer):
    """An earlier, settled period in which something was recorded late: `base` is what its days
    count now (`lines` add up to that) less what was stated for them before; `due` what that changes
    where each settlement starts anew, else 0.00: there the cumulative base tells."""

    starts_on = serializers.DateField()
    until = serializers.DateField()
    base = serializers.DecimalField(max_digits=18, decimal_places=2)
    due = serializers.DecimalField(max_digits=18, decimal_places=2)
    count = serializers.IntegerField(help_text="of all its lines; `?period=` answers those beyond the first")
    lines = LineSerializer(many=True)


class DeliveriesSerializer(serializers.Serializer):
    """The lines beneath a statement, a page of the `count` that there are; what all of them count
    adds up to its base. `carried` are the earlier periods that it corrects, on the first page."""

    base = serializers.DecimalField(max_digits=18, decimal_places=2)
    count = serializers.IntegerField()
    lines = LineSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    carried = CarriedSerializer(many=True)
