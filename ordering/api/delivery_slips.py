"""Signed delivery slips, for partner systems: the seller uploads them, both sides read them."""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import actor_of
from ordering.api import request_bodies
from ordering.api.response_bodies import slip_body
from ordering.api.serializers.shipments import (
    AddedDeliverySlipSerializer,
    DeliverySlipCreateSerializer,
    DeliverySlipDetailSerializer,
)
from ordering.models import DeliverySlip
from ordering.operations.delivery_slips import add_delivery_slip
from ui.web.shortcuts import get_visible_or_404


class ShipmentSlips(APIView):
    """Upload the signed delivery slip of a shipment as its seller: a picture or a PDF.

    The buyer confirms the receipt. A shipment whose buyer does not answer the slip is received by time-out.
    The same file again returns the first slip.
    """

    right = "order.ship"

    @extend_schema(
        operation_id="shipments_add_slip",
        request=DeliverySlipCreateSerializer,
        responses={201: AddedDeliverySlipSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        file_name, content = request_bodies.delivery_slip(request.data)
        slip, is_new = add_delivery_slip(
            shipment_id=pk,
            content=content,
            file_name=file_name,
            by=actor_of(request),
            at=timezone.now(),
        )
        return Response(slip_body(slip) | {"replayed": not is_new}, status=201)


class DeliverySlipDetail(APIView):
    """A delivery slip with its picture or PDF in base64, as it was uploaded."""

    right = "order.view"

    @extend_schema(
        operation_id="delivery_slips_retrieve",
        responses=DeliverySlipDetailSerializer,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        slip = get_visible_or_404(DeliverySlip.objects, actor_of(request), id=pk)
        return Response(slip_body(slip) | {"content": b64encode(bytes(slip.content)).decode()})
