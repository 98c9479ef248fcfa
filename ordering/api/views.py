"""Orders, shipments, returns and stock for partner systems."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import django_filters
import orjson
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.rights import Actor, actor_of
from dealers.queries.traders import party_id_of, traders
from ordering.api import request_bodies
from ordering.api.response_bodies import (
    CREDIT_FIGURES,
    order_body,
    return_body,
    sees_credit,
    shipment_body,
)
from ordering.api.serializers.fields import SOURCE_CONFLICT
from ordering.api.serializers.orders import (
    EmptySerializer,
    OrderCancelSerializer,
    OrderCreateSerializer,
    OrderSerializer,
    OrderSummarySerializer,
    PlacedOrderSerializer,
    PriceApprovalSerializer,
)
from ordering.api.serializers.returns import (
    BookedReturnSerializer,
    ReturnCreateSerializer,
    ReturnSerializer,
    ReturnSummarySerializer,
)
from ordering.api.serializers.shipments import (
    DeliveryReceiptSerializer,
    ReceivedShipmentSerializer,
    ShipmentCreateSerializer,
    ShipmentSerializer,
    ShipmentSummarySerializer,
    ShippedSerializer,
)
from ordering.api.serializers.stock import StockChangeCreateSerializer, StockChangeSerializer, StockSerializer
from ordering.domain.price_overrides import PriceOverride
from ordering.models import Order, Return, Shipment, Stock
from ordering.operations.cancelling import cancel_order
from ordering.operations.confirming import accept_order, approve_review, release_held
from ordering.operations.credit_check import CreditExceeded
from ordering.operations.delivering import deliver
from ordering.operations.delivery_plan import must_be_open
from ordering.operations.manual_prices import price_override
from ordering.operations.placing import place_order
from ordering.operations.returns import take_back
from ordering.operations.returns_without_order import take_back_without_order
from ordering.operations.sending_back import send_back
from ordering.operations.shipping import ship
from ordering.operations.stock_reports import count_stock, receive_stock
from ordering.operations.trade_terms import order_of_source
from ordering.queries.orders import OrderFacts, order_facts
from ordering.queries.returns import return_facts
from ordering.queries.shipments import shipment_facts


def _answer(body: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return JSON directly: a renderer only adds time to a body of plain values."""
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")


@contextmanager
def _credit_figures_for(by: Actor, *parties: UUID) -> Iterator[None]:
    """Remove the figures of a credit refusal unless the actor may see the ledger of the two parties."""
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


class OrderList(ListAPIView):
    rights = {"GET": "order.view", "POST": "order.place"}
    serializer_class = OrderSummarySerializer
    filterset_class = OrderFilter
    queryset = Order.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Order.objects.visible_to(actor_of(self.request)).select_related(
            "seller", "buyer"
        )
        return rows

    @extend_schema(request=OrderCreateSerializer, responses={201: PlacedOrderSerializer} | SOURCE_CONFLICT)
    def post(self, request: Request) -> HttpResponse:
        by, requested = actor_of(request), request_bodies.order_request(request.data)
        seller_id, buyer_id = traders(seller=requested.seller, buyer=requested.buyer, actor=by)
        overrides = _overrides(requested, seller_id, by)
        if requested.kind == Order.Kind.PRESALE and requested.window is not None:
            placed = requested.source and order_of_source(requested.source, buyer_id=buyer_id)
            if not placed:
                must_be_open(requested.window, timezone.now(), timezone.get_current_timezone_name())
        with _credit_figures_for(by, seller_id, buyer_id):
            order = place_order(
                seller_id=seller_id,
                buyer_id=buyer_id,
                lines=requested.lines,
                by=by,
                at=timezone.now(),
                kind=requested.kind,
                window=requested.window,
                reference=requested.reference,
                note=requested.note,
                source=requested.source,
                hold=requested.hold,
                accept_review=requested.accept_review,
                overrides=overrides,
            )
        return _answer(order_body(order, by) | {"replayed": order.replayed}, 201)


def _overrides(
    requested: request_bodies.OrderRequest, seller_id: UUID, by: Actor
) -> dict[str, PriceOverride]:
    """Return the prices set by hand, by SKU. Raises NotAllowed for anybody but the seller."""
    places = {sku: place for place, (sku, _qty) in enumerate(requested.lines)}
    return {
        sku: price_override(
            seller_id=seller_id,
            price=one.price,
            per=one.per,
            reason=one.reason,
            by=by,
            at=timezone.now(),
            path=f"lines[{places[sku]}].manual_price.",
        )
        for sku, one in requested.manual.items()
    }


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


class _OrderAction(APIView):
    """An action on an order; answers 201 with the order after it."""

    right = "order.confirm"

    @extend_schema(request=EmptySerializer, responses={201: OrderSerializer})
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        request_bodies.empty(request.data)
        return _answer(order_body(self.do(request, pk), actor_of(request)), 201)

    @abstractmethod
    def do(self, request: Request, pk: UUID) -> OrderFacts:
        """Run the action and return the order after it."""


@extend_schema_view(post=extend_schema(operation_id="orders_confirm"))
class ConfirmOrder(_OrderAction):
    """Confirm an order as its seller, also one whose prices wait for approval."""

    def do(self, request: Request, pk: UUID) -> OrderFacts:
        return accept_order(order_id=pk, by=actor_of(request), at=timezone.now())


class ApprovePrices(APIView):
    """Approve the prices of an order in review as its seller; the reason is required."""

    right = "order.confirm"

    @extend_schema(
        operation_id="orders_approve", request=PriceApprovalSerializer, responses={201: OrderSerializer}
    )
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        reason, by = request_bodies.approval_reason(request.data), actor_of(request)
        order = approve_review(order_id=pk, by=by, at=timezone.now(), reason=reason)
        return _answer(order_body(order, by), 201)


