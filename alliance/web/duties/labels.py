"""Labels of duties and KPIs."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import ROLE_NAMES
from alliance.models import ContractRole, Duty, DutyState, Link
from ui.web.components import Badge

MOODS = {
    DutyState.FULFILLED: ("good", "circle-check"),
    DutyState.DUE: ("info", "clock"),
    DutyState.OVERDUE: ("bad", "alert-octagon"),
    DutyState.NO_EVIDENCE: ("warn", "circle-dashed"),
}
LINK_ICONS = {
    Link.PLANNING: "map-2",
    Link.COVERAGE: "map-pin",
    Link.PENETRATION: "building-store",
    Link.PROMOTION: "speakerphone",
    Link.MAINTENANCE: "tool",
}
SIDES = {
    ContractRole.MANUFACTURER: gettext_lazy("Manufacturer"),
    ContractRole.DEALER: gettext_lazy("Dealer"),
    ContractRole.MEMBER: gettext_lazy("Alliance member"),
}


def duty_badge(state: str) -> Badge:
    """Return the badge of a duty's state."""
    mood, icon = MOODS[DutyState(state)]
    return Badge(str(DutyState(state).label), mood, icon)


def role_label(role: str) -> str:
    """Return the name of a role; a role in the contract's own words unchanged."""
    return str(ROLE_NAMES.get(role, role))


def period_label(duty: Duty) -> str:
    """Return the first and the last day of a duty's period."""
    first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (duty.starts_on, duty.due_on))
    return f"{first} – {last}"


def late_label(duty: Duty) -> str:
    """Return by how many days the evidence came late, or ""."""
    if duty.fulfilled_at is None or duty.fulfilled_at.date() <= duty.due_on:
        return ""
    return _("reported late, on %(day)s") % {"day": date_format(duty.fulfilled_at, "SHORT_DATE_FORMAT")}
