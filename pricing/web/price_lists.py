"""Pages that draft a price list by pasting, and withdraw one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from approvals.models import Approval
from approvals.queries import outcome
from kernel.refusals import Refusal
from pricing.models import PriceList
from pricing.operations.price_lists import (
    draft_price_list,
    edit_price_list,
    set_entries,
    withdraw_price_list,
)
from pricing.operations.price_rows import entries_of
from pricing.queries.audience_names import audience_names
from pricing.web.drafts import DraftPage, edit_draft, own_row
from pricing.web.picks import named
from pricing.web.price_list_form import WITH_TAX, WITHOUT_TAX, PriceListForm
from pricing.web.price_rows import text_of
from ui.web.actions import attempt
from ui.web.submit_once import once

ACTIONS: dict[str, tuple[Callable[..., PriceList | Approval], Any]] = {
    "withdraw": (withdraw_price_list, gettext_lazy("The price list is withdrawn.")),
}
MAX_ERRORS = 8
NAMES = ("code", "name", "audience_kind", "audience_value", "tax_included", "priority", "starts_on", "until")


def _values(stored: PriceList) -> dict[str, Any]:
    names = audience_names([stored])
    code = stored.audience_value
    displayed = named(names.get((stored.audience_kind, code), ""), code)
    values = {name: getattr(stored, name) for name in NAMES}
    return values | {
        "entries": text_of(stored),
        "audience_value": displayed,
        "tax_included": WITH_TAX if stored.tax_included else WITHOUT_TAX,
    }


def _save(stored: PriceList | None, form: PriceListForm, actor: Actor) -> PriceList:
    now, typed = timezone.now(), form.cleaned_data
    fields = {name: typed[name] for name in NAMES}
    rows = entries_of(form.table.rows)
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
        form.add_error("entries", f"{_row_and_field(form, error['field'])}: {error['message']}")
    if len(errors) > MAX_ERRORS:
        form.add_error("entries", _("and %(more)s more") % {"more": len(errors) - MAX_ERRORS})
    if not errors:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.message)


def _row_and_field(form: PriceListForm, path: str) -> str:
    """Return the path entries[3].price as "row 5, price", by the row's number in the text."""
    found = re.fullmatch(r"entries\[(\d+)\]\.?(\w*)", path)
    row = next((row for place, row in enumerate(form.table.rows) if found and found[1] == str(place)), None)
    return _("row %(number)s, %(name)s") % {
        "number": row.number if row else "—",
        "name": (found and found[2]) or "—",
    }


def _notice(form: PriceListForm) -> str:
    """Return what was left out of the table, "" for nothing."""
    count = form.table.blank
    if not count:
        return ""
    return ngettext("%(n)d row has no price.", "%(n)d rows have no price.", count) % {"n": count}


PAGE = DraftPage(
    PriceList,
    PriceListForm,
    "pricing/price_list_edit.html",
    "price-list",
    _values,
    _save,
    _show_errors,
    _notice,
    lambda request: {"tax_included": WITH_TAX if request.tenant.prices_include_tax else WITHOUT_TAX},
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
    """Withdraw a price list."""
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
