"""Requests of buyers to return goods, for partner systems: the buyer asks, the seller decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import actor_of
from ordering.api import request_bodies
from ordering.api.serializers.orders import EmptySerializer
from ordering.api.serializers.return_requests import (
    RequestedReturnSerializer,
    ReturnRequestCreateSerializer,
    ReturnRequestDeclineSerializer,
)
from ordering.models import ReturnRequest
from ordering.operations.return_requests import accept_return, decline_return, request_return


class ReturnRequestFilter(django_filters.FilterSet):
    order = django_filters.UUIDFilter(field_name="order_id")
    state = django_filters.ChoiceFilter(choices=ReturnRequest.State.choices)

    class Meta:
        model = ReturnRequest
        fields: list[str] = []


class ReturnRequestList(ListAPIView):
    rights = {"GET": "order.view", "POST": "order.return"}
    serializer_class = RequestedReturnSerializer
    filterset_class = ReturnRequestFilter
    queryset = ReturnRequest.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = ReturnRequest.objects.visible_to(actor_of(self.request))
        return rows

    @extend_schema(request=ReturnRequestCreateSerializer, responses={201: RequestedReturnSerializer})
    def post(self, request: Request) -> HttpResponse:
        order_id, lines, reason = request_bodies.requested_return(request.data)
        made = request_return(
            order_id=order_id, lines=lines, reason=reason, by=actor_of(request), at=timezone.now()
        )
        return Response(RequestedReturnSerializer(made).data, status=201)


class AcceptReturnRequest(APIView):
    """Take the requested goods back as the seller, and credit them."""

    right = "order.return"

    @extend_schema(
        operation_id="return_requests_accept",
        request=EmptySerializer,
        responses={201: RequestedReturnSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        request_bodies.empty(request.data)
        decided = accept_return(request_id=pk, by=actor_of(request), at=timezone.now())
        return Response(RequestedReturnSerializer(decided).data, status=201)


class DeclineReturnRequest(APIView):
    """Decline the request as the seller, with a reason."""

    right = "order.return"

    @extend_schema(
        operation_id="return_requests_decline",
        request=ReturnRequestDeclineSerializer,
        responses={201: RequestedReturnSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        answer = request_bodies.decline_answer(request.data)
        decided = decline_return(request_id=pk, answer=answer, by=actor_of(request), at=timezone.now())
        return Response(RequestedReturnSerializer(decided).data, status=201)
