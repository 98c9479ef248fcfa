"""The held orders of an account, and those released since: a fragment of the account's page."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from ledger.models import Book
from ordering.models import Order
from ordering.queries.held_orders import credit_is_checked, held_orders_of, released_orders_of
from ui.web.shortcuts import get_visible_or_404

RELEASED_WITHIN = timedelta(days=1)


@entering("ledger.view")
@require_GET
def held_orders(request: ActorRequest, book_id: UUID) -> HttpResponse:
    """Display the held orders and those of the last day that credit released.

    The fragment asks for itself again while a payment waits for the check of the held orders.
    """
    book = get_visible_or_404(Book.objects, request.actor, id=book_id)
    visible = Order.objects.visible_to(request.actor)
    page = {
        "book": book,
        "held": held_orders_of(book, visible),
        "released": released_orders_of(book, visible, since=timezone.now() - RELEASED_WITHIN),
        "checking": credit_is_checked(book.id),
    }
    return render(request, "ordering/held_orders.html", page)
