"""The report of the prices that people of the seller set by hand."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from catalogue.models import Product
from catalogue.queries import products_like
from ordering.models import ManualPrice
from ui.web.lists import Column, Empty, ListPage
from ui.web.typed_filters import DayRangeFilter

DIRECTIONS = (
    ("below", gettext_lazy("below the list price")),
    ("above", gettext_lazy("above the list price")),
)


class ManualPriceFilter(django_filters.FilterSet):
    ordered = DayRangeFilter(field_name="order__placed_on", label=gettext_lazy("placed on"))
    direction = django_filters.ChoiceFilter(
        choices=DIRECTIONS, method="of_direction", label=gettext_lazy("difference")
    )

    class Meta:
        model = ManualPrice
        fields: ClassVar[list[str]] = []

    def of_direction(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(difference__lt=0) if value == "below" else rows.filter(difference__gt=0)


class ManualPrices(ListPage):
    name = "manual-prices"
    title = gettext_lazy("Manual prices")
    filters = ManualPriceFilter
    search_hint = gettext_lazy("name, pinyin initials, SKU, barcode")
    tall = True
    empty = Empty(
        gettext_lazy("No manual prices"),
        gettext_lazy("Prices that your people set for lines of orders are listed here, with their reasons."),
        "pencil",
    )
    columns = (
        Column("order", gettext_lazy("Order"), "order__number", kind="name", under="order__buyer__name"),
        Column("product", gettext_lazy("Product"), "product__name", under="sku"),
        Column("qty", gettext_lazy("Quantity"), kind="whole"),
        Column("per", gettext_lazy("per base units"), kind="whole"),
        Column("list_price", gettext_lazy("List price"), kind="price", under="price_list"),
        Column("price", gettext_lazy("Manual price"), kind="price"),
        Column("difference", gettext_lazy("Difference"), kind="money", sort="difference"),
        Column("reason", gettext_lazy("Reason")),
        Column("set_by", gettext_lazy("Set by"), "set_by_name"),
        Column("set_at", gettext_lazy("Set at"), kind="moment"),
    )

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = ManualPrice.objects.visible_to(self.actor)
        return rows.select_related("order", "order__buyer", "product")

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        return rows.filter(product__in=products_like(Product.objects.all(), typed))

    def href(self, row: Any) -> str:
        return reverse("order", args=[row.order_id])
