"""The page on which the tenant sets what needs a second person."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from approvals.models import Approval
from approvals.operations.rules import set_rule
from approvals.queries import outcome, rules_of_kinds
from tenancy.rooms import ApprovalKind
from ui.web.actions import attempt
from ui.web.submit_once import once
from ui.web.typed_input import AmountField


class RuleForm(forms.Form):
    is_required = forms.BooleanField(label=gettext_lazy("Needs a second person"), required=False)
    above = AmountField(label=gettext_lazy("Only above this amount"), required=False)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A kind with the form of its rule, and the change of the rule that waits for approval."""

    kind: ApprovalKind
    form: RuleForm
    waiting: Approval | None


@entering("approval.view", kinds=[MANUFACTURER])
@once
def rules(request: ActorRequest) -> HttpResponse:
    """Display the rules of all kinds; set one of them (POST field `kind`)."""
    actor = request.actor
    status = 200
    typed: RuleForm | None = None
    chosen = request.POST.get("kind", "")
    if request.method == "POST":
        if not actor.may("approval.set"):
            raise Http404
        typed = RuleForm(request.POST, prefix=chosen)
        if typed.is_valid():
            values = typed.cleaned_data
            attempt(
                request,
                lambda: set_rule(
                    kind=chosen,
                    is_required=values["is_required"],
                    above=values["above"],
                    by=actor,
                    at=timezone.now(),
                ),
                success=outcome(_("The rule is saved.")),
            )
            return redirect("approval-rules")
        status = 422
    rows = [
        RuleRow(
            kind,
            typed if typed is not None and kind.code == chosen else _form(kind, rule),
            waiting,
        )
        for kind, rule, waiting in rules_of_kinds()
    ]
    page = {"rows": rows, "may_set": actor.may("approval.set")}
    return render(request, "approvals/rules.html", page, status=status)


def _form(kind: ApprovalKind, rule: object) -> RuleForm:
    initial = {name: getattr(rule, name) for name in ("is_required", "above")}
    return RuleForm(initial=initial, prefix=kind.code)
