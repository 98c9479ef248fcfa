"""The form in which a party counts its stock or enters goods that came in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.models import Product
from catalogue.queries import packings_of, products_like
from kernel.refusals import Refusal
from ordering.models import Stock
from ordering.operations.stock_reports import count_stock, receive_stock
from tenancy.models import new_id
from ui.web.submit_once import once
from ui.web.typed_input import UnreadableField, typed_units

MAX_PRODUCTS = 50
COUNT, RECEIPT = "count", "receipt"


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is entered"),
        choices=[
            (COUNT, gettext_lazy("stock count: the quantity replaces what is on hand")),
            (RECEIPT, gettext_lazy("goods received: the quantity is added")),
        ],
        widget=forms.RadioSelect,
        initial=COUNT,
    )
    document = forms.CharField(
        label=gettext_lazy("Document number"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("The same document counts once."),
    )


@entering("stock.edit")
@once
def count(request: ActorRequest) -> HttpResponse:
    """Display the products with their stock; save the typed quantities of the actor's own party."""
    typed_text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    products = Product.objects.visible_to(request.actor).exclude(stage=Product.Stage.ENDED)
    found = products_like(products, typed_text) if typed_text else products
    rows = _rows(request, list(found.order_by("sku")[: MAX_PRODUCTS + 1]))
    form, wrong = ReportForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            changed = _save(request, form.cleaned_data, rows)
        except Refusal as refusal:
            wrong = refusal.message
        else:
            text = ngettext(
                "The stock of %(n)d product has changed.", "%(n)d products have changed.", changed
            )
            messages.success(request, text % {"n": changed})
            return redirect("stock")
    page = {
        "form": form,
        "rows": rows[:MAX_PRODUCTS],
        "more": len(rows) > MAX_PRODUCTS,
        "typed_text": typed_text,
        "wrong": wrong,
    }
    return render(request, "ordering/stock_count.html", page, status=422 if wrong or form.errors else 200)


def _rows(request: ActorRequest, products: list[Product]) -> list[dict[str, Any]]:
    """Return the products with their units, what is on hand and what was typed. Two statements."""
    ids = [product.id for product in products]
    stock = Stock.objects.filter(party_id=request.actor.party_id, product_id__in=ids)
    on_hand = dict(stock.values_list("product_id", "on_hand"))
    packings = packings_of(ids)
    return [
        {
            "product": product,
            "packing": packings.get(product.id),
            "on_hand": on_hand.get(product.id, 0),
            "qty": request.POST.get(f"qty-{product.id}", ""),
        }
        for product in products
    ]


def _save(request: ActorRequest, typed: dict[str, Any], rows: list[dict[str, Any]]) -> int:
    """Save the typed quantities; return how many products changed. Raise UnreadableField, Promised …"""
    filled = [row for row in rows if row["qty"].strip()]
    if not filled:
        raise UnreadableField(_("Type at least one quantity."))
    quantities = [
        (row["product"].sku, typed_units(row["qty"], row=row["product"].sku, packing=row["packing"]))
        for row in filled
    ]
    party_id, document = request.actor.party_id, typed["document"].strip()
    given: dict[str, Any] = {
        "party_id": party_id,
        "rows": quantities,
        "source": f"document:{document}" if document else f"form:{new_id()}",
        "by": request.actor,
        "at": timezone.now(),
    }
    with transaction.atomic():
        report = receive_stock if typed["kind"] == RECEIPT else count_stock
        return report(**given).changed
