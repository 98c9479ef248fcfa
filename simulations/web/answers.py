"""The answer to a what-if as a figure with its reasons, built from the JSON answer of the rule."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from simulations.web.fields import QUANTITY
from simulations.web.quote_answers import quote
from ui.web.components import Badge, Why, WhyRow
from ui.web.joined_lists import join_list
from ui.web.numbers import MINUS, grouped, number, percent

Json = dict[str, Any]
MOVES = {
    "stay": (gettext_lazy("stays"), ""),
    "promote": (gettext_lazy("moves up"), "good"),
    "warn": (gettext_lazy("warned: below its bar for the first month"), "warn"),
    "demote": (gettext_lazy("moves down"), "bad"),
    "low_confidence": (gettext_lazy("too little data to move anybody"), "info"),
}
DIMENSIONS = {
    "scale": gettext_lazy("Scale"),
    "expertise": gettext_lazy("Expertise"),
    "coverage": gettext_lazy("Coverage"),
    "growth": gettext_lazy("Growth"),
    "collaboration": gettext_lazy("Collaboration"),
}
BANDS = {
    "duplicate": (gettext_lazy("the same"), "bad", "copy-check"),
    "successor": (gettext_lazy("the same door under another name"), "warn", "replace"),
    "ask": (gettext_lazy("perhaps the same: ask"), "warn", "help-circle"),
    "new": (gettext_lazy("not known yet"), "good", "circle-check"),
}


def why_of(kind: str, case: Json, answer: Json, currency: str) -> Why:
    """Return the figure and the reasons of an answer to a case of a kind."""
    return ANSWERS[kind](case, answer, currency)


def money(value: str | None) -> str:
    return "—" if value is None else grouped(Decimal(value), 2)


def day_of(value: str) -> str:
    day = parse_date(value) if value != "now" else None
    return date_format(day, "DATE_FORMAT") if day else _("now")


def _free_goods(case: Json, answer: Json, currency: str) -> Why:
    rows = [WhyRow(_("Paid for"), number(answer["paid"]))]
    shipped = zip(case.get("shipments") or [], answer.get("free_by_shipment", []), strict=False)
    rows += [
        WhyRow(_("Shipment %(n)s") % {"n": at}, f"+ {number(free)}", _("%(paid)s paid") % {"paid": paid})
        for at, (paid, free) in enumerate(shipped, start=1)
    ]
    sentences = []
    for at, (one, credit) in enumerate(
        zip(answer.get("explanation", []), answer.get("return_credits", []), strict=False), start=1
    ):
        rows.append(WhyRow(_("Credit for return %(n)s") % {"n": at}, money(credit), currency))
        values = {"n": at, "paid": number(one["still_paid"]), "free": number(one["still_free"])}
        sentences.append(
            _("After return %(n)s the buyer holds %(paid)s paid and %(free)s free units.") % values
        )
        if one["charged"]:
            sentences.append(
                ngettext(
                    "%(count)d free unit is no longer earned; it is charged.",
                    "%(count)d free units are no longer earned; they are charged.",
                    one["charged"],
                )
                % {"count": one["charged"]}
            )
    return Why(_("Free goods"), number(answer["entitled"]), _("units free"), rows=rows, sentences=sentences)


def _rebate(case: Json, answer: Json, currency: str) -> Why:
    """`case` has the measure of the form beside the case; units earn money per unit, amounts per cent."""
    counts_units = case.get("measure") == QUANTITY
    rows, sentences = [], []
    for at, (one, why) in enumerate(zip(answer["settlements"], answer["explanation"], strict=True), start=1):
        values = {"sum": _base(one["cumulative"], counts_units), "rate": _rate(why["rate"], counts_units)}
        mood = "warn" if Decimal(one["due"]) < 0 else ""
        note = _("%(sum)s so far, at %(rate)s") % values
        rows.append(WhyRow(_("Settlement %(n)s, due") % {"n": at}, money(one["due"]), note, mood))
    if answer["explanation"]:
        last = answer["explanation"][-1]
        if last.get("capped"):
            sentences.append(_("The program's cap is reached."))
        if "missing" in last:
            missing, rate = _base(last["missing"], counts_units), _rate(last["next_rate"], counts_units)
            values = {"missing": missing, "rate": rate}
            sentences.append(_("%(missing)s more reach the next step of %(rate)s.") % values)
    return Why(_("Earned in all"), money(answer["earned"]), currency, rows=rows, sentences=sentences)


def _rate(rate: str, counts_units: bool) -> str:
    return _("%(money)s per base unit") % {"money": number(rate)} if counts_units else percent(rate)


def _base(base: str, counts_units: bool) -> str:
    if not counts_units:
        return money(base)
    text = ngettext("%(number)s base unit", "%(number)s base units", int(abs(Decimal(base))))
    return text % {"number": number(base)}


def _growth(case: Json, answer: Json, currency: str) -> Why:
    why = answer["explanation"]
    rows = [
        WhyRow(_("Growth"), money(why["growth"])),
        WhyRow(_("Rate reached"), percent(answer["rate"])),
        *(
            WhyRow(_("Band %(n)s starts at") % {"n": at}, money(bar))
            for at, bar in enumerate(why["bands_from"], start=1)
        ),
    ]
    sentence = {
        "no_baseline": _("Without a baseline nobody is eligible."),
        "below_first_band": _("The first band is not reached."),
        "band_reached": _("The highest band that is reached pays."),
    }[why["reason"]]
    return Why(_("Earned for growth"), money(answer["earned"]), currency, rows=rows, sentences=[sentence])


def _spread(case: Json, answer: Json, currency: str) -> Why:
    rows = [
        WhyRow(
            _("Purchase %(n)s") % {"n": at},
            money(line["amount"]),
            _("spread %(spread)s, %(short)s short")
            % {"spread": number(Decimal(line["spread"])), "short": number(Decimal(line["shortfall"]))},
            "" if line["kept"] else "warn",
        )
        for at, line in enumerate(answer["lines"], start=1)
    ]
    fulfilled = not any(not line["kept"] for line in answer["lines"])
    badge = (
        Badge(_("met"), "good", "circle-check")
        if fulfilled
        else Badge(_("not met"), "warn", "alert-triangle")
    )
    spread = number(Decimal(str(case["guaranteed"])))
    sentence = _("The spread is the advised resale price less the purchase price; %(spread)s was guaranteed.")
    return Why(
        _("Owed to the member"),
        money(answer["amount"]),
        currency,
        badge,
        rows,
        [sentence % {"spread": spread}],
    )


def _minimum_income(case: Json, answer: Json, currency: str) -> Why:
    top_ups = [Decimal(one) for one in answer["top_ups"]]
    rows = [
        WhyRow(
            _("Period %(n)s") % {"n": at},
            money(str(top_up)),
            _("%(earned)s earned, %(carried)s carried on")
            % {"earned": number(Decimal(str(earned))), "carried": number(Decimal(carried))},
            "warn" if top_up else "",
        )
        for at, (top_up, earned, carried) in enumerate(
            zip(top_ups, case["earned"], answer["carried"], strict=True), start=1
        )
    ]
    fulfilled = not any(top_ups)
    badge = (
        Badge(_("met"), "good", "circle-check")
        if fulfilled
        else Badge(_("not met"), "warn", "alert-triangle")
    )
    sentence = _("%(income)s is guaranteed for each period; a top-up is never carried on.")
    return Why(
        _("Owed to the member"),
        money(str(sum(top_ups, Decimal(0)))),
        currency,
        badge,
        rows,
        [sentence % {"income": number(Decimal(str(case["guaranteed"])))}],
    )


def _price_drop(case: Json, answer: Json, currency: str) -> Why:
    why = answer["explanation"]
    reasons = {
        "eligible": _("eligible"),
        "outside_lookback": _("received too long ago"),
        "no_drop": _("not dearer than the new price"),
        "in_transit": _("in transit"),
    }
    rows = [
        WhyRow(
            _("In transit") if layer["date"] is None else day_of(layer["date"]),
            money(layer["credit"]),
            _("%(units)s units at %(price)s: %(reason)s")
            % {
                "units": number(layer["qty"]),
                "price": number(Decimal(layer["price"])),
                "reason": reasons[layer["reason"]],
            },
        )
        for layer in answer["layers"]
    ]
    sentences = []
    if why["capped"]:
        sentences.append(_("The most for one product is reached."))
    if answer["unmatched"]:
        sentences.append(
            ngettext(
                "%(count)s unit on hand has no receipt: a question for a person, never money.",
                "%(count)s units on hand have no receipt: a question for a person, never money.",
                answer["unmatched"],
            )
            % {"count": number(answer["unmatched"])}
        )
    return Why(
        _("Compensation for the price drop"),
        money(answer["amount"]),
        currency,
        rows=rows,
        sentences=sentences,
    )


def _credit(case: Json, answer: Json, currency: str) -> Why:
    why = answer["explanation"]
    passes = answer["decision"] == "pass"
    rows = [
        WhyRow(_("Credit limit"), money(why["limit"])),
        WhyRow(_("Temporary limits"), money(why["temporary"])),
        WhyRow(_("Invoiced, not paid"), money(why["open_items"])),
        WhyRow(_("Received, not applied"), f"{MINUS} {money(why['unapplied_receipts'])}"),
        WhyRow(_("Delivered, not invoiced"), money(why["delivered_not_invoiced"])),
        WhyRow(_("Open orders that count"), money(why["open_orders_counted"])),
        WhyRow(_("Credit used"), money(answer["exposure"])),
        WhyRow(_("This order, less its prepayment"), money(why["asked"]), mood="" if passes else "bad"),
    ]
    reasons = {
        "over_limit": _("The order exceeds the available credit."),
        "overdue": _("The oldest invoice is overdue for too long."),
    }
    sentences = [reasons[reason] for reason in answer["reasons"]] or [_("Within the credit limit.")]
    badge = (
        Badge(_("passes"), "good", "circle-check") if passes else Badge(_("on hold"), "bad", "alert-octagon")
    )
    return Why(_("Available credit"), money(answer["available"]), currency, badge, rows, sentences)


def _stock(case: Json, answer: Json, currency: str) -> Why:
    rows = [
        WhyRow(
            day_of(one["date"]),
            number(one["promise"]),
            _("%(raw)s by the books") % {"raw": number(one["raw"])},
            "warn" if one["raw"] < 0 else "",
        )
        for one in answer["available"]
    ]
    held = answer["explanation"]["held_down_by"]
    sentences = (
        []
        if held == "now"
        else [_("Goods leaving until %(day)s limit what can be promised.") % {"day": day_of(held)}]
    )
    title = _("Can be promised now")
    return Why(
        title, number(answer["explanation"]["promise"]), _("base units"), rows=rows, sentences=sentences
    )


def _tier(case: Json, answer: Json, currency: str) -> Why:
    rows, sentences = [], []
    for at, month in enumerate(answer["months"], start=1):
        move, mood = MOVES[month["move"]]
        note = _("score %(score)s") % {"score": month["score"] or "—"}
        rows.append(
            WhyRow(
                _("Month %(n)s") % {"n": at},
                f"{month['tier']} · {move}",
                note,
                mood if mood != "info" else "",
            )
        )
        if month["missing"]:
            names = join_list(DIMENSIONS[name] for name in month["missing"])
            sentences.append(
                _("Month %(n)s: no data for %(names)s; the other weights take its place.")
                % {"n": at, "names": names}
            )
    last = answer["months"][-1] if answer["months"] else None
    if last is None:
        return Why(_("Tier"), str(case["current"]))
    if last["points_to_next"] and Decimal(last["points_to_next"]) > 0:
        sentences.append(_("%(points)s more points to the next tier.") % {"points": last["points_to_next"]})
    return Why(_("Tier after these months"), last["tier"], rows=rows, sentences=sentences)


def _duplicate(case: Json, answer: Json, currency: str) -> Why:
    label, mood, icon = BANDS[answer["band"]]
    names, addresses = answer["explanation"]["names"], answer["explanation"]["addresses"]
    yes_no = {True: _("the same"), False: _("not the same, or not known")}
    rows = [
        WhyRow(_("Name"), number(answer["name"]), " / ".join(names)),
        WhyRow(_("Address"), number(answer["address"]), " / ".join(one or "—" for one in addresses)),
        WhyRow(_("Distance"), "—" if answer["metres"] is None else f"{number(answer['metres'])} m"),
        WhyRow(_("Phone"), yes_no[answer["same_phone"]]),
        WhyRow(_("Licence"), yes_no[answer["same_licence"]]),
    ]
    return Why(_("Likeness"), number(answer["score"]), "", Badge(str(label), mood, icon), rows)


ANSWERS: dict[str, Callable[[Json, Json, str], Why]] = {
    "quote": quote,
    "free-goods": _free_goods,
    "rebate": _rebate,
    "growth": _growth,
    "spread": _spread,
    "minimum-income": _minimum_income,
    "price-drop": _price_drop,
    "credit": _credit,
    "stock": _stock,
    "duplicate": _duplicate,
    "tier": _tier,
}
