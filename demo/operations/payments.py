"""Create payments (most on time, some late, a few missing), credit limits, prepayments and deposits."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F

from demo.operations.scenario import Plan, World, moment, read_world
from kernel.money import ZERO_MONEY, cents
from ledger.models import Book, OpenItem
from ledger.operations.held_money import move_held_money, use_prepayment
from ledger.operations.receipts import Credit, credit_many
from ledger.operations.temporary_credit import grant_temporary_credit
from ledger.queries import balances_of

LATE, SHORT = 0.05, 0.08
GRACE = timedelta(days=3)
SLOW, SLOW_SINCE = ("4", "7"), timedelta(days=100)
LABEL = "演示数据"


def pay_month(plan: Plan, world: World, until: date) -> None:
    """Pay at the end of a month: each buyer pays what is due; outlets pay all they received."""
    on = min(until, plan.day) - timedelta(days=1)
    if on < plan.first_day:
        return
    outlets = {one.code for one in world.outlets}
    late = _late_payers(world)
    chance = plan.chance(f"paying {on}")
    due: dict[UUID, Decimal] = defaultdict(lambda: ZERO_MONEY)
    codes: dict[UUID, str] = {}
    rows: Any = OpenItem.objects.exclude(settled=F("amount")).values_list(
        "book_id", "book__buyer__code", "due_on", "amount", "settled"
    )
    for book_id, code, due_on, amount, settled in rows.order_by("book__seller__code", "book__buyer__code"):
        codes[book_id] = code
        if due_on <= on + GRACE or code in outlets:
            due[book_id] += amount - settled
    credits = []
    for book_id, amount in due.items():
        luck = chance.random()
        is_slow = codes[book_id].endswith(SLOW) or codes[book_id] in late
        slow = is_slow and on > plan.day - SLOW_SINCE
        if luck < LATE or slow or amount <= 0:
            continue
        part = cents(amount * Decimal("0.6")) if luck < LATE + SHORT else amount
        if luck > 0.99:
            part = cents(amount + 500)
        credits.append(
            Credit(
                book_id,
                "payment",
                f"payment:{book_id}:{on:%Y%m}",
                moment(on, time(16)),
                [("cash", part)],
                f"{on:%Y-%m} 回款",
                LABEL,
            )
        )
    credit_many(credits)


def grant_credit(plan: Plan) -> str:
    """Set the credit limits of dealers and members; receive deposits of some dealers."""
    world = read_world()
    chance = plan.lasting("credit")
    kinds = {one.id: one.kind for one in [*world.dealers, *world.members]}
    books = list(Book.objects.filter(buyer__in=list(kinds)).order_by("buyer__code"))
    for book in books:
        dealer = kinds[book.buyer_id] == "dealer"
        book.credit_limit = Decimal(
            chance.choice((400_000, 800_000, 1_500_000) if dealer else (60_000, 120_000))
        )
        book.max_overdue_days = chance.choice((60, 90, 120))
        book.horizon_days = None if chance.random() < 0.5 else 30
    Book.objects.bulk_update(books, ["credit_limit", "max_overdue_days", "horizon_days"], batch_size=500)
    _hold_money(plan, world, books)
    _raise_for_a_time(plan, world, books)
    return f"{len(books)} 个信用额度"


def _raise_for_a_time(plan: Plan, world: World, books: list[Book]) -> None:
    """Grant a temporary credit that is running, and one that begins later."""
    of_buyer = {book.buyer_id: book for book in books}
    parties = dict.fromkeys([*world.one_click, *world.dealers])
    running, planned = [of_buyer[one.id] for one in parties if one.id in of_buyer][:2]
    for book, first_day, amount, reason in (
        (running, plan.day, 50_000, "中秋备货，临时增加额度"),
        (planned, plan.day + timedelta(days=14), 80_000, "国庆旺季备货"),
    ):
        grant_temporary_credit(
            book_id=book.id,
            amount=Decimal(amount),
            starts_on=first_day,
            until=first_day + timedelta(days=30),
            reason=reason,
            by=plan.by,
            at=plan.now,
        )


def _late_payers(world: World) -> set[str]:
    """Return the code of one customer of each one-click dealer, so that something is overdue to it."""
    children = world.children()
    return {customer.code for one in world.one_click for customer in children[one.id][2:3]}


def _hold_money(plan: Plan, world: World, books: list[Book]) -> None:
    """Receive security deposits and prepayments; one of each is partly refunded, forfeited or used."""
    of_buyer = {book.buyer_id: book for book in books}
    dealers = [of_buyer[one.id] for one in world.dealers if one.id in of_buyer]
    one_click = [of_buyer[one.id] for one in world.one_click if one.id in of_buyer]

    def move(book: Book, kind: str, amount: int, memo: str) -> None:
        move_held_money(
            kind=kind,
            book_id=book.id,
            amount=Decimal(amount),
            source=f"{kind}:{book.id}",
            by=plan.by,
            at=plan.now,
            memo=memo,
        )

    for book in dealers[: max(4, len(dealers) // 8)]:
        move(book, "security_deposit", 20_000, "授权保证金")
    for book in one_click:
        move(book, "prepayment", 12_000, "旺季备货预付款")
        if book not in dealers:
            move(book, "security_deposit", 5_000, "联盟商保证金")
    move(one_click[1], "prepayment_refund", 2_000, "退还多付的预付款")
    move(dealers[2], "security_deposit_refund", 5_000, "退还部分保证金")
    move(dealers[3], "security_deposit_forfeit", 2_000, "窜货经核实，按合同第 9.2 条没收")
    use_prepayment(
        book_id=one_click[0].id,
        amount=min(balances_of([one_click[0].id])[one_click[0].id]["receivable"], Decimal(3_000)),
        source=f"prepayment_use:{one_click[0].id}",
        by=plan.by,
        at=plan.now,
        memo="预付款抵货款",
    )
