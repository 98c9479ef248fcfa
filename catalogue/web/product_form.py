"""The form that creates or changes a product with its units, barcodes and attributes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.models import (
    Barcode,
    Brand,
    Category,
    CategoryAttribute,
    Product,
    ProductAttribute,
    TaxClass,
    Unit,
)
from catalogue.operations.product_details import set_attributes, set_units_and_barcodes
from catalogue.operations.products import MAX_FACTOR, BadProduct, add_product, edit_product
from kernel.refusals import Refusal
from kernel.typed_input import read_count, read_percentage
from ui.web.numbers import number
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import read_typed

FIRST_STAGES = (Product.Stage.DEVELOPMENT, Product.Stage.ACTIVE)


class ProductForm(forms.Form):
    sku = forms.CharField(label=gettext_lazy("SKU"), max_length=60)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"), choices=[(one.value, one.label) for one in FIRST_STAGES]
    )
    category = forms.ModelChoiceField(Category.objects.none(), label=gettext_lazy("Category"), required=False)
    brand = forms.ModelChoiceField(Brand.objects.none(), label=gettext_lazy("Brand"), required=False)
    base_unit = forms.CharField(label=gettext_lazy("Base unit"), max_length=20, initial="瓶")
    tax_class = forms.ModelChoiceField(
        TaxClass.objects.none(),
        label=gettext_lazy("Tax class"),
        required=False,
        help_text=gettext_lazy("The rate of a tax class follows its history; without one, write the rate."),
    )
    tax_rate = forms.CharField(label=gettext_lazy("Tax rate"), max_length=10, initial="13%")
    units = forms.CharField(
        label=gettext_lazy("Larger units"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("One a line, with its base units, such as case 12"),
    )
    barcodes = forms.CharField(
        label=gettext_lazy("Barcodes"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("One a line; after a barcode of a larger unit write that unit."),
    )

    def __init__(self, *args: Any, attributes: list[CategoryAttribute], is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["category"].queryset = Category.objects.order_by("code")
        fields["brand"].queryset = Brand.objects.order_by("name")
        fields["tax_class"].queryset = TaxClass.objects.order_by("code")
        if not is_new:
            del self.fields["stage"]
        for one in attributes:
            self.fields[f"attribute-{one.id}"] = _attribute_field(one)


def _attribute_field(one: CategoryAttribute) -> forms.Field:
    label = f"{one.name} ({one.unit})" if one.unit else one.name
    if one.kind == CategoryAttribute.Kind.CHOICE:
        choices = [("", "—"), *((value, value) for value in one.options)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    return forms.CharField(label=label, max_length=200, required=False)


@entering("catalogue.edit", kinds=(MANUFACTURER,))
@once
def edit(request: ActorRequest, product_id: UUID | None = None) -> HttpResponse:
    """Create a product, or change one."""
    stored = get_visible_or_404(Product.objects, request.actor, id=product_id) if product_id else None
    attributes = _attributes(stored)
    form = ProductForm(
        request.POST or None,
        initial=_values(stored) if stored else None,
        attributes=attributes,
        is_new=stored is None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                product = _save(request, stored, form.cleaned_data, attributes)
        except Refusal as refusal:
            form.add_error(_field_of(refusal, form, attributes), refusal.message)
        else:
            messages.success(request, _("The product is saved."))
            return redirect("product", product_id=product.id)
    page = {"form": form, "row": stored}
    return render(request, "catalogue/product_edit.html", page, status=422 if form.errors else 200)


def _attributes(stored: Product | None) -> list[CategoryAttribute]:
    if stored is None or stored.category_id is None:
        return []
    return list(CategoryAttribute.objects.filter(category_id=stored.category_id).order_by("position"))


def _values(stored: Product) -> dict[str, Any]:
    units = Unit.objects.filter(product=stored).order_by("factor")
    barcodes = Barcode.objects.filter(product=stored).select_related("unit").order_by("code")
    values = ProductAttribute.objects.filter(product=stored)
    return {
        "sku": stored.sku,
        "name": stored.name,
        "category": stored.category_id,
        "brand": stored.brand_id,
        "base_unit": stored.base_unit,
        "tax_class": stored.tax_class_id,
        "tax_rate": f"{number(stored.tax_rate * 100)}%",
        "units": "\n".join(f"{one.name} {one.factor}" for one in units),
        "barcodes": "\n".join(f"{one.code} {one.unit.name if one.unit else ''}".strip() for one in barcodes),
    } | {f"attribute-{one.attribute_id}": one.value for one in values}


def _field_of(refusal: Refusal, form: ProductForm, attributes: list[CategoryAttribute]) -> str | None:
    start, _dot, rest = refusal.field.partition(".")
    if start == "attributes":
        start = next((f"attribute-{one.id}" for one in attributes if one.name == rest), "")
    start = start.partition("[")[0]
    return start if start in form.fields else None


def _save(
    request: ActorRequest,
    stored: Product | None,
    typed: Mapping[str, Any],
    attributes: list[CategoryAttribute],
) -> Product:
    by, at = request.actor, timezone.now()
    product = stored or Product(stage=typed["stage"])
    for field in ("sku", "name", "category", "brand", "base_unit", "tax_class"):
        setattr(product, field, typed[field])
    product.tax_rate = _rate(typed["tax_rate"])
    units, barcodes = _units(typed["units"]), _barcodes(typed["barcodes"])
    if stored is None:
        return add_product(product=product, units=units, barcodes=barcodes, by=by, at=at)
    edit_product(product=product, by=by, at=at)
    set_units_and_barcodes(product=product, units=units, barcodes=barcodes, by=by, at=at)
    values = {one.id: typed.get(f"attribute-{one.id}", "") for one in attributes}
    set_attributes(product=product, values=values, by=by, at=at)
    return product


def _rate(text: str) -> Decimal:
    rate: Decimal = read_typed(read_percentage, text, row=_("Tax rate"), field="tax_rate")
    return rate


def _units(text: str) -> dict[str, int]:
    units: dict[str, int] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _gap, factor = line.replace("\t", " ").partition(" ")
        if name in units:
            message = _("The unit “%(name)s” is there twice.") % {"name": name}
            raise BadProduct(message, field="units")
        units[name] = read_typed(
            lambda typed: read_count(typed, max_count=MAX_FACTOR), factor.strip(), row=name, field="units"
        )
    return units


def _barcodes(text: str) -> list[tuple[str, str]]:
    barcodes = []
    for line in filter(None, map(str.strip, text.splitlines())):
        code, _gap, unit = line.replace("\t", " ").partition(" ")
        barcodes.append((code, unit.strip()))
    return barcodes
