"""Create changes of two people: some approved, one rejected, some that wait for a second person."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from accounts.rights import MANUFACTURER, Actor
from approvals.models import Approval
from approvals.operations.deciding import approve, reject
from demo.operations.dry_runs import try_drafts
from demo.operations.people import staff_actor
from demo.operations.scenario import Plan, moment
from ledger.models import Book
from ledger.operations.receipts import set_credit
from ledger.operations.vouchers import receive_voucher
from pricing.models import PriceList
from pricing.operations.price_lists import publish_price_list
from rebates.models import Program
from rebates.operations.programs import activate_program

RAISES = (Decimal(600_000), Decimal(900_000), Decimal(2_000_000))


def make_approvals(plan: Plan) -> str:
    """Let finance and the director ask each other."""
    finance, director = staff_actor("finance"), staff_actor("director")
    at = moment(plan.day - timedelta(days=1), time(15))
    books = list(
        Book.objects.filter(seller__kind=MANUFACTURER, buyer__kind="dealer").order_by("buyer__code")[:3]
    )
    requests = [_raise(book, limit, finance, at) for book, limit in zip(books, RAISES, strict=False)]
    approve(approval_id=requests[0].id, by=director, at=at + timedelta(minutes=20))
    reject(
        approval_id=requests[1].id,
        reason="有逾期货款，先回款再调额度",
        by=director,
        at=at + timedelta(minutes=25),
    )
    receive_voucher(
        book_id=books[0].id,
        kind="payment",
        amount=Decimal("128000.00"),
        voucher=f"ICBC-{plan.day:%y%m%d}-0186",
        by=finance,
        at=at + timedelta(minutes=40),
        memo="月末回款",
    )
    try_drafts(director, at + timedelta(minutes=45))
    for draft in PriceList.objects.filter(seller__kind=MANUFACTURER, state="draft").order_by("-code")[:1]:
        publish_price_list(price_list_id=draft.id, by=director, at=at + timedelta(minutes=50))
    for program in Program.objects.filter(seller__kind=MANUFACTURER, state="draft").order_by("code")[:1]:
        activate_program(program_id=program.id, by=finance, at=at + timedelta(minutes=55))
    count: Counter[Any] = Counter(Approval.objects.values_list("state", flat=True))
    return "、".join(f"{Approval.State(state).label} {number}" for state, number in sorted(count.items()))


def _raise(book: Book, limit: Decimal, by: Actor, at: datetime) -> Approval:
    waiting = set_credit(
        book_id=book.id,
        credit_limit=limit,
        horizon_days=book.horizon_days,
        max_overdue_days=book.max_overdue_days,
        payment_days=book.payment_days,
        by=by,
        at=at,
    )
    assert waiting is not None, "finance raises no limit alone"
    return waiting
