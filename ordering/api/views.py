"""Orders, shipments, returns and stock for partner systems."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.rights import Actor, actor_of
from ordering.api import requests
from ordering.api.responses import CREDIT_FIGURES, order_body, return_body, sees_credit, shipment_body
from ordering.api.serializers import (
    AskedOrderSerializer,
    AskedReturnSerializer,
    AskedShipmentSerializer,
    AskedStockSerializer,
    ChangedStockSerializer,
    ListedReturnSerializer,
    ListedShipmentSerializer,
    NothingSerializer,
    OrderHeadSerializer,
    OrderSerializer,
    ReasonSerializer,
    ReturnSerializer,
    ShipmentSerializer,
    SignatureSerializer,
    StockSerializer,
)
from ordering.models import Order, Return, Shipment, Stock
from ordering.operations.cancelling import cancel_order
from ordering.operations.confirming import accept_order, release_held
from ordering.operations.credit_check import CreditExceeded
from ordering.operations.delivering import deliver
from ordering.operations.delivery_plan import must_be_open
from ordering.operations.placing import place_order
from ordering.operations.returns import take_back
from ordering.operations.returns_without_order import take_back_loose
from ordering.operations.shipping import ship
from ordering.operations.stock_reports import count_stock, receive_stock
from ordering.operations.trade_terms import order_of_source
from ordering.queries.orders import OrderFacts, order_facts
from ordering.queries.returns import return_facts
from ordering.queries.shipments import shipment_facts


def _answer(body: dict[str, Any], status: int = 200) -> HttpResponse:
    """JSON at once: what a renderer would add to a body of plain values is only time."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text.encode(), status=status, content_type="application/json")


@contextmanager
def _credit_told_to(by: Actor, *parties: UUID) -> Iterator[None]:
    """Keeps the figures of a credit refusal from who may not see the ledger of the two."""
    try:
        yield
    except CreditExceeded as refused:
        if not sees_credit(by, *parties):
            for name in CREDIT_FIGURES:
                refused.details.pop(name, None)
        raise


class OrderFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=Order.State.choices)
    kind = django_filters.ChoiceFilter(choices=Order.Kind.choices)
    buyer = django_filters.UUIDFilter(field_name="buyer_id")
    seller = django_filters.UUIDFilter(field_name="seller_id")
    number = django_filters.CharFilter()
    source = django_filters.CharFilter()
    placed_since = django_filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="gte")
    placed_until = django_filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="lt")

    class Meta:
        model = Order
        fields: list[str] = []


class Orders(ListAPIView):
    rights = {"GET": "order.view", "POST": "order.place"}
    serializer_class = OrderHeadSerializer
    filterset_class = OrderFilter
    queryset = Order.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Order.objects.visible_to(actor_of(self.request)).select_related(
            "seller", "buyer"
        )
        return rows

    @extend_schema(request=AskedOrderSerializer, responses={201: OrderSerializer})
    def post(self, request: Request) -> HttpResponse:
        by, asked = actor_of(request), requests.order(request.data)
        seller_id, buyer_id = requests.traders(asked.seller, asked.buyer, by)
        if asked.kind == Order.Kind.PRESALE and asked.window is not None:
            placed = asked.source and order_of_source(asked.source, buyer_id=buyer_id)
            if not placed:
                must_be_open(asked.window, timezone.now(), timezone.get_current_timezone_name())
        with _credit_told_to(by, seller_id, buyer_id):
            order = place_order(
                seller_id=seller_id, buyer_id=buyer_id, lines=asked.lines, by=by, at=timezone.now(),
                kind=asked.kind, window=asked.window, reference=asked.reference, note=asked.note,
                source=asked.source, hold=asked.hold, accept_review=asked.accept_review,
            )  # fmt: skip
        return _answer(order_body(order, by), 201)


class OrderDetail(APIView):
    right = "order.view"

    @extend_schema(responses=OrderSerializer)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        order = (
            order_facts(pk) if Order.objects.visible_to(actor_of(request)).filter(id=pk).exists() else None
        )
        if order is None:
            raise Http404
        return _answer(order_body(order, actor_of(request)))


class _Deed(APIView):
    """A deed on an order: 201 with the order as it is afterwards."""

    right = "order.confirm"

    @extend_schema(request=NothingSerializer, responses={201: OrderSerializer})
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        requests.nothing(request.data)
        return _answer(order_body(self.do(request, pk), actor_of(request)), 201)

    @abstractmethod
    def do(self, request: Request, pk: UUID) -> OrderFacts:
        """The deed itself; answers the order as it is afterwards."""


class ConfirmOrder(_Deed):
    """The seller's yes: to an order that is placed, or whose prices wait for approval."""

    def do(self, request: Request, pk: UUID) -> OrderFacts:
        return accept_order(order_id=pk, by=actor_of(request), at=timezone.now())


class ReleaseOrder(_Deed):
    """Asks for credit again."""

    def do(self, request: Request, pk: UUID) -> OrderFacts:
        by = actor_of(request)
        with _credit_told_to(by, *([by.party_id] if by.party_id else [])):
            return release_held(order_id=pk, by=by, at=timezone.now())


