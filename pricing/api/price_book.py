"""The API view of a buyer's price book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from accounts.work_budget import begin_work, spend_work
from catalogue.models import Product
from catalogue.queries import products_like
from pricing.api.serializers import UnavailableSerializer
from pricing.queries.price_book import priced_products, prices_of
from pricing.queries.trade_parties import ProductFacts, TradeParties, two_parties
from pricing.queries.traders import day_of_prices, quote_parties
from ui.api import known_only
from ui.web.typed_filters import DayFilter
from ui.web.typed_input import typed_day

Decimals = serializers.CharField
STEPS_A_PRODUCT = 10


class PriceBreakSerializer(serializers.Serializer):
    """The price of `per` base units from `from_qty` base units on; `unit_price` is after a special price."""

    from_qty = serializers.IntegerField()
    price_list = serializers.CharField()
    base_price = Decimals()
    per = serializers.IntegerField()
    unit_price = Decimals()


class BookPriceSerializer(serializers.Serializer):
    """A product with its prices by quantity and the codes of the schemes that cover it."""

    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    breaks = PriceBreakSerializer(many=True)
    schemes = serializers.ListField(child=serializers.CharField())
    unavailable = UnavailableSerializer(
        allow_null=True, help_text="Why the buyer cannot order the product now; null if it can."
    )


class PriceBookFilter(django_filters.FilterSet):
    buyer = django_filters.CharFilter(method="_of_the_book", label="The buyer, by id or code.")
    seller = django_filters.CharFilter(method="_of_the_book", label="The seller; the supplier by default.")
    on = DayFilter(method="_of_the_book", label="The date of the prices; today by default.")
    category = django_filters.CharFilter(field_name="category__code", label="The code of a category.")
    search = django_filters.CharFilter(method="_like", label="Words of the name, SKU, pinyin, barcode.")

    class Meta:
        model = Product
        fields: list[str] = []

    def _of_the_book(self, rows: QuerySet[Product], name: str, value: Any) -> QuerySet[Product]:
        """Leave the rows as they are: the book itself depends on these parameters."""
        return rows

    def _like(self, rows: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return products_like(rows, value)


class PriceBookList(ListAPIView):
    """List the prices of all products for a buyer, with their quantity breaks and schemes."""

    right = "price.view"
    serializer_class: Any = BookPriceSerializer
    filterset_class = PriceBookFilter
    queryset = Product.objects.none()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        begin_work(request)
        known_only(request, {*self.filterset_class.base_filters, "cursor", "page_size"})
        parties, on = self.book
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        products = list(_facts(page or []))
        spend_work(request, STEPS_A_PRODUCT * len(products))
        prices = prices_of(parties, products, on=on)
        return self.get_paginated_response(BookPriceSerializer(prices.values(), many=True).data)

    def get_queryset(self) -> Any:
        parties, on = self.book
        return priced_products(parties, on=on)

    @cached_property
    def book(self) -> tuple[TradeParties, date]:
        """Return the parties and the day of the book. Raise UnknownParty or FuturePrices."""
        query, actor = self.request.query_params, actor_of(self.request)
        seller_id, buyer_id = quote_parties(
            buyer=query.get("buyer") or None, seller=query.get("seller") or None, actor=actor
        )
        requested = typed_day(query.get("on"), row="on", field="on")
        on = day_of_prices(requested, seller_id=seller_id, actor=actor, today=timezone.localdate())
        return two_parties(seller_id=seller_id, buyer_id=buyer_id, on=on), on


def _facts(rows: Any) -> Iterator[ProductFacts]:
    for one in rows:
        yield ProductFacts(one.id, one.sku, one.name, one.tax_rate)
