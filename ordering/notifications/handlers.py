"""Handle messages about orders, shipments and returns by notifying buyer and seller."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from dealers.models import Party
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on
from ordering.models import DeliverySlip, Order, ReturnRequest
from ordering.notifications import topics
from ordering.queries.delivery_windows import window_plan
from ordering.queries.orders import OrderFacts, order_facts
from ordering.queries.returns import return_facts
from ordering.queries.shipments import shipment_facts
from tenancy.rooms import NotificationTopic


@on("ordering.placed")
def placed(body: dict[str, Any], at: datetime) -> None:
    _notify_seller_of(body, topics.ORDER_PLACED, at)


@on("ordering.held")
def held(body: dict[str, Any], at: datetime) -> None:
    """Notify the seller, who may release the order, and the buyer, who may pay."""
    order = _notify_seller_of(body, topics.ORDER_HELD, at)
    if order is not None:
        _notify_buyer(order, topics.ORDER_HELD, at)


@on("ordering.review")
def in_review(body: dict[str, Any], at: datetime) -> None:
    _notify_seller_of(body, topics.ORDER_REVIEW, at)


@on("ordering.approved")
def approved(body: dict[str, Any], at: datetime) -> None:
    _notify_buyer_and_placer(body, topics.ORDER_APPROVED, at)


@on("ordering.sent_back")
def sent_back(body: dict[str, Any], at: datetime) -> None:
    _notify_buyer_and_placer(body, topics.ORDER_SENT_BACK, at)


def _notify_buyer_and_placer(body: dict[str, Any], topic: NotificationTopic, at: datetime) -> None:
    """Notify the buyer, and the person who placed the order for it, of a decision on its prices."""
    order = order_facts(UUID(body["order_id"]))
    if order is None:
        return
    links = link_to("order", order.id)
    placer = Order.objects.filter(id=order.id).values_list("placed_by_id", flat=True).first()
    sides = people_of([order.seller_id, order.buyer_id], right="order.place", about=order.buyer_id, **links)
    people = [one for one in sides if one.party_id == order.buyer_id or one.person_id == placer]
    params = _order_params(order) | {"reason": order.facts.get("sent_back", {}).get("reason", "")}
    source = f"{topic.code}:{order.id}"
    tell(topic=topic, people=people, params=params, source=source, at=at)


@on("ordering.confirmed")
def confirmed(body: dict[str, Any], at: datetime) -> None:
    order = order_facts(UUID(body["order_id"]))
    if order is not None:
        _notify_buyer(order, topics.ORDER_CONFIRMED, at)


@on("ordering.cancelled")
def cancelled(body: dict[str, Any], at: datetime) -> None:
    """Notify the party that did not cancel; both, if neither of them did."""
    order = order_facts(UUID(body["order_id"]))
    if order is None:
        return
    if body.get("by") != str(order.buyer_id):
        _notify_buyer(order, topics.ORDER_CANCELLED, at)
    if body.get("by") != str(order.seller_id):
        _notify_seller(order, topics.ORDER_CANCELLED, at)


@on("ordering.shipped")
def shipped(body: dict[str, Any], at: datetime) -> None:
    _of_shipment(
        body, (topics.SHIPPED, topics.SHIPPED_WITHOUT_PRICES), at, right="order.deliver", buyers=True
    )


@on("ordering.slip_added")
def slip_added(body: dict[str, Any], at: datetime) -> None:
    """Ask the buyer's people to confirm the receipt."""
    slip = DeliverySlip.objects.defer("content").get(id=body["slip_id"])
    hours = {"hours": window_plan().receipt_hours}
    _about_receipt(slip.shipment_id, topics.SLIP_ADDED, f"slip:{slip.id}", at, sellers=False, more=hours)


@on("ordering.delivered")
def delivered(body: dict[str, Any], at: datetime) -> None:
    """Notify the seller; after a time-out both sides."""
    shipment_id = UUID(body["shipment_id"])
    if shipment_facts(shipment_id).timed_out:
        _about_receipt(shipment_id, topics.TIMED_OUT, f"timed_out:{shipment_id}", at)
        return
    _of_shipment(
        body, (topics.DELIVERED, topics.DELIVERED_WITHOUT_PRICES), at, right="order.ship", buyers=False
    )


@on("ordering.return_asked")
def return_requested(body: dict[str, Any], at: datetime) -> None:
    order = order_facts(UUID(body["order_id"]))
    newest = ReturnRequest.objects.filter(order_id=body["order_id"]).order_by("-requested_at", "-id").first()
    if order is None or newest is None:
        return
    links = link_to("order", order.id)
    people = people_of([order.seller_id], right="order.return", about=order.buyer_id, **links)
    source = f"return_asked:{newest.id}"
    tell(topic=topics.RETURN_REQUESTED, people=people, params=_order_params(order), source=source, at=at)


