"""API views that calculate quotes and prices."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import actor_of
from accounts.work_budget import begin_work, spend_work
from catalogue.queries import UnknownProduct
from pricing.api.serializers import (
    BuyerPricesSerializer,
    PriceQuerySerializer,
    QuoteCreateSerializer,
    QuoteHeadSerializer,
    QuoteSerializer,
)
from pricing.domain import quote_case
from pricing.queries import STEPS_A_LINE, PricedOrder, quote_for
from pricing.queries.traders import day_of_prices, quote_parties
from ui.api import known_only


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
        answer = quote_case.write(priced.request, priced.quote)
        for line, quoted in zip(answer["lines"], priced.quote.lines, strict=True):
            if quoted.is_priced:
                line["tax_included"] = quoted.tax_included
        return Response(_quote_head(priced) | answer)


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
