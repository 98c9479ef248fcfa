"""Labels of contracts and guarantees, and sentences about evidence, history and changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance.audit_actions import ContractAction
from alliance.models import Contract, ContractArea, Evidence, GuaranteeMonth
from alliance.models.guarantee import GuaranteeKind
from audit.models import AuditEntry
from ui.web.components import Badge, Event
from ui.web.joined_lists import join_list
from ui.web.local_names import place_name
from ui.web.numbers import number

State = Contract.State
MOODS = {
    State.DRAFT: ("", "pencil"),
    State.SUBMITTED: ("info", "signature"),
    State.ACTIVE: ("good", "circle-check"),
    State.ENDED: ("", "ban"),
}
GUARANTEES = {
    GuaranteeKind.REGION: (gettext_lazy("Region guarantee"), "map-pin"),
    GuaranteeKind.TERM: (gettext_lazy("Term guarantee"), "hourglass"),
    GuaranteeKind.SPREAD: (gettext_lazy("Spread guarantee"), "arrows-vertical"),
    GuaranteeKind.SERVICE: (gettext_lazy("Service guarantee"), "truck-delivery"),
}
ROLES = {
    "manufacturer": gettext_lazy("Manufacturer"),
    "dealer": gettext_lazy("Dealer"),
    "member": gettext_lazy("Alliance member"),
}
SOURCE = re.compile(r"^(?:return:[0-9a-f-]{36}.*|(?P<noun>shipment|order):(?P<id>[0-9a-f-]{36})(?::.*)?)$")
HASH_GROUP = 8


def state_badge(state: str) -> Badge:
    mood, icon = MOODS[State(state)]
    return Badge(str(State(state).label), mood, icon)


def result_badge(row: GuaranteeMonth | None) -> Badge:
    """Return the badge of a result: fulfilled, broken or not measurable."""
    if row is None or not row.measured:
        return Badge(_("not measurable"), "", "circle-dashed")
    if row.broken:
        return Badge(_("not met"), "bad", "alert-octagon")
    return Badge(_("met"), "good", "circle-check")


def guarantee_name(kind: str) -> str:
    return str(GUARANTEES[GuaranteeKind(kind)][0])


def title_of(contract: Contract, areas: Sequence[ContractArea]) -> str:
    """Return the title of a contract: its regions and categories, or its member."""
    places, goods = (
        _first(place_name(area.region.name) for area in areas),
        _first(area.category.name for area in areas),
    )
    what = f"{places} {goods}" if areas else contract.member.name
    return _("%(what)s tri-party contract") % {"what": what}


def places_in_words(areas: Iterable[ContractArea]) -> tuple[str, str]:
    """Return the regions, and their categories."""
    rows = list(areas)
    return _first(place_name(area.region.name) for area in rows), _first(area.category.name for area in rows)


def _first(names: Iterable[str], max_names: int = 2) -> str:
    found = list(dict.fromkeys(names))
    more = len(found) - max_names
    message = join_list(found[:max_names])
    return message if more <= 0 else _("%(names)s and %(more)s more") % {"names": message, "more": more}


def days_left(contract: Contract, today: date) -> str:
    """Return "534 days left", "begins in 3 days", or "" for a contract that is over."""
    if contract.state == State.ENDED or contract.until <= today:
        return ""
    if contract.starts_on > today:
        days = (contract.starts_on - today).days
        return ngettext("begins in %(days)s day", "begins in %(days)s days", days) % {"days": days}
    days = (contract.until - today).days
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def months_of(contract: Contract) -> int:
    """Return the number of calendar months of the term."""
    first, last = contract.starts_on, contract.until
    return (last.year - first.year) * 12 + last.month - first.month


def hash_groups(digest: str) -> list[str]:
    """Split a hash into groups of HASH_GROUP characters for display."""
    return [digest[at : at + HASH_GROUP] for at in range(0, len(digest), HASH_GROUP)]


def source_url(source: str) -> str:
    """Return the URL of the order or shipment of the evidence; "" for any other source."""
    found = SOURCE.match(source)
    if found is None or not found["noun"]:
        return ""
    try:
        return reverse(found["noun"], args=[UUID(found["id"])])
    except ValueError:
        return ""


def evidence_sentence(row: Evidence, products: Mapping[str, str]) -> str:
    """Return the input and the result of the rule as a sentence."""
    facts: dict[str, Any] = row.facts
    if "corrects" in facts:
        return _corrected(row, products)
    if row.kind == GuaranteeKind.SERVICE and "hours" in facts:
        message = _("Ordered %(ordered)s, delivered %(delivered)s: %(hours)s hours of %(promised)s promised.")
        return message % {
            "ordered": _moment(facts.get("ordered_at")),
            "delivered": _moment(facts.get("delivered_at")),
            "hours": number(facts["hours"]),
            "promised": facts.get("promised_hours", "—"),
        }
    if row.kind == GuaranteeKind.SPREAD and "spread" in facts:
        message = _(
            "%(product)s: %(qty)s bought at %(price)s; advised resale price %(advised)s, spread"
            " %(spread)s, guaranteed %(guaranteed)s."
        )
        sentence = message % {
            "product": products.get(str(facts.get("product")), "—"),
            "qty": number(facts.get("qty", 0)),
            "price": number(facts.get("purchase_price", 0)),
            "advised": number(facts.get("advised_resale", 0)),
            "spread": number(facts["spread"]),
            "guaranteed": number(facts.get("guaranteed", 0)),
        }
        if row.fulfilled:
            return sentence
        short = _("%(short)s short on each.") % {"short": number(facts.get("shortfall", 0))}
        return f"{sentence} {short}"
    return str(facts.get("note", "")) or guarantee_name(row.kind)


def _corrected(row: Evidence, products: Mapping[str, str]) -> str:
    facts = row.facts
    if "qty" in facts:
        message = _("%(qty)s of %(product)s were returned; nothing is owed for them any more.")
        qty = number(abs(int(facts["qty"])))
        return message % {"qty": qty, "product": products.get(str(facts.get("product")), "—")}
    return _("Corrects what was measured before.")


def clause_of(row: Evidence) -> str:
    return str(row.facts.get("clause", ""))


def _moment(text: object) -> str:
    try:
        moment = timezone.localtime(datetime.fromisoformat(str(text)))
    except ValueError:
        return "—"
    return date_format(moment, "SHORT_DATETIME_FORMAT")


def events_of(
    entries: Sequence[AuditEntry],
    contract: Contract,
    signed: Iterable[tuple[str, str, datetime]],
    today: date,
) -> list[Event]:
    """Return the past events of a contract, then the coming ones; `signed` are party, person, moment.

    Imported contracts have no audit trail; then the signatures are the past events.
    """
    past = []
    if not entries:
        past = [Event(_("signed by %(party)s") % {"party": party}, at, who) for party, who, at in signed]
    for entry in entries:
        note = str(entry.facts.get("reason", ""))
        if entry.action in (ContractAction.SIGN, ContractAction.SUBMIT):
            note = str(entry.facts.get("digest", ""))[:HASH_GROUP]
        state = "bad" if entry.action == ContractAction.END else "done"
        past.append(Event(entry.action_label, entry.at, entry.actor, note, state=state))
    ahead = []
    if contract.state in (State.DRAFT, State.SUBMITTED):
        ahead.append(Event(_("three signatures over one text"), state="open"))
    if contract.state == State.ACTIVE and contract.until > today:
        ahead.append(
            Event(
                _("the term ends"),
                state="open",
                note=date_format(contract.until - timedelta(days=1), "SHORT_DATE_FORMAT"),
            )
        )
    return past + ahead
