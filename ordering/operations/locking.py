"""Lock an order for an operation: first its book, then the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import SYSTEM, Actor, NotAllowed
from kernel.refusals import Refusal
from ledger.operations.credit_lock import LockedBook, lock_for_credit
from ordering.models import Order
from ordering.queries.orders import OrderFacts, order_facts
from tenancy.context import active_tenant_id

SELLER, BUYER = "seller", "buyer"
SIDE_NAMES = {SELLER: gettext_lazy("seller"), BUYER: gettext_lazy("buyer")}


class NoSuchOrder(Refusal):
    code = "not_found"


class WrongState(Refusal):
    code = "wrong_state"


@dataclass(frozen=True, slots=True)
class LockedOrder:
    """An order and its book, locked until the commit, with the settings of its tenant and its parties."""

    order: OrderFacts
    book: LockedBook
    timezone: str
    tax_in_price: bool
    seller_tracks: bool
    buyer_tracks: bool
    confirms_itself: bool

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.timezone)).date()

    def must_be(self, *states: str) -> None:
        """Raise WrongState unless the order is in one of the states."""
        if self.order.state not in states:
            message = _("The order %(number)s is %(state)s; this needs %(wanted)s.")
            words = [str(Order.State(state).label) for state in (self.order.state, *states)]
            facts = {"number": self.order.number, "state": words[0], "wanted": " / ".join(words[1:])}
            raise WrongState(message % facts, state=self.order.state)


def must_be_side(by: Actor, sides: tuple[str, ...], *, seller_id: UUID, buyer_id: UUID) -> None:
    """Raise NotAllowed unless the actor acts for one of the sides of a trade, or is the system."""
    parties = {SELLER: seller_id, BUYER: buyer_id}
    if not by.acts_for(*(parties[side] for side in sides)):
        message = _("This is for the %(sides)s of the order to do.")
        words = " / ".join(str(SIDE_NAMES[side]) for side in sides)
        raise NotAllowed(message % {"sides": words}, sides=list(sides))


def lock_order(order_id: UUID, *, by: Actor, sides: tuple[str, ...] = (SELLER,)) -> LockedOrder:
    """Lock the order's book, then the order, and return both. Six statements.

    Raises NoSuchOrder if the order is not visible to the actor, and NotAllowed if the actor's party, the
    manufacturer included, is not on one of the `sides`: nobody acts for another.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.id, o.seller_id, o.buyer_id, t.timezone, t.prices_include_tax, s.tracks_stock,"
            " b.tracks_stock, s.confirms_itself FROM ordering_order o"
            " JOIN tenancy_tenant t ON t.id = o.tenant_id"
            " JOIN dealers_party s ON s.tenant_id = o.tenant_id AND s.id = o.seller_id"
            " JOIN dealers_party b ON b.tenant_id = o.tenant_id AND b.id = o.buyer_id"
            " JOIN ledger_book k ON k.tenant_id = o.tenant_id AND k.buyer_id = o.buyer_id"
            " AND k.seller_id = o.seller_id WHERE o.tenant_id = %s AND o.id = %s",
            [active_tenant_id(), order_id],
        )
        row = cursor.fetchone()
    if row is None or not _sees(by, order_id):
        raise NoSuchOrder(_("There is no such order."), field="order")
    must_be_side(by, sides, seller_id=row[1], buyer_id=row[2])
    book = lock_for_credit(row[0])
    order = order_facts(order_id, lock=True)
    if order is None:
        raise NoSuchOrder(_("There is no such order."), field="order")
    return LockedOrder(order, book, *row[3:])


def _sees(by: Actor, order_id: UUID) -> bool:
    return by.role == SYSTEM or Order.objects.visible_to(by).filter(id=order_id).exists()
