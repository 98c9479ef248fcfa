"""Schemes as sentences, and the texts that the phone's scripts need offline."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from pricing.domain.schemes import Bundle, FreeGoods, Scheme, SpecialPrice, Step, StepScheme
from ui.web.numbers import number


def scheme_words(scheme: Scheme) -> str:
    """Return the scheme as a sentence, or its code if it has no sentence."""
    if isinstance(scheme, SpecialPrice):
        return _("Special price %(price)s") % {"price": number(scheme.price)}
    if isinstance(scheme, Bundle):
        goods = " + ".join(f"{item.qty} × {item.sku}" for item in scheme.items)
        return _("A set of %(goods)s at %(price)s.") % {"goods": goods, "price": number(scheme.price)}
    if isinstance(scheme, FreeGoods):
        facts = {"buy": scheme.rule.buy, "free": scheme.rule.free}
        if scheme.gift_sku:
            return _("Buy %(buy)s, get %(free)s of %(gift)s free") % {**facts, "gift": scheme.gift_sku}
        return _("Buy %(buy)s, get %(free)s free") % facts
    if isinstance(scheme, StepScheme):
        return _("; ").join(_step_words(step, by_quantity=scheme.by_quantity) for step in scheme.steps)
    return scheme.code


def _step_words(step: Step, *, by_quantity: bool) -> str:
    start = number(step.from_)
    if step.percent_off is not None:
        facts = {"from": start, "off": number(step.percent_off * 100)}
        if by_quantity:
            return _("from %(from)s units %(off)s%% off") % facts
        return _("from %(from)s on %(off)s%% off") % facts
    facts = {"from": start, "off": number(step.amount_off or Decimal(0))}
    if by_quantity:
        return _("from %(from)s units %(off)s off") % facts
    return _("from %(from)s on %(off)s off") % facts


def weekday_words() -> list[str]:
    """Return short names of the weekdays, Monday first."""
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


def phone_words() -> dict[str, str]:
    """Return the translated texts of the scripts; the scripts fill {n} and other placeholders."""
    return {
        "offline": _("Offline"),
        "aged": _("prices as of {time}"),
        "unsent": _("{n} to send"),
        "cut_today": _("order by {time} today"),
        "cut_tomorrow": _("order by {time} tomorrow"),
        "last": _("last time {n}"),
        "first": _("first order"),
        "summary": _("{n} products · pre-sale"),
        "cases": _("{n} {unit} · pre-sale"),
        "estimate": _("about"),
        "list_only": _("List prices; promotions are applied when the order is sent."),
        "saved_by": _("Schemes save {amount}"),
        "gift": _("Free: {name} × {n}"),
        "free": _("{n} free"),
        "blocked": _("Price outside limits: {clauses}"),
        "not_whole": _("A quantity is a whole number."),
        "no_price": _("No price for this outlet"),
        "price_wins": _("{price} / {unit}, list {list}, from {n}: this price applies."),
        "price_other": _("{price} / {unit}, list {list}, from {n}."),
        "save": _("Save on this phone, send when online"),
        "send": _("Send the pre-sale order"),
        "waiting": _("waiting"),
        "sending": _("sending"),
        "sent": _("sent"),
        "needs": _("needs your decision"),
        "written": _("written {time} · {code}"),
        "kept": _("Saved on this phone. It is sent once, when there is a network."),
        "sent_as": _("Sent: {number}"),
        "sign_in": _("Your session has ended. The orders stay on this phone; sign in to send them."),
        "other_person": _("Someone else is signed in. These orders wait for their writer."),
        "refused": _("The server did not take it: {why}"),
        "was": _("You saw"),
        "is": _("Now"),
        "gone": _("no longer sold"),
        "total": _("Total"),
        "accept": _("Accept {total} and send"),
        "hold": _("Send; on credit hold"),
        "rest": _("Send the others for {total}"),
        "change": _("Change"),
        "drop": _("Discard"),
        "drop_sure": _("Really discard it?"),
        "again": _("Try again"),
        "window_over": _("The cut-off of this delivery window has passed: choose another one."),
        "nothing": _("Choose at least one product."),
        "none_sold": _("No product with a price for this outlet."),
        "none_chosen": _("Nothing chosen yet: add products, or reorder."),
        "none_found": _("No product matches."),
        "storage_off": _("This browser keeps nothing: do not close this page before the order is sent."),
        "state_placed": _("placed"),
        "state_review": _("waiting for approval"),
        "state_held": _("on credit hold"),
        "less": _("one less"),
        "more": _("one more"),
    }
