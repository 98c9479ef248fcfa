"""The differences between two versions of a contract in words."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import ROLE_NAMES
from alliance.domain.comparison import ADDED, REMOVED, Change, changes
from alliance.models import (
    ContractRole,
    GuaranteeTerm,
    Kpi,
    KpiMetric,
    Link,
    Metric,
    ProofKind,
    Responsibility,
    Rhythm,
    Window,
)
from alliance.web.labels import GUARANTEES, ROLES
from ui.web.components import Badge
from ui.web.numbers import number

FIELDS: dict[str, Any] = {
    "from": gettext_lazy("from"),
    "until": gettext_lazy("last day"),
    "delivery_hours": gettext_lazy("delivered within hours"),
    "late_fee": gettext_lazy("owed for a late delivery"),
    "guaranteed": gettext_lazy("guaranteed spread"),
    "percent": gettext_lazy("per cent of the advised resale price"),
    "advised_resale": gettext_lazy("advised resale price"),
    "clause": gettext_lazy("clause"),
    "security_deposit": gettext_lazy("security deposit"),
    "reply_days": gettext_lazy("days to reply to a breach"),
    "book_up_to": gettext_lazy("booked without a decision up to"),
    "notice_days": gettext_lazy("days of notice"),
    "share": gettext_lazy("share"),
    "heading": gettext_lazy("heading"),
    "body": gettext_lazy("text"),
    "review": gettext_lazy("review of the wording"),
    "portfolio_name": gettext_lazy("portfolio"),
    "skus": gettext_lazy("products"),
}
CHOICES: dict[str, dict[str, Any]] = {
    "window": dict(Window.choices),
    "rhythm": dict(Rhythm.choices),
    "proof": dict(ProofKind.choices),
    "owner_role": ROLE_NAMES,
}
WORDS = {"heading", "body", "review", "duty", "skus", "portfolio_name", "clause", "from"}


def describe_changes(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the differences of two texts in words, with both sides of each."""
    return [
        {
            "badge": change_badge(one),
            "name": change_name(one),
            "before": change_side(one, one.before),
            "after": change_side(one, one.after),
        }
        for one in changes(before, after)
    ]


def change_badge(change: Change) -> Badge:
    if change.kind == ADDED:
        return Badge(_("added"), "good", "plus")
    if change.kind == REMOVED:
        return Badge(_("removed"), "bad", "minus")
    return Badge(_("changed"), "warn", "pencil")


def change_name(change: Change) -> str:
    """Return the name of a change: "3.2 guaranteed spread · light soy 500ml"."""
    if change.what == "party":
        name = str(ROLES[change.key])
    elif change.what == "area":
        name = _("exclusive region")
    elif change.what == "term":
        name = _("term: %(field)s") % {"field": _field(change)}
    else:
        name = " · ".join(part for part in (_field(change), _subject(change)) if part)
    return f"{change.clause} {name}".strip()


def _field(change: Change) -> str:
    models = {"guarantee": GuaranteeTerm, "responsibility": Responsibility, "kpi": Kpi}
    if change.what in models:
        meta: Any = models[change.what]._meta
        return str(meta.get_field(change.field).verbose_name)
    return str(FIELDS[change.field])


def _subject(change: Change) -> str:
    """Return what the change is about: a product, a metric, a side of a link, a channel."""
    first, _slash, second = change.key.partition("/")
    match change.what:
        case "guarantee":
            return str(Metric(first).label)
        case "kpi":
            return str(KpiMetric(first).label)
        case "share":
            return f"{GUARANTEES[first][0]} {ROLES[second]}"  # type: ignore[index]  # a kind is its own text
        case "responsibility":
            return f"{Link(first).label} {ContractRole(second).label}"
        case "portfolio":
            return change.name or _("all channels")
    return change.name


def _number_or_text(side: str) -> str:
    try:
        return number(side)
    except InvalidOperation:
        return side


def change_side(change: Change, side: str) -> str:
    """Return one side of a change; `until`, exclusive in the text, is displayed as the last day."""
    if not side:
        return side
    if change.field == "until":
        return (date.fromisoformat(side) - timedelta(days=1)).isoformat()
    if side == "yes":
        return _("yes")
    if change.field in CHOICES:
        return str(CHOICES[change.field].get(side, side))
    if change.field in ("share", "weight"):
        return f"{number(Decimal(side) * 100)}%"
    if change.what in ("party", "area") or change.field in WORDS:
        return side
    return _number_or_text(side)
