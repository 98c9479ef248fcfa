"""What-if: a rule asked with made-up figures. Nothing is kept, and nothing of the trade is read."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.web.permissions import entering
from kernel.refusals import Refusal
from simulations.operations import simulate
from simulations.web.answers import why_of
from simulations.web.forms import WhatIfForm, pretty
from simulations.web.kinds import KINDS


@entering("simulate")
@require_safe
def what_ifs(request: HttpRequest) -> HttpResponse:
    return render(request, "integrations/what_ifs.html", {"kinds": KINDS.values()})


@entering("simulate")
@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: HttpRequest, kind: str) -> HttpResponse:
    """The form with an example in it; what was typed with its answer, or with what is wrong."""
    asked = KINDS.get(kind)
    if asked is None:
        raise Http404(kind)
    form = WhatIfForm(asked, request.POST if request.method == "POST" else None)
    facts: dict[str, Any] = {"kind": asked, "form": form, "kinds": KINDS.values()}
    if request.method == "POST" and form.is_valid():
        facts |= _answered(form, request)
    return render(request, "integrations/what_if.html", facts)


def _answered(form: WhatIfForm, request: HttpRequest) -> dict[str, Any]:
    made = None
    try:
        made = form.made_of_json() if "by_json" in request.POST else form.made()
        simulate.check_work(made.case)
        told = simulate.answer(form.kind.slug, made.case)
    except Refusal as refusal:
        form.refuse(refusal, made)
        return {}
    currency = request.tenant.currency  # type: ignore[attr-defined]
    return {
        "why": why_of(form.kind.slug, made.case, told, currency),
        "case": pretty(made.case),
        "told": pretty(told),
    }
