"""The form that copies a price list: into its next version, or into a list of another code."""

from __future__ import annotations

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
from django.views.decorators.http import require_http_methods

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from kernel.refusals import Refusal
from pricing.domain.list_entries import MAX_PLACES
from pricing.models import PriceList
from pricing.operations.list_copies import MAX_PERCENT, Repricing, copy_price_list, new_version
from pricing.web.drafts import own_row
from ui.web.last_days import LastDayField
from ui.web.submit_once import once
from ui.web.typed_input import AmountField, DayField

PLACES = tuple((str(places), str(places)) for places in range(MAX_PLACES + 1))


class PercentField(AmountField):
    """A change in percent: 3, +3%, -2.5 %."""

    def read(self, typed: str) -> Decimal:
        return super().read(typed.strip().rstrip("%\N{FULLWIDTH PERCENT SIGN}"))


class NextVersionForm(forms.Form):
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    until = LastDayField(label=gettext_lazy("Valid through"), required=False)
    percent = PercentField(
        label=gettext_lazy("Change of all prices in %"),
        required=False,
        min_value=-100,
        max_value=MAX_PERCENT,
        help_text=gettext_lazy("3 raises each price by 3%, -2.5 lowers it by 2.5%; empty leaves it."),
    )
    places = forms.TypedChoiceField(
        label=gettext_lazy("Round to decimal places"), choices=PLACES, coerce=int, initial=str(MAX_PLACES)
    )
    with_advised = forms.BooleanField(
        label=gettext_lazy("Change the advised resale prices too"), required=False
    )

    @property
    def repricing(self) -> Repricing:
        typed = self.cleaned_data
        percent = typed["percent"] or Decimal(0)
        return Repricing(percent, typed["places"], typed["with_advised"])


class CopyForm(NextVersionForm):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    field_order = ("code", "name", "starts_on", "until", "percent", "places", "with_advised")


@entering("price.edit")
@once
@require_http_methods(["GET", "POST"])
def copy(request: ActorRequest, price_list_id: UUID) -> HttpResponse:
    """Copy an own list into a draft of another code."""
    found: PriceList = own_row(PriceList, request.actor, price_list_id)
    return _form(request, found, CopyForm(request.POST or None), is_version=False)


@entering("price.edit")
@once
@require_http_methods(["GET", "POST"])
def next_version(request: ActorRequest, price_list_id: UUID) -> HttpResponse:
    """Draft the next version of an own list, from a day in the future if wanted."""
    found: PriceList = own_row(PriceList, request.actor, price_list_id)
    return _form(request, found, NextVersionForm(request.POST or None), is_version=True)


def _form(
    request: ActorRequest, found: PriceList, form: NextVersionForm, *, is_version: bool
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = _make(request, found, form, is_version)
        except Refusal as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("price-list", made.id)
    facts = {"row": found, "form": form, "is_version": is_version}
    return render(request, "pricing/copy.html", facts, status=422 if form.errors else 200)


def _make(request: ActorRequest, found: PriceList, form: NextVersionForm, is_version: bool) -> PriceList:
    typed = form.cleaned_data
    given: dict[str, Any] = {
        "price_list_id": found.id,
        "starts_on": typed["starts_on"],
        "until": typed["until"],
        "repricing": form.repricing,
        "by": request.actor,
        "at": timezone.now(),
    }
    if is_version:
        return new_version(**given)
    return copy_price_list(code=typed["code"], name=typed["name"], **given)


def _show(form: NextVersionForm, refusal: Refusal) -> None:
    """Add the refusal's message at its field, or each of its errors."""
    errors: Any = refusal.details.get("errors") or ()
    for error in errors[:8]:
        form.add_error(None, error["message"])
    if not errors:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
