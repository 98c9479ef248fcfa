"""The page of changes of regions, with the contracts and partners that they concern."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain.region_changes import GAINS, LOSES, REPLACED
from alliance.models import Contract
from alliance.operations.remapping import remap_contract
from alliance.operations.versions import VersionOpen
from alliance.queries.region_changes import (
    ConcernedArea,
    ConcernedContract,
    concerned_contracts,
    concerned_parties,
)
from alliance.web.contracts import visible_contract
from alliance.web.labels import state_badge
from dealers.models import Region, RegionChange
from kernel.refusals import Refusal
from ui.web.components import Badge
from ui.web.joined_lists import join_list
from ui.web.local_names import place_name
from ui.web.submit_once import once

EFFECTS = {
    REPLACED: gettext_lazy("its code is gone"),
    LOSES: gettext_lazy("a part lies elsewhere now"),
    GAINS: gettext_lazy("a part came in; it stays as it is"),
}
MAX_CHANGES = 200


@entering("contract.edit")
@require_GET
def region_changes(request: ActorRequest) -> HttpResponse:
    """Display the changes of regions and what they concern; nothing changes by itself."""
    today = timezone.localdate()
    changes = list(RegionChange.objects.select_related("new").order_by("-on", "old_code")[:MAX_CHANGES])
    names = dict(
        Region.objects.filter(code__in={one.old_code for one in changes}).values_list("code", "full_name")
    )
    page = {
        "changes": [_change(one, names.get(one.old_code, "")) for one in changes],
        "contracts": [_contract(one) for one in concerned_contracts(request.actor, day=today)],
        "parties": [
            {
                "party": one.party,
                "region": place_name(one.region.full_name),
                "proposed": _places(one.proposed),
            }
            for one in concerned_parties(request.actor, day=today)
        ],
    }
    return render(request, "alliance/region_changes.html", page)


def _change(one: RegionChange, old_name: str) -> dict[str, Any]:
    return {"row": one, "old": place_name(old_name) or "—", "new": place_name(one.new.full_name)}


def _places(regions: tuple[Region, ...]) -> str:
    return join_list(f"{place_name(one.full_name)} {one.code}" for one in regions)


def _contract(one: ConcernedContract) -> dict[str, Any]:
    if one.amendment is not None:
        badge = Badge(
            _("amendment: %(state)s") % {"state": one.amendment.get_state_display()}, "info", "pencil"
        )
    elif one.needs_amendment:
        badge = Badge(_("to be re-mapped"), "warn", "alert-triangle")
    else:
        badge = Badge(_("nothing to do"), "", "minus")
    states = (Contract.State.ACTIVE, Contract.State.DRAFT)
    return {
        "contract": one.contract,
        "state": state_badge(one.contract.state),
        "badge": badge,
        "amendment": one.amendment,
        "areas": [_area(area) for area in one.areas],
        "may_remap": one.needs_amendment and one.amendment is None and one.contract.state in states,
    }


def _area(one: ConcernedArea) -> dict[str, Any]:
    return {
        "category": one.area.category.name,
        "old": f"{place_name(one.area.region.full_name)} {one.area.region_id}",
        "new": _places(one.proposed),
        "on": one.remap.on,
        "effect": EFFECTS[one.remap.effect],
    }


@once
def _remap(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    """Draft the next version of a contract with the regions that the changes propose."""
    actor = request.actor
    visible_contract(actor, contract_id)
    try:
        with transaction.atomic():
            made = remap_contract(contract_id=contract_id, by=actor, at=timezone.now())
    except VersionOpen as refusal:
        messages.warning(request, refusal.message)
        return redirect("contract", contract_id=refusal.details["contract_id"])
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("region-changes")
    message = _("Version %(version)s has the new regions. Read it through, then submit it for signature.")
    messages.success(request, message % {"version": made.version})
    return redirect("contract", contract_id=made.id)


remap = entering("contract.edit")(require_POST(_remap))
