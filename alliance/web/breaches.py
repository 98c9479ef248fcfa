"""The page of a breach: its evidence, the shares, the reply of a side at fault, and the decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain.breach import payable
from alliance.models import Breach
from alliance.models.guarantee import GuaranteeKind
from alliance.operations.breaches import decide_breach, reply_to_breach
from alliance.queries import evidence_in
from alliance.web.breach_labels import breach_badge, breach_events
from alliance.web.evidence import describe_evidence
from alliance.web.guarantee_list import evidence_url
from alliance.web.labels import GUARANTEES, guarantee_name
from approvals.queries import outcome, pending_for
from kernel.refusals import Refusal
from ui.web.actions import attempt
from ui.web.components import hundredths
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import AmountField

MAX_ROWS = 100
MAX_REASON = 1000
State, Decision = Breach.State, Breach.Decision


class DecisionForm(forms.Form):
    """The decision, the amount of a part, and the reason."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=Decision.choices, widget=forms.RadioSelect
    )
    amount = AmountField(
        label=gettext_lazy("Amount, if a part is upheld"),
        required=False,
        help_text=gettext_lazy("only for a part"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason; all three parties read it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@entering("contract.view")
@require_GET
def breach(request: ActorRequest, breach_id: UUID) -> HttpResponse:
    """Display a breach with what the actor may do now."""
    return _page(request, breach_id, DecisionForm())


def _page(
    request: ActorRequest, breach_id: UUID, form: DecisionForm, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    rows = Breach.objects.select_related(
        "contract__manufacturer", "contract__dealer", "contract__member", "decided_by"
    )
    found: Breach = get_visible_or_404(rows, actor, id=breach_id)
    shares = list(found.shares.select_related("party").order_by("role"))
    replies = list(found.replies.select_related("party", "user").order_by("at"))
    answered = {one.party_id for one in replies}
    owing = {one.party_id for one in shares}
    evidence = list(evidence_in(found.contract_id, kind=found.kind, month=found.month, max_rows=MAX_ROWS + 1))
    due = payable(found.amount, found.decision, found.decided_amount)
    waits = found.state == State.OPEN and found.reply_by >= today
    page = {
        "breach": found,
        "contract": found.contract,
        "badge": breach_badge(found, today),
        "name": guarantee_name(found.kind),
        "icon": GUARANTEES[GuaranteeKind(found.kind)][1],
        "due": due,
        "is_decided": found.decided_at is not None,
        "shares": [(one, hundredths(one.share, 1), one.party_id in answered) for one in shares],
        "evidence_url": evidence_url(found),
        "rows": describe_evidence(evidence[:MAX_ROWS], actor),
        "cut": len(evidence) > MAX_ROWS,
        "events": breach_events(
            found,
            [
                (one.party.name, str(one.user) if one.user else "", one.accepts, one.reason, one.at)
                for one in replies
            ],
        ),
        "may_reply": waits
        and actor.may("breach.reply")
        and actor.party_id in owing
        and actor.party_id not in answered,
        "may_decide": _may_decide(found, actor, waits=waits),
        "waits": waits,
        "is_small": found.amount <= found.contract.book_up_to,
        "form": form,
        "refused": refused,
        "waiting": pending_for(found, actor),
        "left": max(0, (found.reply_by - today).days),
    }
    return render(request, "alliance/breach.html", page, status=status)


def _may_decide(found: Breach, actor: Actor, *, waits: bool) -> bool:
    return actor.may("breach.decide") and found.state in (State.OPEN, State.REPLIED) and not waits


@once
@require_POST
def _reply(request: ActorRequest, breach_id: UUID) -> HttpResponse:
    """Accept or contest a breach as a side that owes a part of it."""
    get_visible_or_404(Breach.objects, request.actor, id=breach_id)
    accepts = request.POST.get("answer") == "accept"
    reason = request.POST.get("reason", "").replace("\x00", "")[:MAX_REASON]
    try:
        with transaction.atomic():
            reply_to_breach(
                breach_id=breach_id, accepts=accepts, reason=reason, by=request.actor, at=timezone.now()
            )
    except Refusal as refusal:
        return _page(request, breach_id, DecisionForm(), status=409, refused=refusal.message)
    return redirect("breach", breach_id=breach_id)


reply = entering("breach.reply")(_reply)


@once
@require_POST
def _decide(request: ActorRequest, breach_id: UUID) -> HttpResponse:
    """Uphold, partly uphold or dismiss a breach with a reason."""
    get_visible_or_404(Breach.objects, request.actor, id=breach_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, breach_id, form, status=422)
    done: Any = attempt(
        request,
        lambda: decide_breach(
            breach_id=breach_id,
            decision=form.cleaned_data["decision"],
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"].replace("\x00", ""),
            by=request.actor,
            at=timezone.now(),
        ),
        success=outcome(_("Decided. The three parties are notified; what is owed is booked.")),
    )
    if done is None:
        return _page(request, breach_id, form, status=409)
    return redirect("breach", breach_id=breach_id)


decide = entering("breach.decide")(_decide)
