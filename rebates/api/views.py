from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from rebates.api.serializers import (
    DeliveriesSerializer,
    ExplainedStatementSerializer,
    NewSettlementSerializer,
    ProgramSerializer,
    SettlementJobSerializer,
    SettlementSerializer,
    StatementSerializer,
)
from rebates.models import Program, Settlement, Statement
from rebates.operations.settlement_requests import request_settlement
from rebates.queries.cursors import packed, unpacked
from rebates.queries.statement_lines import beneath, beneath_carried, carried_beneath
from ui.api import known_only


class ProgramFilter(django_filters.FilterSet):
    code = django_filters.CharFilter()
    seller = django_filters.UUIDFilter(field_name="seller_id")
    state = django_filters.ChoiceFilter(choices=Program.State.choices)

    class Meta:
        model = Program
        fields: list[str] = []


class _Programs:
    request: Any
    right = "rebate.view"
    serializer_class: Any = ProgramSerializer

    def get_queryset(self) -> Any:
        return Program.objects.visible_to(actor_of(self.request)).prefetch_related("products__product")


class ProgramList(_Programs, ListAPIView):
    """The rebate programs that the key's party may see."""

    filterset_class = ProgramFilter


class ProgramDetail(_Programs, RetrieveAPIView):
    pass


class SettlementFilter(django_filters.FilterSet):
    program = django_filters.UUIDFilter(field_name="program_id")
    starts_on = django_filters.DateFilter()

    class Meta:
        model = Settlement
        fields: list[str] = []


class _Settlements:
    request: Any
    rights = {"GET": "rebate.view", "POST": "rebate.settle"}
    serializer_class: Any = SettlementSerializer

    def get_queryset(self) -> Any:
        return Settlement.objects.visible_to(actor_of(self.request)).select_related("program")


class SettlementList(_Settlements, ListAPIView):
    """Periods of programs, settled or being settled."""

    filterset_class = SettlementFilter

    @extend_schema(request=NewSettlementSerializer, responses={201: SettlementJobSerializer})
    def post(self, request: Request) -> Response:
        """Asks for the settlement of a past period; the answer is the job that does it.

        Asked again it answers with the same job: a period is settled once.
        """
        asked = NewSettlementSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        actor = actor_of(self.request)
        program = Program.objects.visible_to(actor).filter(id=asked.validated_data["program"]).first()
        if program is None:
            raise Http404
        starts_on = asked.validated_data["starts_on"]
        job = request_settlement(program=program, starts_on=starts_on, by=actor, at=timezone.now())
        return Response(SettlementJobSerializer(job).data, status=201)


class SettlementDetail(_Settlements, RetrieveAPIView):
    pass


class StatementFilter(django_filters.FilterSet):
    party = django_filters.UUIDFilter(field_name="party_id")
    settlement = django_filters.UUIDFilter(field_name="settlement_id")
    program = django_filters.UUIDFilter(field_name="settlement__program_id")
    starts_on = django_filters.DateFilter(field_name="settlement__starts_on")

    class Meta:
        model = Statement
        fields: list[str] = []


class _Statements:
    request: Any
    right = "rebate.view"
    serializer_class: Any = StatementSerializer

    def get_queryset(self) -> Any:
        rows = Statement.objects.visible_to(actor_of(self.request))
        return rows.select_related("settlement__program", "party")


class StatementList(_Statements, ListAPIView):
    """What parties earned, one statement for each settlement and party."""

    filterset_class = StatementFilter


class StatementDetail(_Statements, RetrieveAPIView):
    serializer_class = ExplainedStatementSerializer


class StatementDeliveries(_Statements, GenericAPIView):
    serializer_class = DeliveriesSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        parameters=[
            OpenApiParameter("after", str, description="`next` of the page before: the lines after it"),
            OpenApiParameter(
                "period", date, description="the lines of a carried period, by its first day, instead"
            ),
        ]
    )
    def get(self, request: Request, pk: Any) -> Response:
        """The deliveries and returns beneath a statement, by day and product, 500 at a time.

        `next` is what `after` takes for the lines that follow, null on the last page. The first page
        tells of the periods that it carries, each with the first of their lines.
        """
        known_only(request, ("after", "period"))
        statement = self.get_object()
        after, of = request.query_params.get("after", ""), _day(request.query_params.get("period", ""))
        place = unpacked(after)
        if after and place is None:
            raise NotFound(_("There is no such page."))
        there = beneath(statement, after=place) if of is None else beneath_carried(statement, of, after=place)
        if there is None:
            raise NotFound(_("The statement carries no such period."))
        first = of is None and place is None
        found = {
            "base": statement.base,
            "count": there.count,
            "lines": there.lines,
            "next": packed(there.after) or None,
            "carried": carried_beneath(statement) if first else [],
        }
        return Response(DeliveriesSerializer(found).data)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError({"period": [_("Write the day as 2026-06-30.")]}) from error