class CancelOrder(APIView):
    """The buyer's no until the seller has confirmed; and the seller's, whose staff may refuse what
    they may confirm. Which of the two it is, and whether it may, the operation says."""

    right = "order.view"

    @extend_schema(request=ReasonSerializer, responses={201: OrderSerializer})
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        reason = requests.reason(request.data)
        by = actor_of(request)
        order = cancel_order(order_id=pk, by=by, at=timezone.now(), reason=reason)
        return _answer(order_body(order, by), 201)


class ShipOrder(APIView):
    right = "order.ship"

    @extend_schema(request=AskedShipmentSerializer, responses={201: ShipmentSerializer})
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        by, parts = actor_of(request), requests.shipped(request.data)
        shipment = ship(order_id=pk, by=by, at=timezone.now(), lines=parts)
        return _answer(shipment_body(shipment, by), 201)


class ShipmentFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Shipment.State.choices)
    order = django_filters.UUIDFilter(field_name="order_id")
    buyer = django_filters.UUIDFilter(field_name="order__buyer_id")
    shipped_since = django_filters.IsoDateTimeFilter(field_name="shipped_at", lookup_expr="gte")

    class Meta:
        model = Shipment
        fields: list[str] = []


class Shipments(ListAPIView):
    right = "order.view"
    serializer_class = ListedShipmentSerializer
    filterset_class = ShipmentFilter
    queryset = Shipment.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Shipment.objects.visible_to(actor_of(self.request)).select_related("order")
        return rows


class ShipmentDetail(APIView):
    right = "order.view"

    @extend_schema(responses=ShipmentSerializer)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        if not Shipment.objects.visible_to(actor_of(request)).filter(id=pk).exists():
            raise Http404
        return _answer(shipment_body(shipment_facts(pk), actor_of(request)))


class DeliverShipment(APIView):
    right = "order.deliver"

    @extend_schema(request=SignatureSerializer, responses={201: ShipmentSerializer})
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        by = actor_of(request)
        signed_by, delivered_at = requests.signature(request.data)
        done = deliver(
            shipment_id=pk, signed_by=signed_by, by=by, at=timezone.now(), delivered_at=delivered_at
        )
        return _answer(shipment_body(done, by), 201)


class ReturnFilter(django_filters.FilterSet):
    order = django_filters.UUIDFilter(field_name="order_id")
    buyer = django_filters.UUIDFilter(field_name="buyer_id")
    returned_since = django_filters.IsoDateTimeFilter(field_name="returned_at", lookup_expr="gte")

    class Meta:
        model = Return
        fields: list[str] = []


class Returns(ListAPIView):
    rights = {"GET": "order.view", "POST": "order.return"}
    serializer_class = ListedReturnSerializer
    filterset_class = ReturnFilter
    queryset = Return.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Return.objects.visible_to(actor_of(self.request))
        return rows

    @extend_schema(request=AskedReturnSerializer, responses={201: ReturnSerializer})
    def post(self, request: Request) -> HttpResponse:
        by, asked, at = actor_of(request), requests.returned(request.data), timezone.now()
        told: dict[str, Any] = {"by": by, "at": at, "reason": asked.reason, "source": asked.source}
        if asked.order is not None:
            made = take_back(order_id=asked.order, lines=asked.lines, **told)
        else:
            seller_id, buyer_id = requests.traders(asked.seller, asked.buyer, by)
            made = take_back_loose(seller_id=seller_id, buyer_id=buyer_id, lines=asked.loose, **told)
        return _answer(return_body(made, by), 201)


class ReturnDetail(APIView):
    right = "order.view"

    @extend_schema(responses=ReturnSerializer)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        if not Return.objects.visible_to(actor_of(request)).filter(id=pk).exists():
            raise Http404
        return _answer(return_body(return_facts(pk), actor_of(request)))


class StockFilter(django_filters.FilterSet):
    party = django_filters.UUIDFilter(field_name="party_id")
    sku = django_filters.CharFilter(field_name="product__sku")

    class Meta:
        model = Stock
        fields: list[str] = []


class Stocks(ListAPIView):
    rights = {"GET": "stock.view", "POST": "stock.edit"}
    serializer_class = StockSerializer
    filterset_class = StockFilter
    queryset = Stock.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Stock.objects.visible_to(actor_of(self.request)).select_related("product")
        return rows

    @extend_schema(request=AskedStockSerializer, responses={201: ChangedStockSerializer})
    def post(self, request: Request) -> HttpResponse:
        by, asked = actor_of(request), requests.stock(request.data)
        party_id = requests.party(asked.party, by)
        given: dict[str, Any] = {"party_id": party_id, "source": asked.source, "by": by, "at": timezone.now()}
        if asked.mode == "count":
            changed = count_stock(rows=asked.lines, **given)
        else:
            changed = receive_stock(rows=[(line.sku, line.on_hand) for line in asked.lines], **given)
        return _answer({"party": str(party_id), "changed": changed}, 201)
