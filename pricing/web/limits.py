"""The list of price limits, the form of one, and its end."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.models import Product
from kernel.refusals import Refusal
from pricing.models import Limit
from pricing.operations.limits import end_limit, set_limit
from pricing.web.lists import term_of
from ui.edit_conflicts import ChangedMeanwhile, fingerprint, save_version
from ui.queries.search import objects_like
from ui.web.actions import attempt
from ui.web.last_days import LastDayField
from ui.web.lists import Column, Empty, ListPage
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import AmountField, DayField

FIELDS = ("clause", "contract_code", "floor", "ceiling", "action", "starts_on", "until")


class LimitFilter(django_filters.FilterSet):
    action = django_filters.ChoiceFilter(choices=Limit.Action.choices, label=gettext_lazy("action"))

    class Meta:
        model = Limit
        fields: ClassVar[list[str]] = []


class Limits(ListPage):
    name = "limits"
    title = gettext_lazy("Price limits")
    filters = LimitFilter
    search_hint = gettext_lazy("name, pinyin initials, SKU, barcode")
    order = "product__sku"
    tall = True
    empty = Empty(
        gettext_lazy("No price limit yet"),
        gettext_lazy("A floor or a ceiling for the net price at which you sell a product yourself."),
        "shield",
        "limit-new",
        gettext_lazy("Add a price limit"),
        "price.edit",
    )
    columns = (
        Column(
            "product",
            gettext_lazy("Product"),
            "product__name",
            kind="name",
            sort="product__sku",
            under="product__sku",
        ),
        Column("seller", gettext_lazy("Seller"), "seller__name", displayed=False),
        Column("clause", gettext_lazy("Clause"), under="contract_code"),
        Column("floor", gettext_lazy("Floor"), kind="price"),
        Column("ceiling", gettext_lazy("Ceiling"), kind="price"),
        Column("action", gettext_lazy("Outside the limit"), "get_action_display"),
        Column("term", gettext_lazy("In force"), term_of),
    )

    def rows(self) -> QuerySet[Limit]:
        found: QuerySet[Limit] = Limit.objects.visible_to(self.actor).select_related("product", "seller")
        return found

    def search(self, rows: QuerySet[Limit], typed: str) -> QuerySet[Limit]:
        return rows.filter(product__in=Product.objects.filter(objects_like("product", typed)))

    def offers(self, column: Column) -> bool:
        return column.key != "seller" or self.actor.party_kind == MANUFACTURER

    def href(self, row: Limit) -> str:
        return reverse("limit", args=[row.id]) if row.seller_id == self.actor.party_id else ""


class LimitForm(forms.Form):
    sku = forms.CharField(label=gettext_lazy("SKU"), max_length=60)
    clause = forms.CharField(
        label=gettext_lazy("Clause"),
        max_length=60,
        help_text=gettext_lazy("Where the limit comes from: a contract's clause or a rule of your own."),
    )
    floor = AmountField(label=gettext_lazy("Floor"), decimal_places=4, max_digits=14, required=False)
    ceiling = AmountField(label=gettext_lazy("Ceiling"), decimal_places=4, max_digits=14, required=False)
    action = forms.ChoiceField(label=gettext_lazy("Outside the limit"), choices=Limit.Action.choices)
    contract_code = forms.CharField(label=gettext_lazy("Only for contract"), max_length=40, required=False)
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    until = LastDayField(label=gettext_lazy("Valid through"), required=False)

    def clean_sku(self) -> str:
        sku: str = self.cleaned_data["sku"].strip()
        if not Product.objects.filter(sku=sku).exists():
            raise forms.ValidationError(_("There is no product with this SKU."))
        return sku


@entering("price.edit")
@once
def edit(request: ActorRequest, limit_id: UUID | None = None) -> HttpResponse:
    """Add a limit of the own sales, or change one."""
    stored = _own(request, limit_id) if limit_id else None
    initial = _values(stored) if stored else {}
    meanwhile, version = None, fingerprint(initial)
    form = LimitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                save_version(
                    request,
                    form,
                    read=lambda: _values(_own(request, stored.id)) if stored else {},
                    save=lambda: _save(request, stored, form.cleaned_data),
                )
        except ChangedMeanwhile as refusal:
            meanwhile, version = refusal, str(refusal.details["version"])
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The price limit is saved."))
            return redirect("limits")
    page = {"form": form, "row": stored, "meanwhile": meanwhile, "version": version}
    return render(request, "pricing/limit_edit.html", page, status=422 if form.errors else 200)


def _own(request: ActorRequest, limit_id: UUID) -> Limit:
    rows = Limit.objects.select_related("product")
    found: Limit = get_visible_or_404(rows, request.actor, id=limit_id, seller_id=request.actor.party_id)
    return found


def _values(stored: Limit) -> dict[str, Any]:
    return {name: getattr(stored, name) for name in FIELDS} | {"sku": stored.product.sku}


def _save(request: ActorRequest, stored: Limit | None, typed: dict[str, Any]) -> Limit:
    limit = stored or Limit(seller_id=request.actor.party_id)  # type: ignore[misc]  # a party's person
    limit.product = Product.objects.get(sku=typed["sku"])
    for name in FIELDS:
        setattr(limit, name, typed[name])
    return set_limit(limit=limit, by=request.actor, at=timezone.now())


@entering("price.edit")
@once
@require_POST
def end(request: ActorRequest, limit_id: UUID) -> HttpResponse:
    """End a limit today: it does not hold from today on."""
    actor, stored = request.actor, _own(request, limit_id)
    attempt(
        request,
        lambda: end_limit(limit_id=stored.id, on=timezone.localdate(), by=actor, at=timezone.now()),
        success=_("The price limit has ended."),
    )
    return redirect("limits")
