"""API views of channel plans, their targets, and the objectives that partners answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from alliance.models import ChannelPlan, PlanActual, PlanObjective, PlanTarget
from alliance.operations.plans.objectives import agree_objective, counter_objective
from ui.web.typed_serializers import AmountField


class PlanActualSerializer(serializers.ModelSerializer):
    """The result of a month; without `party` that of all parties."""

    party = serializers.UUIDField(source="party_id", allow_null=True)

    class Meta:
        model = PlanActual
        fields = ("month", "party", "actual")


class PlanTargetSerializer(serializers.ModelSerializer):
    """A target of a plan; `months` are the twelve amounts of the year."""

    region = serializers.CharField(source="region_id")
    region_name = serializers.CharField(source="region.full_name")
    channel = serializers.CharField(source="channel.code", default=None, allow_null=True)
    category = serializers.CharField(source="category.code", default=None, allow_null=True)
    portfolio = serializers.CharField(source="portfolio.code", default=None, allow_null=True)
    actuals = PlanActualSerializer(many=True, source="results")

    class Meta:
        model = PlanTarget
        fields = (
            "id",
            "region",
            "region_name",
            "channel",
            "category",
            "portfolio",
            "metric",
            "annual",
            "months",
            "actuals",
        )


class PlanSerializer(serializers.ModelSerializer):
    """The channel plan of a year."""

    class Meta:
        model = ChannelPlan
        fields: tuple[str, ...] = ("id", "code", "name", "year", "state", "gap_reason", "measured_at")


class PlanDetailSerializer(PlanSerializer):
    """A plan with its targets; a partner gets its objectives instead."""

    targets = PlanTargetSerializer(many=True, source="visible_targets")

    class Meta(PlanSerializer.Meta):
        fields = (*PlanSerializer.Meta.fields, "targets")


class ObjectiveSerializer(serializers.ModelSerializer):
    """The part of a target that a dealer or a member is to reach, and its answer."""

    plan = serializers.UUIDField(source="target.plan_id")
    year = serializers.IntegerField(source="target.plan.year")
    party = serializers.UUIDField(source="party_id")
    parent = serializers.UUIDField(  # type: ignore[assignment]  # a field of the answer
        source="parent_id", allow_null=True
    )
    region = serializers.CharField(source="target.region_id")
    metric = serializers.CharField(source="target.metric")

    class Meta:
        model = PlanObjective
        fields = (
            "id",
            "plan",
            "year",
            "party",
            "parent",
            "region",
            "metric",
            "amount",
            "state",
            "counter_amount",
            "reason",
            "answered_by",
            "answered_at",
        )


class AgreementSerializer(serializers.Serializer):
    """The amount that the party agrees to: the one it has read."""

    amount = AmountField(max_digits=13, decimal_places=2)


class CounterProposalSerializer(serializers.Serializer):
    """Another amount that the party asks for, and why."""

    amount = AmountField(max_digits=13, decimal_places=2)
    reason = serializers.CharField(max_length=300)


class _Plans:
    request: Any
    right = "plan.view"
    queryset = ChannelPlan.objects.none()

    def get_queryset(self) -> Any:
        return ChannelPlan.objects.visible_to(actor_of(self.request))


class PlanList(_Plans, ListAPIView):
    """List the channel plans that the key's party may see, newest first."""

    filterset_class = None

    serializer_class = PlanSerializer


class PlanDetail(_Plans, RetrieveAPIView):
    """Return one plan with its targets and their monthly results."""

    serializer_class = PlanDetailSerializer

    def get_queryset(self) -> Any:
        rows = PlanTarget.objects.visible_to(actor_of(self.request))
        rows = rows.select_related("region", "channel", "category", "portfolio").order_by("id")
        results = Prefetch("actuals", PlanActual.objects.order_by("month", "party_id"), to_attr="results")
        targets = Prefetch("targets", rows.prefetch_related(results), to_attr="visible_targets")
        return super().get_queryset().prefetch_related(targets)


class ObjectiveFilter(django_filters.FilterSet):
    plan = django_filters.UUIDFilter(field_name="target__plan_id", label="The id of a plan.")
    party = django_filters.UUIDFilter(field_name="party_id")
    state = django_filters.ChoiceFilter(choices=PlanObjective.State.choices)

    class Meta:
        model = PlanObjective
        fields: list[str] = []


class _Objectives:
    request: Any
    rights = {"GET": "plan.view", "POST": "plan.agree"}
    queryset = PlanObjective.objects.none()
    serializer_class: Any = ObjectiveSerializer

    def get_queryset(self) -> Any:
        rows = PlanObjective.objects.visible_to(actor_of(self.request))
        return rows.select_related("target__plan")


class ObjectiveList(_Objectives, ListAPIView):
    """List the objectives that the key's party may see: its own and its members'."""

    filterset_class = ObjectiveFilter


class ObjectiveAgreement(_Objectives, GenericAPIView):
    """The agreement to one objective."""

    @extend_schema(request=AgreementSerializer, responses={200: ObjectiveSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Agree to an objective of the key's party."""
        body = AgreementSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        amount = body.validated_data["amount"]
        agree_objective(objective_id=pk, amount=amount, by=actor_of(self.request), at=timezone.now())
        return Response(ObjectiveSerializer(self.get_queryset().get(id=pk)).data)


class ObjectiveCounterProposal(_Objectives, GenericAPIView):
    """The counter-proposal to one objective."""

    @extend_schema(request=CounterProposalSerializer, responses={200: ObjectiveSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Ask for another objective with a reason."""
        body = CounterProposalSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        counter_objective(
            objective_id=pk, **body.validated_data, by=actor_of(self.request), at=timezone.now()
        )
        return Response(ObjectiveSerializer(self.get_queryset().get(id=pk)).data)
