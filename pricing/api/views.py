from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import actor_of
from pricing.api.serializers import (
    AskedPricesSerializer,
    AskedQuoteSerializer,
    HeadSerializer,
    PriceEntrySerializer,
    PriceListSerializer,
    PricesSerializer,
    QuoteSerializer,
)
from pricing.domain import quote_case
from pricing.models import AudienceKind, PriceEntry, PriceList
from pricing.queries import PricedOrder, UnknownProduct, quote_for
from pricing.queries.traders import day_of_prices, traders
from ui.api import known_only


class Quotes(APIView):
    """What an order would cost, and why. Nothing is kept."""

    right = "price.view"

    @extend_schema(request=AskedQuoteSerializer, responses={200: QuoteSerializer})
    def post(self, request: Request) -> Response:
        asked = AskedQuoteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        seller_id, buyer_id = traders(
            buyer=given.get("buyer"), seller=given.get("seller"), actor=actor_of(self.request)
        )
        priced = quote_for(
            seller_id=seller_id,
            buyer_id=buyer_id,
            lines=[(line["sku"], line["qty"]) for line in given["lines"]],
            on=day_of_prices(given.get("on"), actor=actor_of(self.request), today=timezone.localdate()),
            contract_id=given.get("contract"),
        )
        return Response(_head(priced) | quote_case.write(priced.request, priced.quote))


class Prices(APIView):
    """The price of each SKU for a buyer, alone and before discounts on the order, with the reasons."""

    right = "price.view"

    @extend_schema(parameters=[AskedPricesSerializer], responses={200: PricesSerializer})
    def get(self, request: Request) -> Response:
        query = request.query_params
        known_only(request, AskedPricesSerializer().fields.keys())
        plain = {name: query[name] for name in ("seller", "buyer", "on", "qty") if query.get(name)}
        asked = AskedPricesSerializer(data=plain | {"sku": list(dict.fromkeys(query.getlist("sku")))})
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        seller_id, buyer_id = traders(
            buyer=given.get("buyer"), seller=given.get("seller"), actor=actor_of(self.request)
        )
        try:
            priced = quote_for(
                seller_id=seller_id,
                buyer_id=buyer_id,
                lines=[(sku, given["qty"]) for sku in given["sku"]],
                on=day_of_prices(given.get("on"), actor=actor_of(self.request), today=timezone.localdate()),
            )
        except UnknownProduct as unknown:
            unknown.field = unknown.field.replace("lines[", "sku[").replace("].sku", "]")
            raise
        told = quote_case.write(priced.request, priced.quote)
        prices = [
            {
                "sku": line["sku"],
                "name": priced.products[line["sku"]].name,
                **{name: line.get(name) for name in ("price_list", "base_price", "unit_price", "per")},
                "considered": why["considered"],
            }
            for line, why in zip(told["lines"], told["explanation"]["prices"], strict=True)
        ]
        return Response(_head(priced) | {"prices": prices})


def _head(priced: PricedOrder) -> dict[str, Any]:
    return dict(HeadSerializer(priced).data)


class PriceListFilter(django_filters.FilterSet):
    seller = django_filters.UUIDFilter(field_name="seller_id")
    code = django_filters.CharFilter()
    state = django_filters.ChoiceFilter(choices=PriceList.State.choices)
    audience_kind = django_filters.ChoiceFilter(choices=AudienceKind.choices)
    audience_value = django_filters.CharFilter()
    on = django_filters.DateFilter(method="in_force", label="published and in force on the day")

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

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return PriceList.objects.none()
        return PriceList.objects.visible_to(actor_of(self.request))


class PriceLists(_PriceLists, ListAPIView):
    """The price lists of one's own sales, newest first; the manufacturer's staff see all."""

    filterset_class = PriceListFilter


class PriceListDetail(_PriceLists, RetrieveAPIView):
    pass


class PriceEntryFilter(django_filters.FilterSet):
    sku = django_filters.CharFilter(field_name="product__sku")

    class Meta:
        model = PriceEntry
        fields: list[str] = []


class PriceEntries(ListAPIView):
    """The prices of one list."""

    right = "price.view"
    serializer_class = PriceEntrySerializer
    filterset_class = PriceEntryFilter

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return PriceEntry.objects.none()
        rows = PriceEntry.objects.visible_to(actor_of(self.request)).filter(price_list_id=self.kwargs["pk"])
        return rows.select_related("product")
