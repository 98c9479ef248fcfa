"""The list of products, and the page of one product with its units and barcodes."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.models import Barcode, Category, Product, Unit
from ui.models import local_name
from ui.queries.search import objects_like
from ui.web.components import Badge
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.local_names import unit_name
from ui.web.shortcuts import get_visible_or_404

STAGES = {
    Product.Stage.TRIAL: ("info", "flask"),
    Product.Stage.ACTIVE: ("", "circle-check"),
    Product.Stage.ENDING: ("warn", "hourglass"),
    Product.Stage.ENDED: ("", "ban"),
}


def stage_state(product: Product) -> Badge:
    mood, icon = STAGES[Product.Stage(product.stage)]
    return Badge(Product.Stage(product.stage).label, mood, icon)


def categories(request: Any) -> QuerySet[Category]:
    return Category.objects.order_by("code")


class ProductFilter(django_filters.FilterSet):
    category = django_filters.ModelChoiceFilter(queryset=categories, label=gettext_lazy("category"))
    stage = django_filters.MultipleChoiceFilter(choices=Product.Stage.choices, label=gettext_lazy("stage"))

    class Meta:
        model = Product
        fields: ClassVar[list[str]] = []


FORM_START = (
    Column("sku", gettext_lazy("SKU"), kind="code"),
    Column("barcode", gettext_lazy("Barcode"), kind="code"),
    Column("name", gettext_lazy("Product"), kind="name"),
)
FORM_END = (
    Column("unit", gettext_lazy("Unit"), "ordering_unit"),
    Column("quantity", gettext_lazy("Quantity"), lambda row: "", kind="whole"),
)


class Products(ListPage):
    name = "products"
    title = gettext_lazy("Products")
    filters = ProductFilter
    search_hint = gettext_lazy("name, pinyin initials, SKU, barcode")
    order = "sku"
    tall = True
    empty = Empty(
        gettext_lazy("No product yet"),
        gettext_lazy("Products are added in the master data."),
        "package",
    )
    tabs = (Tab(gettext_lazy("All")), Tab(gettext_lazy("On trial"), "stage=trial"))
    columns = (
        Column("name", gettext_lazy("Product"), kind="name", sort="name", under="sku"),
        Column("sku", gettext_lazy("SKU"), kind="code", sort="sku", displayed=False),
        Column("category", gettext_lazy("Category"), lambda row: local_name(row.category)),
        Column("brand", gettext_lazy("Brand"), lambda row: local_name(row.brand)),
        Column("base_unit", gettext_lazy("Base unit"), lambda row: unit_name(row.base_unit)),
        Column("tax_rate", gettext_lazy("Tax rate"), kind="percent"),
        Column("stage", gettext_lazy("Stage"), stage_state, kind="state"),
    )

    @property
    def exported(self) -> list[Column]:
        """Return the columns of a form that is filled with quantities and uploaded as an order."""
        others = [column for column in self.visible if column.key not in ("sku", "name")]
        return [*FORM_START, *others, *FORM_END]

    def enrich_export(self, rows: list[Any]) -> None:
        """Add the barcode and the ordering unit, the smallest larger one; two statements."""
        ids = [row.id for row in rows]
        held = Barcode.objects.filter(product_id__in=ids).order_by(F("unit__factor").desc(nulls_last=True))
        barcodes = dict(held.values_list("product_id", "code"))
        larger = Unit.objects.filter(product_id__in=ids).order_by("-factor", "-name")
        units = dict(larger.values_list("product_id", "name"))
        for row in rows:
            row.barcode = barcodes.get(row.id, "")
            row.ordering_unit = units.get(row.id, row.base_unit)

    def rows(self) -> QuerySet[Product]:
        found: QuerySet[Product] = Product.objects.visible_to(self.actor).select_related("category", "brand")
        return found

    def search(self, rows: QuerySet[Product], typed: str) -> QuerySet[Product]:
        return rows.filter(objects_like("product", typed))

    def href(self, row: Product) -> str:
        return reverse("product", args=[row.id])


@entering("catalogue.view")
@require_GET
def product(request: ActorRequest, product_id: UUID) -> HttpResponse:
    """Display a product with its units and barcodes."""
    rows = Product.objects.select_related("category", "brand")
    found = get_visible_or_404(rows, request.actor, id=product_id)
    barcodes = Barcode.objects.filter(product_id=product_id).select_related("unit")
    page = {
        "product": found,
        "stage": stage_state(found),
        "units": list(Unit.objects.filter(product_id=product_id).order_by("factor")),
        "barcodes": list(barcodes.order_by("code")),
    }
    return render(request, "catalogue/product.html", page)
