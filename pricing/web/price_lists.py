"""Pages that draft a price list by pasting, publish it, withdraw it and draft its next version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from approvals.models import Approval
from approvals.queries import outcome
from kernel.refusals import Refusal
from pricing.models import AudienceKind, PriceList
from pricing.operations.price_lists import (
    draft_price_list,
    edit_price_list,
    new_version,
    publish_price_list,
    set_entries,
    withdraw_price_list,
)
from pricing.web.drafts import DraftPage, date_input, edit_draft, own_row
from pricing.web.price_rows import rows_of, text_of
from ui.web.actions import attempt
from ui.web.last_days import LastDayField
from ui.web.submit_once import once

ACTIONS: dict[str, tuple[Callable[..., PriceList | Approval], Any]] = {
    "publish": (publish_price_list, gettext_lazy("The price list is in force.")),
    "withdraw": (withdraw_price_list, gettext_lazy("The price list is withdrawn.")),
    "next": (new_version, gettext_lazy("A draft of the next version is made.")),
}
MAX_ERRORS = 8


class PriceListForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    audience_kind = forms.ChoiceField(label=gettext_lazy("For whom"), choices=AudienceKind.choices)
    audience_value = forms.CharField(
        label=gettext_lazy("Its code"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("The code of the tier, region, tag …; for a level: dealer, member or outlet."),
    )
    priority = forms.IntegerField(label=gettext_lazy("Priority"), initial=0)
    starts_on = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=date_input(),
    )
    until = LastDayField(label=gettext_lazy("Valid through"), required=False, widget=date_input())
    entries = forms.CharField(
        label=gettext_lazy("Prices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "tp-mono"}),
        help_text=gettext_lazy(
            "One a line: SKU, price, then if wanted from which quantity; or SKU, price, per how many base"
            " units and from which quantity. A first line of headings may name the columns."
        ),
    )


def _values(stored: PriceList) -> dict[str, Any]:
    names = ("code", "name", "audience_kind", "audience_value", "priority", "starts_on", "until")
    return {name: getattr(stored, name) for name in names} | {"entries": text_of(stored)}


def _save(stored: PriceList | None, typed: dict[str, Any], actor: Actor) -> PriceList:
    now, rows = timezone.now(), rows_of(typed["entries"])
    fields = {name: value for name, value in typed.items() if name != "entries"}
    if stored is None:
        made = PriceList(seller_id=actor.party_id, **fields)  # type: ignore[misc]  # fields by name
        return draft_price_list(price_list=made, entries=rows, by=actor, at=now)
    for name, value in fields.items():
        setattr(stored, name, value)
    edit_price_list(price_list=stored, by=actor, at=now)
    set_entries(price_list_id=stored.id, entries=rows, by=actor, at=now)
    return stored


def _show_errors(form: PriceListForm, refusal: Refusal) -> None:
    """Add an error for each invalid row, with its number and field; otherwise the refusal's message."""
    errors: Any = refusal.details.get("errors") or ()
    for error in errors[:MAX_ERRORS]:
        form.add_error("entries", f"{_row_number(error['field'])}: {error['message']}")
    if len(errors) > MAX_ERRORS:
        form.add_error("entries", _("and %(more)s more") % {"more": len(errors) - MAX_ERRORS})
    if not errors:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.message)


def _row_number(path: str) -> str:
    """Return the path entries[3].price as "row 4, price"."""
    place, _dot, name = path.removeprefix("entries[").partition("].")
    number = int(place.rstrip("]")) + 1 if place.rstrip("]").isdigit() else place
    return _("row %(number)s, %(name)s") % {"number": number, "name": name or "—"}


PAGE = DraftPage(
    PriceList, PriceListForm, "pricing/price_list_edit.html", "price-list", _values, _save, _show_errors
)


@entering("price.edit")
@once
def edit(request: ActorRequest, price_list_id: UUID | None = None) -> HttpResponse:
    """Create or change a draft of a price list."""
    return edit_draft(request, PAGE, price_list_id)


@entering("price.edit")
@once
@require_POST
def run_action(request: ActorRequest, price_list_id: UUID, action: str) -> HttpResponse:
    """Publish, withdraw, or draft the next version of a price list."""
    if action not in ACTIONS:
        raise Http404
    actor = request.actor
    stored, (does, message) = own_row(PriceList, actor, price_list_id), ACTIONS[action]
    made = attempt(
        request,
        lambda: does(price_list_id=stored.id, by=actor, at=timezone.now()),
        success=outcome(str(message)),
    )
    return redirect("price-list", price_list_id=made.id if isinstance(made, PriceList) else stored.id)
