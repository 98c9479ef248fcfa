"""The API of programs, settlements and statements."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from approvals.api.answers import waiting_answer
from approvals.api.serializers import ApprovalSerializer
from approvals.models import Approval
from kernel.typed_input import UnreadableInput, read_date
from rebates.api.serializers import (
    ProgramSerializer,
    SettlementCreateSerializer,
    SettlementJobSerializer,
    SettlementSerializer,
    StatementDetailSerializer,
    StatementLinesSerializer,
    StatementSerializer,
)
from rebates.models import Program, Settlement, Statement
from rebates.operations.settlement_requests import request_settlement
from rebates.queries.cursors import packed, unpacked
from rebates.queries.statement_lines import carried_lines, lines_of, lines_of_carried_period
from ui.api import known_only
from ui.web.shortcuts import get_visible_or_404
from ui.web.typed_filters import DayFilter
from ui.web.typed_input import reason_of


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
    queryset = Program.objects.none()

    def get_queryset(self) -> Any:
        return Program.objects.visible_to(actor_of(self.request)).prefetch_related("products__product")


class ProgramList(_Programs, ListAPIView):
    """List the rebate programs that the key's party may see, newest first."""

    filterset_class = ProgramFilter


class ProgramDetail(_Programs, RetrieveAPIView):
    pass


class SettlementFilter(django_filters.FilterSet):
    program = django_filters.UUIDFilter(field_name="program_id")
    starts_on = DayFilter()

    class Meta:
        model = Settlement
        fields: list[str] = []


class _Settlements:
    request: Any
    rights = {"GET": "rebate.view", "POST": "rebate.settle"}
    serializer_class: Any = SettlementSerializer
    queryset = Settlement.objects.none()

    def get_queryset(self) -> Any:
        return Settlement.objects.visible_to(actor_of(self.request)).select_related("program")


class SettlementList(_Settlements, ListAPIView):
    """List the settlements of programs, completed or in progress, newest first."""

    filterset_class = SettlementFilter

    @extend_schema(
        request=SettlementCreateSerializer, responses={201: SettlementJobSerializer, 202: ApprovalSerializer}
    )
    def post(self, request: Request) -> Response:
        """Settle a past period of a program; the response is the job that does it.

        A repeated request returns the same job: a period is settled once. Where a second person has to
        approve it, 202 answers with the approval.
        """
        body = SettlementCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        actor = actor_of(self.request)
        program = get_visible_or_404(Program.objects, actor, id=body.validated_data["program"])
        starts_on = body.validated_data["starts_on"]
        job = request_settlement(program=program, starts_on=starts_on, by=actor, at=timezone.now())
        if isinstance(job, Approval):
            return waiting_answer(job)
        return Response(SettlementJobSerializer(job).data, status=201)


class SettlementDetail(_Settlements, RetrieveAPIView):
    pass


class StatementFilter(django_filters.FilterSet):
    party = django_filters.UUIDFilter(field_name="party_id")
    settlement = django_filters.UUIDFilter(field_name="settlement_id")
    program = django_filters.UUIDFilter(field_name="settlement__program_id")
    starts_on = DayFilter(field_name="settlement__starts_on")

    class Meta:
        model = Statement
        fields: list[str] = []


class _Statements:
    request: Any
    right = "rebate.view"
    serializer_class: Any = StatementSerializer
    queryset = Statement.objects.none()

    def get_queryset(self) -> Any:
        rows = Statement.objects.visible_to(actor_of(self.request))
        return rows.select_related("settlement__program", "party")


class StatementList(_Statements, ListAPIView):
    """List rebate statements, one for each settlement and party, newest first."""

    filterset_class = StatementFilter


class StatementDetail(_Statements, RetrieveAPIView):
    serializer_class = StatementDetailSerializer


class StatementDeliveries(_Statements, GenericAPIView):
    serializer_class = StatementLinesSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "after", str, description="`next` of the previous page: returns the lines after it."
            ),
            OpenApiParameter(
                "period", date, description="The first day of a late adjustment: returns its lines instead."
            ),
        ]
    )
    def get(self, request: Request, pk: Any) -> Response:
        """Return the deliveries and returns that a statement counts, by day and product, 500 at a time.

        Pass `next` as `after` to get the next page; `next` is null on the last page. The first page also
        has the late adjustments for earlier periods, each with its first lines.
        """
        known_only(request, ("after", "period"))
        statement = self.get_object()
        after, of = request.query_params.get("after", ""), _day(request.query_params.get("period", ""))
        place = unpacked(after)
        if after and place is None:
            raise NotFound(_("There is no such page."))
        page = (
            lines_of(statement, after=place)
            if of is None
            else lines_of_carried_period(statement, of, after=place)
        )
        if page is None:
            raise NotFound(_("The statement carries no such period."))
        first = of is None and place is None
        found = {
            "base": statement.base,
            "count": page.count,
            "lines": page.lines,
            "next": packed(page.after) or None,
            "carried": carried_lines(statement) if first else [],
        }
        return Response(StatementLinesSerializer(found).data)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return read_date(text)
    except UnreadableInput as error:
        raise ValidationError({"period": [reason_of(error)]}) from error
