"""Sentences about events of the region and term guarantees, for staff and for partners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import MANUFACTURER, Actor
from alliance.domain.term_events import EARLY_END, NOTICE
from alliance.domain.visible_facts import facts_for_partners
from alliance.models import Evidence
from alliance.models.guarantee import GuaranteeKind
from ui.web.joined_lists import join_list
from ui.web.local_names import place_name
from ui.web.numbers import number


def may_open_source(row: Evidence, actor: Actor) -> bool:
    """Return whether the actor may open the documents of the evidence: those of others are for staff."""
    return row.kind != GuaranteeKind.REGION or actor.party_kind == MANUFACTURER


def event_sentence(row: Evidence, actor: Actor) -> str:
    """Return an event of a region or term guarantee as a sentence; "" for other evidence."""
    facts: Mapping[str, Any] = row.facts
    if "quiet" in facts:
        return _quiet(row)
    if row.kind == GuaranteeKind.TERM and "metric" in facts:
        return _term(facts, is_met=row.fulfilled)
    if row.kind == GuaranteeKind.REGION and "region" in facts:
        staff = actor.party_kind == MANUFACTURER
        return _region(facts if staff else facts_for_partners(facts), staff=staff)
    return ""


def _quiet(row: Evidence) -> str:
    if row.kind == GuaranteeKind.REGION:
        return _("Nobody else delivered into the region in this month.")
    return _("The term was not touched in this month.")


def _region(facts: Mapping[str, Any], *, staff: bool) -> str:
    lines = facts.get("returned", ()) or facts.get("products", ())
    goods = join_list(f"{one.get('name', '—')} × {number(one.get('qty', 0))}" for one in lines)
    where = {"goods": goods, "region": place_name(str(facts.get("region_name", "")))}
    if "returned" in facts:
        back = _("%(goods)s came back from %(region)s.") % where
        over = _("All of the delivery is back, so it does not count any more.")
        return f"{back} {over}" if facts.get("turned") == "met" else back
    if not staff:
        return _("Someone else delivered %(goods)s to %(region)s.") % where
    if "case" in facts:
        return _("Diversion case %(case)s: %(goods)s in %(region)s.") % (where | {"case": facts["case"]})
    named = {name: facts.get(name, "—") for name in ("seller", "buyer", "shipment", "order")}
    message = _(
        "%(seller)s delivered %(goods)s to %(buyer)s in %(region)s: shipment %(shipment)s of order %(order)s,"
        " %(amount)s."
    )
    return message % (where | named | {"amount": number(facts.get("amount", 0))})


def _term(facts: Mapping[str, Any], *, is_met: bool) -> str:
    if facts["metric"] == EARLY_END:
        months: int = facts.get("months_of_income") or 0
        ended = _("The contract was ended before its day.")
        if not months:
            return ended
        owed = ngettext(
            "%(months)s month of average income (%(income)s) is owed.",
            "%(months)s months of average income (%(income)s each) are owed.",
            months,
        )
        amount = number(facts.get("average_income", 0))
        return f"{ended} {owed % {'months': months, 'income': amount}}"
    what = _("A change was announced") if facts["metric"] == NOTICE else _("The renewal was offered")
    days, target = facts.get("notice_days"), facts.get("target")
    if days is None:
        none = _("A change was not announced.")
        return none if facts["metric"] == NOTICE else _("No renewal was offered.")
    return _("%(what)s %(days)s days before; %(target)s days were promised.") % {
        "what": what,
        "days": number(days),
        "target": "—" if target is None else number(target),
    }
