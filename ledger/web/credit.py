"""The form in which a seller sets the credit terms of a buyer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from kernel.refusals import Refusal
from ledger.models import Book
from ledger.operations.receipts import set_credit
from ledger.web.books import visible_book
from ui.edit_conflicts import ChangedMeanwhile, fingerprint, save_version
from ui.web.submit_once import once
from ui.web.typed_input import AmountField, CountField

FIELDS = ("credit_limit", "payment_days", "max_overdue_days", "horizon_days")
MAX_DAYS = 3650


class CreditForm(forms.Form):
    credit_limit = AmountField(
        label=gettext_lazy("Credit limit"),
        required=False,
        help_text=gettext_lazy("Empty: the amount is not limited."),
    )
    payment_days = CountField(
        label=gettext_lazy("Payment terms (days)"), min_value=0, max_value=MAX_DAYS, initial=30
    )
    max_overdue_days = CountField(
        label=gettext_lazy("Hold orders when overdue by more than (days)"),
        min_value=0,
        max_value=MAX_DAYS,
        required=False,
        help_text=gettext_lazy("Empty: age holds no order."),
    )
    horizon_days = CountField(
        label=gettext_lazy("Count open orders due within (days)"),
        min_value=0,
        max_value=MAX_DAYS,
        required=False,
        help_text=gettext_lazy("Empty: every open order counts."),
    )


@entering("ledger.post")
@once
def credit(request: ActorRequest, book_id: UUID) -> HttpResponse:
    """Display and save the credit terms of an account, as its seller."""
    found = visible_book(request.actor, book_id)
    if found.seller_id != request.actor.party_id:
        raise Http404
    initial = _values(found)
    meanwhile, version = None, fingerprint(initial)
    form = CreditForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                save_version(
                    request,
                    form,
                    read=lambda: _values(Book.objects.select_for_update().get(id=book_id)),
                    save=lambda: set_credit(
                        book_id=book_id, by=request.actor, at=timezone.now(), **form.cleaned_data
                    ),
                )
        except ChangedMeanwhile as refusal:
            meanwhile, version = refusal, str(refusal.details["version"])
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The credit terms are saved. Held orders are checked again."))
            return redirect("book", book_id=book_id)
    page = {"book": found, "form": form, "meanwhile": meanwhile, "version": version}
    return render(request, "ledger/credit.html", page, status=422 if form.errors else 200)


def _values(book: Book) -> dict[str, Any]:
    return {name: getattr(book, name) for name in FIELDS}
