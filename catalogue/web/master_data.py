"""Brands, categories with their attributes, and tax classes with their rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.models import Brand, Category, CategoryAttribute, TaxClass
from catalogue.operations.master_data import (
    MAX_ATTRIBUTES,
    AttributeTerms,
    BadMasterData,
    save_brand,
    save_category,
    save_tax_class,
    set_tax_rate,
)
from kernel.refusals import Refusal
from kernel.typed_input import read_percentage
from ui.edit_conflicts import ChangedMeanwhile, fingerprint, save_version, submitted_version
from ui.web.actions import attempt
from ui.web.submit_once import once
from ui.web.typed_input import read_typed, typed_day

EMPTY_ROWS = 3
Values = Mapping[str, Any]
guarded = entering("catalogue.edit", kinds=(MANUFACTURER,))


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)


class CodeForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)


class CategoryForm(CodeForm):
    parent = forms.ModelChoiceField(
        Category.objects.none(), label=gettext_lazy("Parent category"), required=False
    )

    def __init__(self, *args: Any, row: Category, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["parent"]
        field.queryset = Category.objects.exclude(id=row.id).order_by("code")


@guarded
@require_GET
def overview(request: ActorRequest) -> HttpResponse:
    """Display brands, categories and tax classes with their use."""
    categories = Category.objects.select_related("parent").annotate(count=Count("product"))
    page = {
        "brands": list(Brand.objects.annotate(count=Count("product")).order_by("name")),
        "categories": list(categories.order_by("code")),
        "tax_classes": list(TaxClass.objects.annotate(count=Count("product")).order_by("code")),
    }
    return render(request, "catalogue/master_data.html", page)


@guarded
@once
def brand(request: ActorRequest, brand_id: UUID | None = None) -> HttpResponse:
    """Create or change a brand."""
    row: Brand = get_object_or_404(Brand.objects, id=brand_id) if brand_id else Brand()
    form = NameForm(request.POST or None, initial={"name": row.name})
    conflict = None
    if request.method == "POST" and form.is_valid():

        def save() -> None:
            row.name = form.cleaned_data["name"]
            save_brand(brand=row, by=request.actor, at=timezone.now())

        saved, conflict = _saved(request, form, read=lambda: _stored(Brand, brand_id), save=save)
        if saved:
            return _done(request)
    return _page(request, form, _("Brand"), row, conflict=conflict, url_name="brand")


@guarded
@once
def category(request: ActorRequest, category_id: UUID | None = None) -> HttpResponse:
    """Create or change a category with its attributes."""
    row: Category = get_object_or_404(Category.objects, id=category_id) if category_id else Category()
    initial = {"code": row.code, "name": row.name, "parent": row.parent_id}
    form = CategoryForm(request.POST or None, initial=initial, row=row)
    conflict = None
    if request.method == "POST" and form.is_valid():

        def save() -> None:
            row.code, row.name = form.cleaned_data["code"], form.cleaned_data["name"]
            row.parent = form.cleaned_data["parent"]
            terms = _attributes(request)
            save_category(category=row, attributes=terms, by=request.actor, at=timezone.now())

        saved, conflict = _saved(request, form, read=lambda: _stored(Category, category_id), save=save)
        if saved:
            return _done(request)
    lines: list[Any] = (
        list(CategoryAttribute.objects.filter(category=row).order_by("position")) if category_id else []
    )
    if request.method == "POST":
        lines = list(_attributes(request))
    empty = min(EMPTY_ROWS, MAX_ATTRIBUTES - len(lines))
    lines += [None] * empty
    more = {"attributes": lines, "kinds": CategoryAttribute.Kind.choices}
    return _page(request, form, _("Category"), row, conflict=conflict, url_name="category", **more)


def _attributes(request: ActorRequest) -> list[AttributeTerms]:
    columns = [
        [value.replace("\x00", "") for value in request.POST.getlist(f"attribute_{name}")]
        for name in ("name", "kind", "unit", "choices")
    ]
    return [
        AttributeTerms(name.strip(), kind, unit, choices.replace("、", ",").replace("，", ",").split(","))
        for name, kind, unit, choices in zip(*columns, strict=False)
        if name.strip()
    ]


@guarded
@once
def tax_class(request: ActorRequest, tax_class_id: UUID | None = None) -> HttpResponse:
    """Create or change a tax class; its page has the history of its rates."""
    row: TaxClass = get_object_or_404(TaxClass.objects, id=tax_class_id) if tax_class_id else TaxClass()
    form = CodeForm(request.POST or None, initial={"code": row.code, "name": row.name})
    conflict = None
    if request.method == "POST" and form.is_valid():

        def save() -> None:
            row.code, row.name = form.cleaned_data["code"], form.cleaned_data["name"]
            save_tax_class(tax_class=row, by=request.actor, at=timezone.now())

        saved, conflict = _saved(request, form, read=lambda: _stored(TaxClass, tax_class_id), save=save)
        if saved:
            return redirect("tax-class", tax_class_id=row.id)
    rates = list(row.rates.order_by("-starts_on")) if tax_class_id else []
    more = {"rates": rates, "is_tax_class": bool(tax_class_id)}
    return _page(request, form, _("Tax class"), row, conflict=conflict, url_name="tax-class", **more)


@guarded
@require_POST
@once
def add_rate(request: ActorRequest, tax_class_id: UUID) -> HttpResponse:
    """Set the rate of a tax class from a day on."""
    row: Any = get_object_or_404(TaxClass.objects, id=tax_class_id)

    def action() -> None:
        day = typed_day(request.POST.get("starts_on"), row=_("From"), field="starts_on")
        if day is None:
            raise BadMasterData(_("State the day from which the rate holds."), field="starts_on")
        rate = read_typed(read_percentage, request.POST.get("rate", ""), row=_("Tax rate"), field="rate")
        set_tax_rate(tax_class_id=row.id, starts_on=day, rate=rate, by=request.actor, at=timezone.now())

    attempt(request, action, success=_("The rate is set."))
    return redirect("tax-class", tax_class_id=row.id)


def _saved(
    request: ActorRequest, form: forms.Form, *, read: Callable[[], Values], save: Callable[[], None]
) -> tuple[bool, ChangedMeanwhile | None]:
    """Save over the version that the form was filled with; return whether it is saved, and the conflict."""
    try:
        with transaction.atomic():
            save_version(request, form, read=read, save=save)
    except ChangedMeanwhile as conflict:
        return False, conflict
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False, None
    return True, None


def _stored(model: type[Brand | Category | TaxClass], row_id: UUID | None, *, lock: bool = True) -> Values:
    """Return the stored values that would fill the form of a row, {} for a new one."""
    if row_id is None:
        return {}
    rows = model.objects.select_for_update() if lock else model.objects
    row: Any = get_object_or_404(rows, id=row_id)
    values = {name: getattr(row, name) for name in ("code", "name") if hasattr(row, name)}
    if isinstance(row, Category):
        columns = ("name", "kind", "unit", "choices")
        attributes = CategoryAttribute.objects.filter(category=row).order_by("position")
        values["attributes"] = [list(one) for one in attributes.values_list(*columns)]
    return values


def _done(request: ActorRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("master-data")


def _page(
    request: ActorRequest,
    form: forms.Form,
    noun: str,
    row: Any,
    *,
    conflict: ChangedMeanwhile | None,
    url_name: str,
    **more: Any,
) -> HttpResponse:
    stored = _stored(type(row), None if row._state.adding else row.id, lock=False)
    page = {
        "form": form,
        "noun": noun,
        "name": stored.get("name", ""),
        "row": row,
        "meanwhile": conflict,
        "version": str(conflict.details["version"]) if conflict else fingerprint(stored),
        "own_url": reverse(url_name, args=[row.id]) if stored else "",
    }
    if form.errors and not conflict:
        # What was typed stays based on the version that it was filled with.
        page["version"] = submitted_version(request)
    status = 422 if form.errors else 200
    return render(request, "catalogue/master_data_edit.html", page | more, status=status)
