"""The page of a dry run: what publishing a draft would do, and the decision to publish it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rights import MANUFACTURER, Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from approvals.queries import outcome, pending_for
from pricing.models import DryRun, PriceList
from pricing.operations.dry_run.correcting import correct_draft
from pricing.operations.dry_run.demands import RIGHT
from pricing.operations.dry_run.running import request_dry_run
from pricing.operations.price_lists import publish_price_list
from pricing.queries.audience_names import audience_names
from pricing.queries.dry_run.pages import (
    RunState,
    figures_of,
    first_findings,
    money_of,
    replayed_parties,
    replayed_products,
    run_state,
    verdict,
)
from pricing.queries.dry_run.sentences import signed_percent
from pricing.web.drafts import own_row
from pricing.web.lists import audience_of, state_of, term_of
from ui.web.actions import attempt
from ui.web.components import Kpi
from ui.web.numbers import grouped
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once


@entering("price.view")
@once
@require_http_methods(["GET", "POST"])
def dry_run(request: ActorRequest, price_list_id: UUID) -> HttpResponse:
    """Display the last dry run of a list; POST requests a new one."""
    row = _own_list(request.actor, price_list_id)
    if request.method == "POST":
        attempt(request, lambda: request_dry_run(price_list_id=row.id, by=request.actor, at=timezone.now()))
        return redirect("dry-run", price_list_id=row.id)
    return render(request, "pricing/dry_run.html", _context(request.actor, row))


@entering("price.edit")
@once
@require_POST
def publish(request: ActorRequest, price_list_id: UUID) -> HttpResponse:
    """Publish the draft, with the reason that was typed, or request its publication."""
    row, actor = own_row(PriceList, request.actor, price_list_id), request.actor
    reason = request.POST.get("reason", "").replace("\x00", "").strip()
    done = attempt(
        request,
        lambda: publish_price_list(price_list_id=row.id, by=actor, at=timezone.now(), reason=reason),
        success=outcome(_("The price list is in force.")),
    )
    if done is None:
        context = _context(actor, row) | {"reason": reason}
        return render(request, "pricing/dry_run.html", context, status=422)
    return redirect("price-list", price_list_id=row.id)


@entering("price.edit")
@once
@require_POST
def correct(request: ActorRequest, price_list_id: UUID) -> HttpResponse:
    """Correct the rows that break guaranteed spreads, and run the dry run again."""
    row, actor = own_row(PriceList, request.actor, price_list_id), request.actor
    attempt(
        request,
        lambda: correct_draft(price_list_id=row.id, by=actor, at=timezone.now()),
        success=lambda count: (
            ngettext("%(n)d row is corrected.", "%(n)d rows are corrected.", count) % {"n": count}
        ),
    )
    return redirect("dry-run", price_list_id=row.id)


def _own_list(actor: Actor, price_list_id: UUID) -> PriceList:
    """Return a list of the actor's own sales, for those who may edit or approve it. Raises Http404."""
    right = "price.edit" if actor.may("price.edit") else "price.approve"
    actor.must(right)
    found: PriceList = get_visible_or_404(
        PriceList.objects, actor, id=price_list_id, seller_id=actor.party_id
    )
    return found


def _context(actor: Actor, row: PriceList) -> dict[str, Any]:
    state = run_state(row, timezone.now())
    is_draft = row.state == PriceList.State.DRAFT
    context: dict[str, Any] = {
        "row": row,
        "badge": state_of(row),
        "audience": audience_of(row, audience_names([row])),
        "term": term_of(row),
        "state": state,
        "run": state.run,
        "waiting": pending_for(row, actor),
        "is_draft": is_draft,
        "may_edit": actor.may("price.edit"),
        "may_break": actor.may(RIGHT),
        "is_manufacturer": actor.party_kind == MANUFACTURER,
        "findings_url": reverse("dry-run-findings", args=[row.id]),
    }
    if state.run is not None and state.is_finished:
        context |= _found(state.run, context["findings_url"])
        context["may_publish"] = is_draft and state.is_current and actor.may("price.edit")
    return context | {"stands": _stands(state, is_draft=is_draft)}


def _stands(state: RunState, *, is_draft: bool) -> str:
    """Return the step at which the draft is: try, running, failed, outdated, decide or done."""
    if not is_draft:
        return "done"
    if state.is_running:
        return "running"
    if state.run is None:
        return "try"
    if state.has_failed:
        return "failed"
    return "decide" if state.is_current else "outdated"


def _found(run: DryRun, url: str) -> dict[str, Any]:
    mood, headline, sentence = verdict(run)
    more, less = replayed_parties(run)
    replay = run.figures.get("replay", {})
    return {
        "verdict": {"mood": mood, "headline": headline, "sentence": sentence},
        "kpis": _kpis(run, url),
        "found": first_findings(run),
        "figures": figures_of(run),
        "more": more,
        "less": less,
        "products": replayed_products(run),
        "total_more": money_of(run, "replay", "more"),
        "total_percent": signed_percent(replay["percent"]) if replay.get("percent") else "",
        "correctable": sum(one.is_breaking for one in run.findings.filter(kind="spread")),
    }


def _kpis(run: DryRun, url: str) -> list[Kpi]:
    figures = figures_of(run)
    change, spread, shadow = (figures[kind] for kind in ("change", "spread", "shadow"))
    ladder, limit, order, cart = (figures[kind] for kind in ("ladder", "limit", "order", "cart"))

    def kpi(label: str, value: int, kind: str, note: str, mood: str = "") -> Kpi:
        mood = mood if value else ""
        icon = {"bad": "alert-circle", "warn": "alert-triangle"}.get(mood, "")
        return Kpi(label, grouped(value), note=note, mood=mood, icon=icon, url=f"{url}?kind={kind}")

    worst = "bad" if run.breaking else "warn"
    mean = change.get("mean_percent")
    return [
        kpi(
            _("Products that change"),
            change.get("products", 0),
            "change",
            _("%(up)s up, %(down)s down") % {"up": change.get("raised", 0), "down": change.get("lowered", 0)},
        ),
        kpi(
            _("Buyers concerned"),
            change.get("buyers", 0),
            "change",
            _("on average %(percent)s") % {"percent": signed_percent(mean)} if mean else "",
        ),
        kpi(
            _("Guaranteed spreads broken"),
            spread.get("count", 0),
            "spread",
            _("%(amount)s to compensate each month")
            % {"amount": grouped(money_of(run, "spread", "owed"), 2)},
            worst,
        ),
        kpi(_("Price ladder inverted"), ladder.get("count", 0), "ladder", _("steps of rows"), worst),
        kpi(
            _("Rows that another list covers"),
            shadow.get("count", 0),
            "shadow",
            _("%(total)s never apply") % {"total": shadow.get("total", 0)},
            "warn",
        ),
        kpi(_("Limits broken"), limit.get("count", 0), "limit", _("own floors and ceilings"), "warn"),
        kpi(
            _("Open orders"),
            order.get("count", 0),
            "order",
            _("prices locked; %(carts)s drafts get new prices") % {"carts": cart.get("count", 0)},
        ),
    ]