@extend_schema_view(post=extend_schema(operation_id="orders_release"))
class ReleaseOrder(_OrderAction):
    """Check the credit of a held order again and release the order if there is enough."""

    def do(self, request: Request, pk: UUID) -> OrderFacts:
        by = actor_of(request)
        with _credit_figures_for(by, *([by.party_id] if by.party_id else [])):
            return release_held(order_id=pk, by=by, at=timezone.now())


class CancelOrder(APIView):
    """Cancel an order. The buyer may cancel until the seller has confirmed; the seller may cancel too."""

    right = "order.view"

    @extend_schema(
        operation_id="orders_cancel", request=OrderCancelSerializer, responses={201: OrderSerializer}
    )
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        reason = request_bodies.cancel_reason(request.data)
        by = actor_of(request)
        order = cancel_order(order_id=pk, by=by, at=timezone.now(), reason=reason)
        return _answer(order_body(order, by), 201)


class SendOrderBack(APIView):
    """Send an order in review back to its buyer as its seller; the reason is required."""

    right = "order.confirm"

    @extend_schema(
        operation_id="orders_send_back", request=OrderCancelSerializer, responses={201: OrderSerializer}
    )
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        reason, by = request_bodies.cancel_reason(request.data), actor_of(request)
        order = send_back(order_id=pk, reason=reason, by=by, at=timezone.now())
        return _answer(order_body(order, by), 201)


class ShipOrder(APIView):
    right = "order.ship"

    @extend_schema(
        operation_id="orders_ship",
        request=ShipmentCreateSerializer,
        responses={201: ShippedSerializer} | SOURCE_CONFLICT,
    )
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        by, (parts, source) = actor_of(request), request_bodies.shipment_request(request.data)
        shipment = ship(order_id=pk, by=by, at=timezone.now(), lines=parts, source=source)
        return _answer(shipment_body(shipment, by) | {"replayed": shipment.replayed}, 201)


class ShipmentFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Shipment.State.choices)
    order = django_filters.UUIDFilter(field_name="order_id")
    source = django_filters.CharFilter()
    buyer = django_filters.UUIDFilter(field_name="order__buyer_id")
    shipped_since = django_filters.IsoDateTimeFilter(field_name="shipped_at", lookup_expr="gte")

    class Meta:
        model = Shipment
        fields: list[str] = []


class ShipmentList(ListAPIView):
    right = "order.view"
    serializer_class = ShipmentSummarySerializer
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
    """Confirm the receipt of a shipment as its buyer: the person who signed for it, and the time."""

    right = "order.deliver"

    @extend_schema(
        operation_id="shipments_deliver",
        request=DeliveryReceiptSerializer,
        responses={201: ReceivedShipmentSerializer} | SOURCE_CONFLICT,
    )
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        by = actor_of(request)
        signed_by, delivered_at = request_bodies.delivery_receipt(request.data)
        done = deliver(
            shipment_id=pk, signed_by=signed_by, by=by, at=timezone.now(), delivered_at=delivered_at
        )
        return _answer(shipment_body(done, by) | {"replayed": done.replayed}, 201)


class ReturnFilter(django_filters.FilterSet):
    order = django_filters.UUIDFilter(field_name="order_id")
    buyer = django_filters.UUIDFilter(field_name="buyer_id")
    returned_since = django_filters.IsoDateTimeFilter(field_name="returned_at", lookup_expr="gte")

    class Meta:
        model = Return
        fields: list[str] = []


class ReturnList(ListAPIView):
    rights = {"GET": "order.view", "POST": "order.return"}
    serializer_class = ReturnSummarySerializer
    filterset_class = ReturnFilter
    queryset = Return.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Return.objects.visible_to(actor_of(self.request))
        return rows

    @extend_schema(request=ReturnCreateSerializer, responses={201: BookedReturnSerializer} | SOURCE_CONFLICT)
    def post(self, request: Request) -> HttpResponse:
        by, requested, at = actor_of(request), request_bodies.return_request(request.data), timezone.now()
        common: dict[str, Any] = {"by": by, "at": at, "reason": requested.reason, "source": requested.source}
        if requested.order is not None:
            made = take_back(order_id=requested.order, lines=requested.lines, **common)
        else:
            seller_id, buyer_id = traders(seller=requested.seller, buyer=requested.buyer, actor=by)
            made = take_back_without_order(
                seller_id=seller_id, buyer_id=buyer_id, lines=requested.loose, **common
            )
        return _answer(return_body(made, by) | {"replayed": made.replayed}, 201)


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


class StockList(ListAPIView):
    rights = {"GET": "stock.view", "POST": "stock.edit"}
    serializer_class = StockSerializer
    filterset_class = StockFilter
    queryset = Stock.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Stock.objects.visible_to(actor_of(self.request)).select_related("product")
        return rows

    @extend_schema(
        request=StockChangeCreateSerializer,
        responses={201: StockChangeSerializer} | SOURCE_CONFLICT,
    )
    def post(self, request: Request) -> HttpResponse:
        by, requested = actor_of(request), request_bodies.stock_change(request.data)
        party_id = party_id_of(requested.party, by)
        given: dict[str, Any] = {
            "party_id": party_id,
            "source": requested.source,
            "by": by,
            "at": timezone.now(),
        }
        if requested.mode == "count":
            done = count_stock(rows=requested.lines, **given)
        else:
            done = receive_stock(rows=[(line.sku, line.on_hand) for line in requested.lines], **given)
        body = {"party": str(party_id), "changed": done.changed, "replayed": done.replayed}
        return _answer(body, 201)
