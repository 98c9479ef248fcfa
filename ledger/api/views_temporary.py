"""API views that list, grant and end temporary credits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import actor_of
from approvals.api.answers import waiting_answer
from approvals.api.serializers import ApprovalSerializer
from approvals.models import Approval
from kernel.cases import Case, InvalidCase, day, price, text
from ledger.api.serializers import (
    EmptyBodySerializer,
    TemporaryCreditCreateSerializer,
    TemporaryCreditSerializer,
)
from ledger.models import TemporaryCredit
from ledger.operations.temporary_credit import (
    NoSuchTemporaryCredit,
    end_temporary_credit,
    grant_temporary_credit,
)


def _uuid(value: object, path: str) -> UUID:
    try:
        return UUID(text(value, path))
    except ValueError as error:
        raise InvalidCase("bad_text", _("This is no id."), field=path) from error


class TemporaryCreditFilter(django_filters.FilterSet):
    buyer = django_filters.UUIDFilter(field_name="book__buyer_id")
    seller = django_filters.UUIDFilter(field_name="book__seller_id")

    class Meta:
        model = TemporaryCredit
        fields: list[str] = []


class TemporaryCredits(ListAPIView):
    """List temporary credits; grant one as the book's seller."""

    rights = {"GET": "ledger.view", "POST": "ledger.post"}
    serializer_class = TemporaryCreditSerializer
    filterset_class = TemporaryCreditFilter
    queryset = TemporaryCredit.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = TemporaryCredit.objects.visible_to(actor_of(self.request))
        return rows.select_related("book")

    @extend_schema(
        request=TemporaryCreditCreateSerializer,
        responses={201: TemporaryCreditSerializer, 202: ApprovalSerializer},
    )
    def post(self, request: Request) -> Response:
        with Case(request.data) as case:
            given: dict[str, Any] = {
                "book_id": case.need("book", _uuid),
                "amount": case.need("amount", price),
                "starts_on": case.need("starts_on", day),
                "until": case.need("until", day),
                "reason": case.need("reason", text)[:300],
            }
        granted = grant_temporary_credit(**given, by=actor_of(request), at=timezone.now())
        if isinstance(granted, Approval):
            return waiting_answer(granted)
        return Response(TemporaryCreditSerializer(granted).data, status=201)


class EndTemporaryCredit(APIView):
    """End a temporary credit early, as the book's seller."""

    right = "ledger.post"

    @extend_schema(request=EmptyBodySerializer, responses={201: TemporaryCreditSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        by = actor_of(request)
        with Case(request.data or {}):
            pass
        if not TemporaryCredit.objects.visible_to(by).filter(id=pk).exists():
            raise NoSuchTemporaryCredit("", field="temporary_credit")
        ended = end_temporary_credit(temporary_credit_id=pk, by=by, at=timezone.now())
        return Response(TemporaryCreditSerializer(ended).data, status=201)
