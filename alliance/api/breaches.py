"""API views of measured guarantees, breaches with reply and decision, and facts of service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from alliance.api.serializers import (
    BreachDecisionCreateSerializer,
    BreachDetailSerializer,
    BreachReplyCreateSerializer,
    BreachSerializer,
    GuaranteeSerializer,
    ServiceFactCreateSerializer,
    ServiceFactSerializer,
)
from alliance.models import Breach, BreachReply, BreachShare, Contract, GuaranteeMonth, ServiceFact
from alliance.models.guarantee import GuaranteeKind
from alliance.operations.breaches import decide_breach, reply_to_breach
from alliance.operations.service_facts import report_service_fact
from ui.web.typed_filters import DayFilter


class GuaranteeFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=GuaranteeKind.choices)
    month = DayFilter(label="The first day of the month.")
    contract = django_filters.UUIDFilter(field_name="contract_id", label="The id of a contract.")

    class Meta:
        model = GuaranteeMonth
        fields: list[str] = []


class GuaranteeList(ListAPIView):
    """List the results of guarantees by contract and month, newest first."""

    right = "contract.view"
    serializer_class = GuaranteeSerializer
    filterset_class = GuaranteeFilter
    queryset = GuaranteeMonth.objects.none()

    def get_queryset(self) -> Any:
        return GuaranteeMonth.objects.visible_to(actor_of(self.request)).select_related("contract")


class BreachFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Breach.State.choices)
    kind = django_filters.ChoiceFilter(choices=GuaranteeKind.choices)
    month = DayFilter(label="The first day of the month.")
    contract = django_filters.UUIDFilter(field_name="contract_id", label="The id of a contract.")

    class Meta:
        model = Breach
        fields: list[str] = []


class _Breaches:
    request: Any
    rights = {"GET": "contract.view", "POST": "breach.reply"}
    serializer_class: Any = BreachSerializer
    queryset = Breach.objects.none()

    def get_queryset(self) -> Any:
        return Breach.objects.visible_to(actor_of(self.request)).select_related("contract")


def _detail(rows: Any, pk: UUID) -> Any:
    return get_object_or_404(_with_sides(rows), id=pk)


def _with_sides(rows: Any) -> Any:
    return rows.prefetch_related(
        Prefetch("shares", BreachShare.objects.order_by("role")),
        Prefetch("replies", BreachReply.objects.order_by("at")),
    )


class BreachList(_Breaches, ListAPIView):
    """List the breaches of contracts of which the key's party is one, newest first."""

    filterset_class = BreachFilter


class BreachDetail(_Breaches, RetrieveAPIView):
    """Return one breach with the shares and the replies of its sides."""

    serializer_class = BreachDetailSerializer

    def get_queryset(self) -> Any:
        return _with_sides(super().get_queryset())


class BreachReplies(_Breaches, GenericAPIView):
    """The reply to a breach."""

    @extend_schema(
        operation_id="breaches_reply",
        request=BreachReplyCreateSerializer,
        responses={201: BreachDetailSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Accept or contest a breach for the key's party, within its days to reply."""
        body = BreachReplyCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        reply_to_breach(breach_id=pk, by=actor_of(self.request), at=timezone.now(), **body.validated_data)
        return Response(BreachDetailSerializer(_detail(self.get_queryset(), pk)).data, status=201)


class BreachDecision(_Breaches, GenericAPIView):
    """The decision of a breach."""

    rights = {"POST": "breach.decide"}

    @extend_schema(
        operation_id="breaches_decide",
        request=BreachDecisionCreateSerializer,
        responses={201: BreachDetailSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Decide a breach with a reason; it stays as it is if a second person must approve the decision."""
        body = BreachDecisionCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        decide_breach(breach_id=pk, by=actor_of(self.request), at=timezone.now(), **body.validated_data)
        return Response(BreachDetailSerializer(_detail(self.get_queryset(), pk)).data, status=201)


class ServiceFacts(GenericAPIView):
    """The facts of service of one contract."""

    rights = {"GET": "contract.view", "POST": "service.report"}
    serializer_class = ServiceFactSerializer
    queryset = ServiceFact.objects.none()

    def get_queryset(self) -> Any:
        facts = ServiceFact.objects.visible_to(actor_of(self.request))
        return facts.filter(contract_id=self.kwargs["pk"]).order_by("-id")

    @extend_schema(operation_id="service_facts_list", responses={200: ServiceFactSerializer(many=True)})
    def get(self, request: Request, pk: UUID) -> Response:
        """List the facts that were reported for a contract, newest first."""
        get_object_or_404(Contract.objects.visible_to(actor_of(self.request)), id=pk)
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ServiceFactSerializer(page, many=True).data)

    @extend_schema(
        operation_id="service_facts_report",
        request=ServiceFactCreateSerializer,
        responses={201: ServiceFactSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Report a visit, an answer or other service; a past month is measured again."""
        body = ServiceFactCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        get_object_or_404(Contract.objects.visible_to(actor_of(self.request)), id=pk)
        given = body.validated_data | {"source": f"api:{body.validated_data['source']}"}
        fact = report_service_fact(contract_id=pk, by=actor_of(self.request), at=timezone.now(), **given)
        return Response(ServiceFactSerializer(fact).data, status=201)
