"""The list of products, and the page of one product with its units and barcodes."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.models import (
    Barcode,
    Brand,
    Category,
    Portfolio,
    Product,
    ProductAttribute,
    ProductPicture,
    StageChange,
    TaxRate,
    Unit,
)
from catalogue.queries import overlaps_of
from catalogue.web.labels import stage_state
from catalogue.web.stages import next_stages
from ui.models import local_name
from ui.queries.search import objects_like
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.local_names import unit_name
from ui.web.shortcuts import get_visible_or_404


def categories(request: Any) -> QuerySet[Category]:
    return Category.objects.order_by("code")


def brands(request: Any) -> QuerySet[Brand]:
    return Brand.objects.order_by("name")


class ProductFilter(django_filters.FilterSet):
    category = django_filters.ModelChoiceFilter(queryset=categories, label=gettext_lazy("category"))
    brand = django_filters.ModelChoiceFilter(queryset=brands, label=gettext_lazy("brand"))
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
        gettext_lazy("A product has its units, barcodes and stage."),
        "package",
        "product-new",
        gettext_lazy("Add a product"),
        "catalogue.edit",
    )
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("On sale"), "stage=active"),
        Tab(gettext_lazy("On trial"), "stage=trial"),
        Tab(gettext_lazy("Being phased out"), "stage=ending"),
    )
    columns = (
        Column("name", gettext_lazy("Product"), kind="name", sort="name", under="sku"),
        Column("picture", gettext_lazy("Picture"), cell="catalogue/picture_cell.html", phone="hidden"),
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
        others = [column for column in self.visible if column.key not in ("sku", "name", "picture")]
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
        first = ProductPicture.objects.filter(product=OuterRef("pk")).order_by("position", "id")
        return found.annotate(picture=Subquery(first.values("id")[:1]))

    def search(self, rows: QuerySet[Product], typed: str) -> QuerySet[Product]:
        return rows.filter(objects_like("product", typed))

    def href(self, row: Product) -> str:
        return reverse("product", args=[row.id])


@entering("catalogue.view")
@require_GET
def product(request: ActorRequest, product_id: UUID) -> HttpResponse:
    """Display a product with its units, barcodes, attributes and pictures; to staff also its history."""
    rows = Product.objects.select_related("category", "brand", "tax_class", "successor")
    found = get_visible_or_404(rows, request.actor, id=product_id)
    barcodes = Barcode.objects.filter(product_id=product_id).select_related("unit")
    attributes = ProductAttribute.objects.filter(product_id=product_id).select_related("attribute")
    page = {
        "product": found,
        "stage": stage_state(found),
        "units": list(Unit.objects.filter(product_id=product_id).order_by("factor")),
        "barcodes": list(barcodes.order_by("code")),
        "attributes": list(attributes.order_by("attribute__position")),
        "pictures": list(found.pictures.only("id", "width", "height").order_by("position", "id")),
        "is_staff": request.actor.party_kind == MANUFACTURER,
        "may_edit": request.actor.party_kind == MANUFACTURER and request.actor.may("catalogue.edit"),
    }
    if page["is_staff"]:
        page |= _for_staff(found)
    return render(request, "catalogue/product.html", page)


def _for_staff(found: Product) -> dict[str, Any]:
    changes = StageChange.objects.filter(product=found).select_related("successor").order_by("-at", "-id")
    rates = TaxRate.objects.filter(tax_class_id=found.tax_class_id).order_by("-starts_on")
    return {
        "next_stages": next_stages(found),
        "changes": list(changes[:50]),
        "rates": list(rates[:20]) if found.tax_class_id else [],
        "portfolios": list(Portfolio.objects.filter(products__product=found).order_by("code")[:50]),
        "overlaps": overlaps_of(found),
    }
