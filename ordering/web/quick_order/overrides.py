"""The form that sets the price of a draft's line by hand, for people of the seller."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.web.requests import ActorRequest
from kernel.refusals import Refusal
from ordering.domain.quick_order.sheet_rows import SheetRow
from ordering.operations.carts import CartChanged
from ordering.operations.manual_prices import (
    MAX_REASON_CHARACTERS,
    clear_line_price,
    must_override,
    set_line_price,
)
from ordering.queries.quick_order.sheet import price_sheet
from ordering.web.quick_order.desk import Desk, read_desk
from ordering.web.quick_order.draft import may_place
from ui.web.submit_once import once
from ui.web.typed_input import AmountField


class PriceForm(forms.Form):
    price = AmountField(label=gettext_lazy("Manual price"), decimal_places=4, max_digits=14)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=MAX_REASON_CHARACTERS,
        help_text=gettext_lazy("It is stored with the order and listed among the manual prices."),
    )


@may_place
@once
def override_price(request: ActorRequest) -> HttpResponse:
    """Display the form of one line; save the price, or withdraw it, and return to the draft."""
    given = request.POST if request.method == "POST" else request.GET
    desk = read_desk(request, given)
    must_override(desk.seller.id, by=request.actor)
    row = _row_of(desk, given.get("sku", ""))
    initial = {"price": row.price or "", "reason": ""}
    if row.override is not None:
        initial = {"price": row.override.price_of(row.factor), "reason": row.override.reason}
    form = PriceForm(request.POST or None, initial=initial)
    if request.method == "POST":
        clears = request.POST.get("action") == "clear"
        if clears or form.is_valid():
            try:
                with transaction.atomic():
                    _save(request, desk, row, {} if clears else form.cleaned_data)
            except CartChanged as conflict:
                messages.error(request, conflict.message)
                return redirect(desk.url())
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            else:
                done = _("The list price applies again.") if clears else _("The manual price is saved.")
                messages.success(request, done)
                return redirect(desk.url())
    facts = {"form": form, "desk": desk, "row": row, "version": desk.version}
    status = 422 if request.method == "POST" else 200
    return render(request, "ordering/quick_order/override.html", facts, status=status)


def _row_of(desk: Desk, sku: str) -> SheetRow:
    """Return the draft's row of the SKU, priced today. Raises Http404."""
    line = next((one for one in desk.lines if one.sku == sku), None)
    if desk.cart is None or line is None:
        raise Http404
    today = timezone.localdate()
    sheet = price_sheet(seller_id=desk.seller.id, buyer_id=desk.buyer.id, lines=[line], on=today)
    row = sheet.row_of(sku)
    if row is None:
        raise Http404
    return row


def _save(request: ActorRequest, desk: Desk, row: SheetRow, typed: dict[str, Any]) -> None:
    assert desk.cart is not None
    common: dict[str, Any] = {
        "cart_id": desk.cart.id,
        "version": desk.version,
        "sku": row.product.sku,
        "by": request.actor,
        "at": timezone.now(),
    }
    if typed:
        set_line_price(**common, price=typed["price"], per=row.factor, reason=typed["reason"])
    else:
        clear_line_price(**common)
