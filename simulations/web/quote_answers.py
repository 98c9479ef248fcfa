"""The answer to a quote as text: the list and price of each line, and the reason of each scheme."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pricing.web.labels import KIND_NAMES
from ui.web.components import Badge, Why, WhyRow
from ui.web.joined_lists import join_list
from ui.web.numbers import grouped, number

Json = dict[str, Any]
VERDICTS = {
    "ok": (gettext_lazy("may be ordered"), "good", "circle-check"),
    "advise": (gettext_lazy("warning"), "warn", "alert-triangle"),
    "review": (gettext_lazy("waits for approval"), "warn", "gavel"),
    "block": (gettext_lazy("refused"), "bad", "ban"),
    "no_price": (gettext_lazy("no price"), "bad", "alert-octagon"),
}
REASONS = {
    "applied": gettext_lazy("%(scheme)s applies and saves %(worth)s."),
    "not_active": gettext_lazy("%(scheme)s is not valid on this day."),
    "other_audience": gettext_lazy("%(scheme)s is for others."),
    "covers_nothing": gettext_lazy("%(scheme)s covers nothing of this order."),
    "not_lower": gettext_lazy("%(scheme)s is not lower than the list price."),
    "below_first_step": gettext_lazy("%(scheme)s: the first step is not reached."),
    "group_taken": gettext_lazy("%(scheme)s does not apply: %(winner)s of the same group is better."),
}


def quote(case: Json, answer: Json, currency: str) -> Why:
    rows = [_line(line) for line in answer["lines"]]
    rows += [
        WhyRow(_("Gift"), f"{gift['sku']} × {number(gift['qty'])}", str(gift.get("scheme", "")), "good")
        for gift in answer["gifts"]
    ]
    rows.append(WhyRow(_("Before discounts"), _money(answer["subtotal"])))
    if Decimal(answer["discount"]):
        rows.append(WhyRow(_("Discounts"), f"− {_money(answer['discount'])}", mood="good"))
    text, mood, icon = VERDICTS[answer["verdict"]]
    badge = Badge(str(text), mood, icon)
    return Why(_("Total"), _money(answer["total"]), currency, badge, rows, _sentences(answer))


def _line(line: Json) -> WhyRow:
    label = f"{line['sku']} × {number(line['qty'])}"
    if line.get("free_qty"):
        label += f" + {number(line['free_qty'])}"
    verdict, mood, _icon = VERDICTS[line["verdict"]]
    if "amount" not in line:
        return WhyRow(label, "—", str(verdict), mood)
    values = {"list": line["price_list"], "price": number(Decimal(line["unit_price"]))}
    note = _("%(list)s at %(price)s") % values
    net = number(Decimal(line["net_unit_price"]))
    if net != values["price"]:
        note += " · " + _("net price %(net)s") % {"net": net}
    if line["verdict"] != "ok":
        note += f" · {verdict} " + join_list(line["clauses"])
    return WhyRow(label, _money(line["amount"]), note, "" if mood == "good" else mood)


def _sentences(answer: Json) -> list[str]:
    found = []
    for one in answer["explanation"]["schemes"]:
        scheme = f"{one['code']} ({KIND_NAMES.get(one['kind'], one['kind'])})"
        values = {"scheme": scheme, "worth": _money(one["worth"]), "winner": one.get("winner", "")}
        sentence = str(REASONS.get(one["reason"], "%(scheme)s")) % values
        if "missing" in one:
            sentence += " " + _("%(missing)s more reach the next step.") % {
                "missing": number(Decimal(one["missing"]))
            }
        found.append(sentence)
    for price in answer["explanation"]["prices"]:
        others = sum(not one["wins"] for one in price["considered"])
        winner = next((one for one in price["considered"] if one["wins"]), None)
        if winner and others:
            values = {"sku": price["sku"], "list": winner["price_list"], "others": others}
            found.append(_("%(sku)s: %(list)s comes before %(others)s other prices.") % values)
    return found


def _money(value: str) -> str:
    return grouped(Decimal(value), 2)
