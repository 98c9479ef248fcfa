"""The what-if pages: apply a rule to typed figures. Nothing is stored, and no trade data is read."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from accounts.work_budget import TooManyRequests, begin_work, mark_throttled, spend_work
from kernel.refusals import Refusal
from simulations.operations import simulate
from simulations.web.answers import why_of
from simulations.web.forms import WhatIfForm, pretty
from simulations.web.kinds import KINDS


@entering("simulate")
@require_safe
def what_ifs(request: ActorRequest) -> HttpResponse:
    return render(request, "integrations/what_ifs.html", {"kinds": KINDS.values()})


@entering("simulate")
@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: ActorRequest, kind: str) -> HttpResponse:
    """Show the form with an example; after a POST with the answer or the errors."""
    chosen = KINDS.get(kind)
    if chosen is None:
        raise Http404(kind)
    form = WhatIfForm(chosen, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"kind": chosen, "form": form, "kinds": KINDS.values()}
    if request.method == "POST":
        try:
            begin_work(request)
            context |= _answered(form, request) if form.is_valid() else {}
        except TooManyRequests as refusal:
            form.add_error(None, refusal.message)
            return mark_throttled(render(request, "integrations/what_if.html", context), refusal)
    return render(request, "integrations/what_if.html", context)


def _answered(form: WhatIfForm, request: ActorRequest) -> dict[str, Any]:
    made = None
    try:
        made = form.made_of_json() if "by_json" in request.POST else form.made()
        if made.unread:
            form.refuse_unread(made)
            return {}
        spend_work(request, simulate.work_of(made.case))
        answer = simulate.answer(form.kind.slug, made.case)
    except TooManyRequests:
        raise
    except Refusal as refusal:
        form.refuse(refusal, made)
        return {}
    currency = request.tenant.currency
    return {
        "why": why_of(form.kind.slug, made.case | made.form_only, answer, currency),
        "case": pretty(made.case),
        "answer": pretty(answer),
    }
