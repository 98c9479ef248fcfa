"""Threads with connections of their own, against real commits; each also against naive code.

Thirty-two threads try twenty-five times each. The naive versions stand in this file: that they
fail shows that the tests would notice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import F

from ledger.models import Account, Book
from ledger.operations.posting import post
from ledger.operations.verification import violations
from ledger.queries import balances_of
from ordering.models import Order, Stock
from ordering.operations.bulk import run_on_orders
from ordering.operations.confirming import confirm_order
from ordering.operations.placing import SourceTaken
from ordering.operations.reserving import OutOfStock, Wanted, reserve_softly
from ordering.queries.reconciliation import differences
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import a_party, a_price_list
from tests.ordering.trade import AT, ME, a_trade

THREADS, TRIES = 32, 25


@pytest.fixture
def acme_id(committed):
    return Tenant.objects.get(slug="acme").id


def together(work: Callable[[int], Any], threads: int) -> list[Any]:
    """Runs `work(number)` in as many threads at the same moment; answers or errors, in order."""
    start = Barrier(threads)

    def run(number: int) -> Any:
        try:
            start.wait(30)
            return work(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def _takes(acme_id, take: Callable[[], None]) -> Callable[[int], int]:
    """Tries again and again, each time in a transaction of its own; answers how often it got one."""

    def work(number: int) -> int:
        got = 0
        for _ in range(TRIES):
            try:
                with tenant_active(acme_id):
                    take()
                got += 1
            except OutOfStock:
                continue
        return got

    return work


def _stocked(acme_id, on_hand: int) -> Any:
    with tenant_active(acme_id):
        return a_trade(on_hand=on_hand)


def test_nothing_is_oversold(acme_id):
    trade = _stocked(acme_id, 400)
    product = trade.products[0].id

    def take() -> None:
        reserve_softly(party_id=trade.seller.id, wanted=[Wanted(product, 1, "A", "lines[0].qty")], facts=[])

    got = together(_takes(acme_id, take), THREADS)
    with tenant_active(acme_id):
        assert (sum(got), trade.stock("A").soft) == (400, 400)


def test_naive_code_oversells(acme_id):
    trade = _stocked(acme_id, 400)

    def take() -> None:
        stock = Stock.objects.get(party=trade.seller, product=trade.products[0])
        if stock.on_hand - stock.soft < 1:
            raise OutOfStock("none left")
        Stock.objects.filter(id=stock.id).update(soft=stock.soft + 1)

    got = together(_takes(acme_id, take), THREADS)
    with tenant_active(acme_id):
        assert sum(got) > 400


ROUNDS, PAIRS = 20, 8


def test_orders_over_the_same_goods_in_opposite_order_never_meet_in_a_deadlock(acme_id):
    trade = _stocked(acme_id, 10**6)
    with tenant_active(acme_id):
        buyers = [a_party(parent=trade.seller).id for _ in range(PAIRS)]

    def place(number: int) -> int:
        lines = [("A", 1), ("B", 1)][:: 1 if number % 2 else -1]
        for _ in range(ROUNDS):
            with tenant_active(acme_id):
                trade.place(*lines, buyer_id=buyers[number])
        return ROUNDS

    assert together(place, PAIRS) == [ROUNDS] * PAIRS
    with tenant_active(acme_id):
        assert (trade.stock("A").soft, trade.stock("B").soft) == (ROUNDS * PAIRS, ROUNDS * PAIRS)
        assert [one for one in differences() if one.what != "on hand"] == violations() == []


BULKS, BULK_ROUNDS = 4, 6


def _bulks(acme_id: Any, confirm: Callable[[list[Any]], None]) -> list[Any]:
    """Four at once confirm orders of two buyers each, half of them A before B, half B before A."""
    trade = _stocked(acme_id, 10**6)
    orders: list[list[list[Any]]] = []
    with tenant_active(acme_id):
        for number in range(BULKS):
            buyers = [a_party(parent=trade.seller).id for _ in range(2)]
            skus = "AB" if number % 2 else "BA"
            orders.append(
                [
                    [
                        trade.place((sku, 1), buyer_id=buyer).id
                        for sku, buyer in zip(skus, buyers, strict=True)
                    ]
                    for _ in range(BULK_ROUNDS)
                ]
            )

    def work(number: int) -> int:
        for ids in orders[number]:
            with tenant_active(acme_id):
                confirm(ids)
        return len(orders[number])

    return together(work, BULKS)


def test_orders_confirmed_together_never_meet_in_a_deadlock(acme_id):
    told = _bulks(
        acme_id, lambda ids: run_on_orders(confirm_order, orders=dict.fromkeys(ids, ""), by=ME, at=AT)
    )
    assert told == [BULK_ROUNDS] * BULKS


def test_orders_confirmed_one_after_another_in_one_transaction_do(acme_id):
    def naive(ids: list[Any]) -> None:
        for order_id in ids:
            confirm_order(order_id=order_id, by=ME, at=AT)
            time.sleep(0.02)

    assert any("deadlock" in str(error) for error in _bulks(acme_id, naive))


def test_naive_code_deadlocks(acme_id):
    trade = _stocked(acme_id, 10**6)

    def take(number: int) -> None:
        for _ in range(ROUNDS):
            with tenant_active(acme_id):
                for product in trade.products[:: 1 if number % 2 else -1]:
                    Stock.objects.filter(product=product).update(soft=F("soft") + 1)
                    time.sleep(0.002)

    told = together(take, PAIRS)
    assert any("deadlock" in str(error) for error in told)


def _limited(acme_id, limit: str) -> Any:
    trade = _stocked(acme_id, 10**6)
    with tenant_active(acme_id):
        trade.place(("A", 1))
        Book.objects.update(credit_limit=limit)
    return trade


def test_orders_at_once_never_exceed_the_credit(acme_id):
    trade = _limited(acme_id, "205.00")

    def place(number: int) -> list[str]:
        states = []
        for _ in range(4):
            with tenant_active(acme_id):
                states.append(trade.place(("A", 2)).state)
        return states

    states = [state for some in together(place, 16) for state in some]
    with tenant_active(acme_id):
        committed = Account.objects.get(kind="committed").balance
        assert (states.count("placed"), committed) == (20, Decimal("205.00"))
        assert violations() == []
        numbers = Order.objects.values_list("number", flat=True)
        assert len(set(numbers)) == len(numbers) == 65


def test_naive_code_exceeds_the_credit(acme_id):
    trade = _limited(acme_id, "205.00")
    with tenant_active(acme_id):
        book = Book.objects.get().id

    def place(number: int) -> None:
        for i in range(4):
            with tenant_active(acme_id):
                exposure = balances_of([book])[book]["committed"]
                if exposure + 10 <= Decimal(205):
                    time.sleep(0.002)
                    lines = [("committed", Decimal(10)), ("commitment", Decimal(-10))]
                    post(book_id=book, kind="x", source=f"{number}:{i}", at=AT, lines=lines)

    together(place, 16)
    with tenant_active(acme_id):
        assert Account.objects.get(kind="committed").balance > Decimal(205)
        assert trade.seller.tracks_stock


def test_the_chain_of_a_book_holds_under_many_writers(acme_id):
    trade = _stocked(acme_id, 100)
    with tenant_active(acme_id):
        trade.place(("A", 1))
        book = Book.objects.get().id

    def write(number: int) -> None:
        for i in range(10):
            with tenant_active(acme_id):
                lines = [("receivable", Decimal(1)), ("sales", Decimal(-1))]
                post(book_id=book, kind="sale", source=f"s:{number // 2}:{i}", at=AT, lines=lines)

    assert together(write, 16) == [None] * 16
    with tenant_active(acme_id):
        assert balances_of([book])[book]["receivable"] == 80
        assert violations() == []


def test_one_outside_number_at_once_is_one_order(acme_id):
    trade = _stocked(acme_id, 10**6)

    def place(number: int) -> Any:
        with tenant_active(acme_id):
            return trade.place(("A", 1), source="erp:1").id

    told = together(place, 8)
    with tenant_active(acme_id):
        assert told == [Order.objects.get().id] * 8


def test_one_outside_number_sent_to_two_sellers_at_once_is_one_order_and_a_refusal(acme_id):
    """Books of different sellers do not wait for each other: the constraint decides."""
    trade = _stocked(acme_id, 10**6)
    with tenant_active(acme_id):
        sellers = [a_party(parent=trade.seller) for _ in range(6)]
        for seller in sellers:
            a_price_list(seller, {trade.products[0]: "5.00"})
        member = a_party("member", parent=sellers[0]).id

    def place(number: int) -> Any:
        with tenant_active(acme_id):
            return trade.place(("A", 1), source="erp:1", seller_id=sellers[number].id, buyer_id=member).id

    told = together(place, 6)
    assert sum(isinstance(one, SourceTaken) for one in told) == 5, told


def test_threads_have_connections_of_their_own(acme_id):
    def who(number: int) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    assert len(set(together(who, 4))) == 4
