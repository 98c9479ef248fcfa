"""Why an order does not proceed, and what helps: its credit hold, its prices in review, its way back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rights import Actor
from ledger.domain.credit import OVER_LIMIT, OVERDUE
from ledger.models import Book
from ordering.models import Cart, Order
from ordering.queries.money_fields import is_own_trade
from ordering.queries.orders import OrderFacts
from ordering.queries.price_review import limited_lines
from ui.web.numbers import grouped

State = Order.State


def situation_of(order: OrderFacts, actor: Actor) -> dict[str, Any]:
    """Return the context of the order's page: `message` (mood, sentence), `hold`, `limited`, `sent_back`."""
    if order.state == State.HELD:
        credit = order.facts.get("credit") or {}
        sees = actor.may("ledger.view") and is_own_trade(actor, order.seller_id, order.buyer_id)
        message = "bad", _held(credit, sees_figures=sees)
        return {"message": message, "hold": _account_of(order, actor)}
    if order.state == State.REVIEW:
        text = _("Price outside limits; the seller approves the order or sends it back.")
        return {"message": ("warn", text), "limited": _limited(order, actor)}
    if order.state == State.CANCELLED and "sent_back" in order.facts:
        reason = order.facts["sent_back"]["reason"]
        text = _("The seller sent the order back: %(reason)s") % {"reason": reason}
        return {"message": ("warn", text), "draft_url": _draft_url(order, actor)}
    return {"message": ("", "")}


def _held(credit: dict[str, Any], *, sees_figures: bool) -> str:
    """Return which credit rules hold the order, and how it is released."""
    sentences = []
    reasons = credit.get("reasons", ())
    if OVER_LIMIT in reasons and sees_figures:
        missing = Decimal(credit["asked"]) - Decimal(credit["available"])
        sentences.append(_("Over the credit limit by %(missing)s.") % {"missing": grouped(missing, 2)})
    elif OVER_LIMIT in reasons:
        sentences.append(_("Credit limit exceeded."))
    if OVERDUE in reasons:
        sentences.append(_("Older invoices of the buyer are overdue."))
    return " ".join([*sentences, _("A deposit or a payment of the buyer releases the order.")])


def _account_of(order: OrderFacts, actor: Actor) -> dict[str, str]:
    """Return the links to the account and to the form that records a payment, as far as the user may."""
    books = Book.objects.visible_to(actor).filter(seller_id=order.seller_id, buyer_id=order.buyer_id)
    book_id = books.values_list("id", flat=True).first()
    if book_id is None:
        return {}
    url = reverse("book", args=[book_id])
    records = actor.may("ledger.post") and actor.party_id == order.seller_id
    return {"account": url, "payment": f"{url}#payment" if records else ""}


def _limited(order: OrderFacts, actor: Actor) -> list[Any]:
    """Return the lines outside their limits; the limits are known to the people who decide on the price."""
    decides = actor.party_id == order.seller_id and actor.may("order.confirm") and actor.may("price.view")
    return limited_lines(order) if decides else []


def _draft_url(order: OrderFacts, actor: Actor) -> str:
    """Return the address of the draft with the order's lines, while it is there and the user may order."""
    draft = order.facts["sent_back"]["draft"]
    if not draft or not Cart.objects.visible_to(actor).filter(id=draft).exists():
        return ""
    buyer = "" if actor.party_id == order.buyer_id else f"&buyer={order.buyer_id}"
    return f"{reverse('order-new')}?cart={draft}{buyer}"