@on("ordering.returned")
def returned(body: dict[str, Any], at: datetime) -> None:
    back = return_facts(UUID(body["return_id"]))
    names = _names(back.seller_id, back.buyer_id)
    _notify_about_goods(
        (topics.RETURNED, topics.RETURNED_WITHOUT_PRICES),
        back.buyer_id,
        "order.return",
        about=back.buyer_id,
        params={"number": back.number, **names},
        money={"credit": {"money": str(back.credit)}},
        source=f"return:{back.id}",
        links=link_to("return", back.id),
        at=at,
    )


def _notify_seller_of(body: dict[str, Any], topic: NotificationTopic, at: datetime) -> OrderFacts | None:
    order = order_facts(UUID(body["order_id"]))
    if order is not None:
        _notify_seller(order, topic, at)
    return order


def _notify_seller(order: OrderFacts, topic: NotificationTopic, at: datetime) -> None:
    links = link_to("order", order.id)
    people = people_of([order.seller_id], right="order.confirm", about=order.buyer_id, **links)
    tell(topic=topic, people=people, params=_order_params(order), source=f"{topic.code}:{order.id}", at=at)


def _notify_buyer(order: OrderFacts, topic: NotificationTopic, at: datetime) -> None:
    people = people_of(
        [order.buyer_id], right="order.place", about=order.buyer_id, **link_to("order", order.id)
    )
    tell(topic=topic, people=people, params=_order_params(order), source=f"{topic.code}:{order.id}", at=at)


def _of_shipment(
    body: dict[str, Any],
    both: tuple[NotificationTopic, NotificationTopic],
    at: datetime,
    *,
    right: str,
    buyers: bool,
) -> None:
    one = shipment_facts(UUID(body["shipment_id"]))
    order = order_facts(one.order_id)
    if order is None:
        return
    params, total = _order_params(order), ("total", "currency")
    _notify_about_goods(
        both,
        order.buyer_id if buyers else order.seller_id,
        right,
        about=order.buyer_id,
        params={name: value for name, value in params.items() if name not in total}
        | {"shipment": one.number, "signed_by": one.signed_by or "—"},
        money={name: params[name] for name in total} | {"amount": {"money": str(one.amount)}},
        source=f"{both[0].code}:{one.id}",
        links=link_to("shipment", one.id),
        at=at,
    )


def _about_receipt(
    shipment_id: UUID,
    topic: NotificationTopic,
    source: str,
    at: datetime,
    *,
    sellers: bool = True,
    more: dict[str, Any] | None = None,
) -> None:
    """Notify the buyer's people who receive, and the seller's who ship, of a receipt; without amounts."""
    one = shipment_facts(shipment_id)
    order = order_facts(one.order_id)
    if order is None:
        return
    links = link_to("shipment", one.id)
    people = people_of([order.buyer_id], right="order.deliver", about=order.buyer_id, **links)
    if sellers:
        people += people_of([order.seller_id], right="order.ship", about=order.buyer_id, **links)
    names = {"number": order.number, "seller": order.seller_name, "buyer": order.buyer_name}
    params = names | {"shipment": one.number} | (more or {})
    tell(topic=topic, people=people, params=params, source=source, at=at)


def _notify_about_goods(
    both: tuple[NotificationTopic, NotificationTopic],
    party: UUID,
    right: str,
    *,
    about: UUID,
    params: dict[str, Any],
    money: dict[str, Any],
    source: str,
    links: dict[str, Any],
    at: datetime,
) -> None:
    """Notify the users who handle the goods; only users who may see prices get the amounts."""
    people = people_of([party], right=right, about=about, **links)
    priced = set(people_of([party], right="price.view", about=about, **links))
    topic, without_prices = both
    tell(
        topic=topic,
        people=[one for one in people if one in priced],
        params=params | money,
        source=source,
        at=at,
    )
    tell(
        topic=without_prices,
        people=[one for one in people if one not in priced],
        params=params,
        source=source,
        at=at,
    )


def _order_params(order: OrderFacts) -> dict[str, Any]:
    return {
        "number": order.number,
        "seller": order.seller_name,
        "buyer": order.buyer_name,
        "total": {"money": str(order.total)},
        "currency": order.currency,
    }


def _names(seller_id: UUID, buyer_id: UUID) -> dict[str, str]:
    found = dict(Party.objects.filter(id__in=[seller_id, buyer_id]).values_list("id", "name"))
    return {"seller": found.get(seller_id, ""), "buyer": found.get(buyer_id, "")}
