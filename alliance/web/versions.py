"""The page that requests the next version of a contract."""

from __future__ import annotations

from datetime import date, timedelta
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

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain.life import following_term
from alliance.models import Contract
from alliance.operations.versions import VersionOpen, draft_next_version
from alliance.web.contracts import visible_contract
from alliance.web.stages import stage_badge
from kernel.periods import months_after
from kernel.refusals import Refusal
from ui.web.submit_once import once
from ui.web.typed_input import DayField


class NextVersionForm(forms.Form):
    starts_on = DayField(
        label=gettext_lazy("First day of the next version"),
        help_text=gettext_lazy("The version in force ends on the day before, once all three have signed."),
    )
    last_day = DayField(label=gettext_lazy("Last day"))


@once
def _revise(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    actor = request.actor
    found = visible_contract(actor, contract_id)
    form = NextVersionForm(request.POST or None, initial=_offered(request, found))
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = form.cleaned_data
        try:
            with transaction.atomic():
                made = draft_next_version(
                    contract_id=found.id,
                    starts_on=typed["starts_on"],
                    until=typed["last_day"] + timedelta(days=1),
                    by=actor,
                    at=timezone.now(),
                )
        except VersionOpen as refusal:
            messages.warning(request, refusal.message)
            return redirect("contract", contract_id=refusal.details["contract_id"])
        except Refusal as refusal:
            named = "last_day" if refusal.field == "until" else refusal.field
            form.add_error(named if named in form.fields else None, refusal.message)
        else:
            message = _("Version %(version)s is a draft with the same promises: change them here.")
            messages.success(request, message % {"version": made.version})
            return redirect("contract-edit", contract_id=made.id)
    page = {
        "contract": found,
        "badge": stage_badge(found),
        "renews": request.GET.get("renew") == "1",
        "form": form,
        "may_revise": found.state == Contract.State.ACTIVE,
    }
    return render(request, "alliance/revise.html", page, status=422 if form.errors else 200)


def _offered(request: ActorRequest, contract: Contract) -> dict[str, date]:
    """Return the default term: from next month, or the day after the old start; to the old last day.

    If that is over by then, or to renew (`?renew=1`), the term follows the old one and has its length.
    """
    if request.GET.get("renew") == "1":
        first, until = following_term(starts_on=contract.starts_on, until=contract.until)
        return {"starts_on": first, "last_day": until - timedelta(days=1)}
    today = timezone.localdate()
    first = max(months_after(today.replace(day=1), 1), contract.starts_on + timedelta(days=1))
    until = contract.until
    if first >= until:
        first, until = following_term(starts_on=contract.starts_on, until=until)
    return {"starts_on": first, "last_day": until - timedelta(days=1)}


revise = entering("contract.edit")(_revise)
