"""API views of responsibilities with their duties, and of KPIs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from alliance.domain.kpis import KpiResult, score_of
from alliance.models import Contract, ContractRole, Duty, DutyEvidence, DutyState, KpiMonth, Responsibility
from alliance.operations.duty_evidence import report_duty
from ui.web.typed_filters import DayFilter


class DutyEvidenceSerializer(serializers.ModelSerializer):
    """What shows that a duty was fulfilled."""

    class Meta:
        model = DutyEvidence
        fields = ("id", "kind", "reference", "note", "reported_by", "at", "source")


class DutySerializer(serializers.ModelSerializer):
    """One due occurrence of a responsibility; `due_on` is the last day of its period."""

    contract = serializers.UUIDField(source="contract_id")
    responsibility = serializers.UUIDField(source="responsibility_id")
    party = serializers.UUIDField(source="party_id")
    state = serializers.SerializerMethodField()
    evidence = DutyEvidenceSerializer(many=True)

    class Meta:
        model = Duty
        fields = (
            "id",
            "contract",
            "responsibility",
            "party",
            "starts_on",
            "due_on",
            "state",
            "fulfilled_at",
            "evidence",
        )

    def get_state(self, duty: Duty) -> str:
        return str(duty.state_on(timezone.localdate()))


class ResponsibilitySerializer(serializers.ModelSerializer):
    """A cell of the matrix: what one side does in one link, and its current duty's state."""

    contract = serializers.UUIDField(source="contract_id")
    state = serializers.SerializerMethodField(help_text="Of the latest duty; empty without one.")

    class Meta:
        model = Responsibility
        fields = (
            "id",
            "contract",
            "link",
            "role",
            "is_lead",
            "duty",
            "owner_role",
            "rhythm",
            "proof",
            "state",
        )

    def get_state(self, row: Responsibility) -> str:
        duties: list[Duty] = getattr(row, "latest", [])
        return str(duties[0].state_on(timezone.localdate())) if duties else ""


class DutyEvidenceCreateSerializer(serializers.Serializer):
    """What was done; `source` is the caller's own number of the report."""

    source = serializers.CharField(max_length=120)  # type: ignore[assignment]  # a field of the body
    reference = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class KpiMonthSerializer(serializers.ModelSerializer):
    """The result of a KPI in a month; `actual` is null while it is not measured."""

    metric = serializers.CharField(source="kpi.metric")

    class Meta:
        model = KpiMonth
        fields = ("metric", "target", "weight", "actual", "is_entered", "note")


class KpiScoreSerializer(serializers.Serializer):
    """The KPIs of a month, and the weighted mean of those that are measured, from 0 to 100."""

    month = serializers.DateField()
    score = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True)
    measured_weight = serializers.DecimalField(max_digits=5, decimal_places=4)
    purchases_weight = serializers.DecimalField(max_digits=5, decimal_places=4)
    kpis = KpiMonthSerializer(many=True)


class DutyFilter(django_filters.FilterSet):
    contract = django_filters.UUIDFilter(field_name="contract_id", label="The id of a contract.")
    state = django_filters.ChoiceFilter(choices=DutyState.choices, method="of_state")
    side = django_filters.ChoiceFilter(field_name="responsibility__role", choices=ContractRole.choices)
    since = DayFilter(field_name="due_on", lookup_expr="gte")
    until = DayFilter(field_name="due_on", lookup_expr="lt")

    class Meta:
        model = Duty
        fields: list[str] = []

    def of_state(self, rows: Any, name: str, value: str) -> Any:
        return rows.in_state(value, timezone.localdate())


class DutyList(ListAPIView):
    """List the duties that the key's party may see: a partner's own side, newest first."""

    right = "duty.view"
    serializer_class = DutySerializer
    filterset_class = DutyFilter
    queryset = Duty.objects.none()

    def get_queryset(self) -> Any:
        evidence = Prefetch("evidence", DutyEvidence.objects.order_by("at", "id"))
        return Duty.objects.visible_to(actor_of(self.request)).prefetch_related(evidence)


class DutyReports(GenericAPIView):
    """The evidence of one duty."""

    right = "duty.report"
    serializer_class = DutyEvidenceSerializer
    queryset = Duty.objects.none()

    @extend_schema(request=DutyEvidenceCreateSerializer, responses={201: DutyEvidenceSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Report that a duty of the key's party is fulfilled.

        The same source with the same words returns the first evidence, with other words it is a conflict.
        """
        body = DutyEvidenceCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = report_duty(duty_id=pk, **body.validated_data, by=actor_of(self.request), at=timezone.now())
        return Response(DutyEvidenceSerializer(made).data, status=201)


class ResponsibilityList(ListAPIView):
    """List the responsibilities of one contract with the states of the duties that the key may see."""

    right = "contract.view"
    serializer_class = ResponsibilitySerializer
    pagination_class = None
    queryset = Responsibility.objects.none()

    def get_queryset(self) -> Any:
        actor = actor_of(self.request)
        duties = Duty.objects.visible_to(actor).filter(contract_id=self.kwargs["pk"]).order_by("-due_on")
        rows = Responsibility.objects.visible_to(actor).filter(contract_id=self.kwargs["pk"])
        return rows.order_by("link", "role").prefetch_related(Prefetch("duties", duties, to_attr="latest"))


class ContractKpis(GenericAPIView):
    """The KPIs of one contract."""

    right = "contract.view"
    serializer_class = KpiScoreSerializer
    pagination_class = None
    queryset = Contract.objects.none()

    @extend_schema(responses={200: KpiScoreSerializer(many=True)}, operation_id="contracts_kpis_list")
    def get(self, request: Request, pk: UUID) -> Response:
        """List the months of a contract's KPIs with their scores, the newest first."""
        actor = actor_of(self.request)
        found = get_object_or_404(Contract.objects.visible_to(actor), id=pk)
        months: dict[Any, list[KpiMonth]] = {}
        for row in (
            KpiMonth.objects.filter(kpi__contract=found).select_related("kpi").order_by("-month", "id")
        ):
            months.setdefault(row.month, []).append(row)
        rows = [{"month": month, "kpis": kpis, **_score(kpis)} for month, kpis in months.items()]
        return Response(KpiScoreSerializer(rows, many=True).data)


def _score(kpis: list[KpiMonth]) -> dict[str, Any]:
    found = score_of(KpiResult(one.kpi.metric, one.target, one.weight, one.actual) for one in kpis)
    return {
        "score": found.score,
        "measured_weight": round(found.measured_weight, 4),
        "purchases_weight": round(found.purchases_weight, 4),
    }
