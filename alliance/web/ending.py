"""The page on which a contract is ended early: day, reason, notice, and what is still to be settled."""

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
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import Contract
from alliance.models.ending import BY_A_PERSON, EndedBy
from alliance.operations.ending import end_contract, plan_of
from alliance.queries.deposits import deposits_of
from alliance.queries.life import open_matters_of
from alliance.web.contracts import visible_contract
from alliance.web.matters import matter_rows
from alliance.web.stages import stage_badge
from approvals.queries import outcome
from kernel.refusals import Refusal
from ui.web.submit_once import once
from ui.web.typed_input import DayField

FIELDS = {"ends_on": "last_day", "kind": "kind", "ended_by": "ended_by", "reason": "reason"}


class EndForm(forms.Form):
    last_day = DayField(label=gettext_lazy("Last day of the contract"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[(one.value, one.label) for one in BY_A_PERSON]
    )
    ended_by = forms.ChoiceField(
        label=gettext_lazy("The side that ends it"),
        choices=EndedBy.choices,
        help_text=gettext_lazy("A term guarantee counts the end against this side, unless all three agreed."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Explanation for the other two"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@once
def _end(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    actor = request.actor
    found = visible_contract(actor, contract_id)
    today = timezone.localdate()
    form = EndForm(request.POST or None, initial=_offered(found, today))
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = form.cleaned_data
        try:
            with transaction.atomic():
                done = end_contract(
                    contract_id=contract_id,
                    reason=typed["reason"],
                    kind=typed["kind"],
                    ended_by=typed["ended_by"],
                    ends_on=typed["last_day"] + timedelta(days=1),
                    by=actor,
                    at=timezone.now(),
                )
        except Refusal as refusal:
            named = FIELDS.get(refusal.field)
            form.add_error(named, refusal.message)
        else:
            messages.success(request, outcome(_("The end is entered; the three parties are notified."))(done))
            return redirect("contract", contract_id=contract_id)
    page = {
        "contract": found,
        "badge": stage_badge(found, today=today),
        "may_end": found.state == Contract.State.ACTIVE,
        "form": form,
        "notice": _notice(found, form, today),
        "matters": matter_rows(open_matters_of(found, actor)),
        "deposit": deposits_of([found])[found.id],
    }
    return render(request, "alliance/end.html", page, status=422 if form.errors else 200)


end = entering("contract.edit")(_end)


def _offered(contract: Contract, today: date) -> dict[str, Any]:
    """Return the default: the first last day that keeps the notice period, within the term."""
    first = today + timedelta(days=contract.notice_days)
    return {"last_day": min(first, contract.until - timedelta(days=1)) - timedelta(days=1)}


def _notice(contract: Contract, form: EndForm, today: date) -> dict[str, Any]:
    """Return the notice period of the contract and whether the typed day keeps it."""
    first = today + timedelta(days=contract.notice_days)
    typed = form.cleaned_data.get("last_day") if form.is_bound else None
    plan = plan_of(contract, typed + timedelta(days=1), today) if typed else None
    return {
        "days": contract.notice_days,
        "first_day": date_format(first - timedelta(days=1), "SHORT_DATE_FORMAT"),
        "too_short": plan is not None and not plan.announced,
    }
