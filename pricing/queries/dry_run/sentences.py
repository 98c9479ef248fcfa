"""The findings of pricing's checks as sentences in the reader's language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pricing.models import Limit
from ui.web.numbers import grouped, number

STEPS = {
    "factory": gettext_lazy("factory price"),
    "dealer": gettext_lazy("dealer price"),
    "member": gettext_lazy("member price"),
    "outlet": gettext_lazy("outlet price"),
}
NONE = "—"


def broken_sentence(contracts: int, steps: int) -> str:
    """Return how many contracts lose their spread and how many steps invert, without what is zero."""
    parts = []
    if contracts:
        parts.append(
            ngettext(
                "%(n)d contract loses its guaranteed spread",
                "%(n)d contracts lose their guaranteed spread",
                contracts,
            )
            % {"n": contracts}
        )
    if steps:
        parts.append(
            ngettext("%(n)d step of the ladder inverts", "%(n)d steps of the ladder invert", steps)
            % {"n": steps}
        )
    return _(", ").join(parts)


def change_sentence(facts: Any) -> str:
    """Return "82.80 → 84.00 (+1.4 %), from 12, 412 buyers"."""
    parts = [f"{_price(facts['old'])} → {_price(facts['new'])}"]
    if facts["percent"] is not None and Decimal(facts["percent"]):
        parts[0] += f" ({signed_percent(facts['percent'])})"
    if facts["from_qty"] > 1:
        parts.append(_("from %(qty)s") % {"qty": grouped(facts["from_qty"])})
    advised = [(one or {}).get("advised") for one in (facts["old"], facts["new"])]
    if advised[0] != advised[1]:
        old, new = [NONE if one is None else number(one) for one in advised]
        parts.append(_("advised resale %(old)s → %(new)s") % {"old": old, "new": new})
    parts.append(buyers(facts["buyers"]))
    return _(", ").join(parts)


def spread_sentence(facts: Any) -> str:
    """Return the clause, the spread that is left, and what it lacks of the guaranteed one."""
    message = _(
        "%(clause)s: %(spread)s is left of a guaranteed spread of %(guaranteed)s, %(shortfall)s short"
    )
    return message % {
        "clause": facts["clause"],
        **{name: number(facts[name]) for name in ("spread", "guaranteed", "shortfall")},
    }


def ladder_sentence(facts: Any) -> str:
    """Return the inverted steps: "dealer price 97.20 is above the member price 96.80 by 0.40"."""
    steps = facts["steps"]
    return _("; ").join(
        _("%(before)s %(higher)s is above the %(step)s %(lower)s by %(gap)s")
        % {
            "before": STEPS[one["before"]],
            "step": STEPS[one["step"]],
            "higher": number(steps[one["before"]]),
            "lower": number(steps[one["step"]]),
            "gap": number(one["gap"]),
        }
        for one in facts["inversions"]
    )


def limit_sentence(facts: Any) -> str:
    """Return the clause of the limit, its figure, its action and the price that breaks it."""
    bound = (
        _("floor %(figure)s") % {"figure": number(facts["floor"])}
        if facts["floor"] is not None and Decimal(facts["price"]) < Decimal(facts["floor"])
        else _("ceiling %(figure)s") % {"figure": number(facts["ceiling"])}
    )
    message = _("%(price)s breaks %(clause)s, %(bound)s (%(action)s), %(buyers)s")
    return message % {
        "price": number(facts["price"]),
        "clause": facts["clause"],
        "bound": bound,
        "action": Limit.Action(facts["action"]).label,
        "buyers": buyers(facts["buyers"]),
    }


def shadow_sentence(facts: Any) -> str:
    """Return for how many buyers the row never wins, and whose price wins instead."""
    lists = _(", ").join(facts["lists"])
    if facts["buyers"] == facts["audience"]:
        return _("This price never applies: %(lists)s takes precedence for every buyer") % {"lists": lists}
    message = _("%(lists)s takes precedence for %(some)s of %(all)s buyers")
    return message % {"lists": lists, "some": grouped(facts["buyers"]), "all": grouped(facts["audience"])}


def buyers(count: int) -> str:
    return ngettext("%(n)s buyer", "%(n)s buyers", count) % {"n": grouped(count)}


def signed_percent(value: str) -> str:
    """Return "+1.4%" with the sign and the minus of the locale."""
    exact = Decimal(value)
    return f"{'+' if exact > 0 else ''}{grouped(exact, 1)}%"


def _price(offer: Any) -> str:
    if offer is None:
        return _("no price")
    return number(offer["price"]) if offer["per"] == 1 else f"{number(offer['price'])} / {offer['per']}"
