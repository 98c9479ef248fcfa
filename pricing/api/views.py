"""API views that calculate quotes and list prices."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import actor_of
from accounts.work_budget import begin_work, spend_work
from catalogue.queries import UnknownProduct
from pricing.api.serializers import (
    BuyerPricesSerializer,
    PriceEntrySerializer,
    PriceListSerializer,
    PriceQuerySerializer,
    QuoteCreateSerializer,
    QuoteHeadSerializer,
    QuoteSerializer,
)
from pricing.domain import quote_case
from pricing.models import AudienceKind, PriceEntry, PriceList
from pricing.queries import STEPS_A_LINE, PricedOrder, quote_for
from pricing.queries.traders import day_of_prices, quote_parties
from ui.api import known_only
from ui.web.typed_filters import DayFilter


class Quotes(APIView):
    """Calculate what an order would cost, with the reasons. Nothing is stored."""

    right = "price.view"

    @extend_schema(request=QuoteCreateSerializer, responses={200: QuoteSerializer})
    def post(self, request: Request) -> Response:
        begin_work(request)
        body = QuoteCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        spend_work(request, STEPS_A_LINE * len(given["lines"]))
        seller_id, buyer_id = quote_parties(
            buyer=given.get("buyer"), seller=given.get("seller"), actor=actor_of(self.request)
        )
        priced = quote_for(
            seller_id=seller_id,
            buyer_id=buyer_id,
            lines=[(line["sku"], line["qty"]) for line in given["lines"]],
            on=_day(self.request, given.get("on"), seller_id),
            contract_id=given.get("contract"),
        )
        return Response(_quote_head(priced) | quote_case.write(priced.request, priced.quote))


class Prices(APIView):
    """List the price of each SKU for a buyer, ordered alone and before order discounts, with the reasons."""

    right = "price.view"

    @extend_schema(
        operation_id="prices_list", parameters=[PriceQuerySerializer], responses={200: BuyerPricesSerializer}
    )
    def get(self, request: Request) -> Response:
        begin_work(request)
        query = request.query_params
        known_only(request, PriceQuerySerializer().fields.keys())
        plain = {name: query[name] for name in ("seller", "buyer", "on", "qty") if query.get(name)}
        parameters = PriceQuerySerializer(data=plain | {"sku": list(dict.fromkeys(query.getlist("sku")))})
        parameters.is_valid(raise_exception=True)
        given = parameters.validated_data
        spend_work(request, STEPS_A_LINE * len(given["sku"]))
        seller_id, buyer_id = quote_parties(
            buyer=given.get("buyer"), seller=given.get("seller"), actor=actor_of(self.request)
        )
        try:
            priced = quote_for(
                seller_id=seller_id,
                buyer_id=buyer_id,
                lines=[(sku, given["qty"]) for sku in given["sku"]],
                on=_day(self.request, given.get("on"), seller_id),
            )
        except UnknownProduct as unknown:
            unknown.field = unknown.field.replace("lines[", "sku[").replace("].sku", "]")
            raise
        answer = quote_case.write(priced.request, priced.quote)
        prices = [
            {
                "sku": line["sku"],
                "name": priced.products[line["sku"]].name,
                **{name: line.get(name) for name in ("price_list", "base_price", "unit_price", "per")},
                "considered": why["considered"],
            }
            for line, why in zip(answer["lines"], answer["explanation"]["prices"], strict=True)
        ]
        return Response(_quote_head(priced) | {"prices": prices})


def _day(request: Request, requested: date | None, seller_id: UUID) -> date:
    today = timezone.localdate()
    return day_of_prices(requested, seller_id=seller_id, actor=actor_of(request), today=today)


def _quote_head(priced: PricedOrder) -> dict[str, Any]:
    return dict(QuoteHeadSerializer(priced).data)


class PriceListFilter(django_filters.FilterSet):
    seller = django_filters.UUIDFilter(field_name="seller_id")
    code = django_filters.CharFilter()
    state = django_filters.ChoiceFilter(choices=PriceList.State.choices)
    audience_kind = django_filters.ChoiceFilter(choices=AudienceKind.choices)
    audience_value = django_filters.CharFilter()
    on = DayFilter(method="in_force", label="Published and in force on this date.")

    class Meta:
        model = PriceList
        fields: list[str] = []

    def in_force(self, rows: QuerySet[PriceList], name: str, value: Any) -> QuerySet[PriceList]:
        begun = Q(starts_on__isnull=True) | Q(starts_on__lte=value)
        going = Q(until__isnull=True) | Q(until__gt=value)
        return rows.filter(begun, going, state=PriceList.State.PUBLISHED)


class _PriceLists:
    request: Any
    right = "price.view"
    serializer_class: Any = PriceListSerializer
    queryset = PriceList.objects.none()

    def get_queryset(self) -> Any:
        return PriceList.objects.visible_to(actor_of(self.request))


class PriceListList(_PriceLists, ListAPIView):
    """List the price lists of the key's party as seller, newest first; the manufacturer sees all."""

    filterset_class = PriceListFilter


class PriceListDetail(_PriceLists, RetrieveAPIView):
    pass


class PriceEntryFilter(django_filters.FilterSet):
    sku = django_filters.CharFilter(field_name="product__sku")

    class Meta:
        model = PriceEntry
        fields: list[str] = []


class PriceEntryList(ListAPIView):
    """List the prices of one price list."""

    right = "price.view"
    serializer_class = PriceEntrySerializer
    filterset_class = PriceEntryFilter
    queryset = PriceEntry.objects.none()

    def get_queryset(self) -> Any:
        rows = PriceEntry.objects.visible_to(actor_of(self.request)).filter(price_list_id=self.kwargs["pk"])
        return rows.select_related("product")
