"""Find orders for the header's search."""

from __future__ import annotations

from django.db.models import Q

from accounts.rights import Actor
from kernel.spelling import folded
from ordering.models import Order
from ui.queries.search import AFTER_ALL, SearchResult


def find_orders(actor: Actor, text: str, limit: int) -> list[SearchResult]:
    """Search by the beginning of the number, in any spelling: a range of the unique index."""
    begins = Q()
    for number in {text, folded(text).upper()}:
        begins |= Q(number__gte=number, number__lt=number + AFTER_ALL, number__startswith=number)
    rows = Order.objects.visible_to(actor).filter(begins).select_related("buyer").order_by("number")
    return [SearchResult(one.id, one.number, str(one.buyer), (one.number,)) for one in rows[:limit]]
