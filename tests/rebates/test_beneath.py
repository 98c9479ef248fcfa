import random
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.rights import the_system
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.returning import Back, take_back
from ordering.operations.shipping import ship
from ordering.queries.orders import order_facts
from rebates.models import Statement
from rebates.operations.requesting import request_due
from rebates.operations.settling import settle_step
from rebates.queries.beneath import beneath
from tests import factories as make
from tests.ordering.trade import a_trade

ME = the_system()
FIRST, LAST = datetime(2026, 3, 20, 3, tzinfo=UTC), datetime(2026, 7, 10, tzinfo=UTC)
AFTERWARDS = datetime(2026, 10, 2, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_acme")]


@pytest.fixture(autouse=True)
def _nobody_is_nudged(monkeypatch):
    monkeypatch.setattr("tenancy.operations.jobs.nudge_job", lambda *ids: None)
    monkeypatch.setattr("tenancy.operations.outbox._nudge", lambda *ids: None)


def some_trade(trade, chance):
    """Orders shipped in parts, delivered days later, some of it returned later still."""
    at = FIRST
    while at < LAST:
        order = trade.place(("A", chance.randint(1, 40)), ("B", chance.randint(1, 9)), at=at)
        confirm_order(order_id=order.id, by=ME, at=at)
        shipped = at + timedelta(days=chance.randint(0, 9))
        parts = [(1, chance.randint(1, order.lines[0].qty))]
        for lines in (parts, None):
            if lines is None and chance.random() < 0.3:
                break
            shipment = ship(order_id=order.id, lines=lines, by=ME, at=shipped)
            shipped += timedelta(days=chance.randint(0, 3))
            if chance.random() < 0.9:
                deliver(shipment_id=shipment.id, signed_by="Li", by=ME, at=shipped)
        held = order_facts(order.id).lines[0].delivered_qty
        if held and chance.random() < 0.5:
            back = [Back(1, chance.randint(1, held))]
            take_back(order_id=order.id, lines=back, by=ME, at=shipped + timedelta(days=20))
        at += timedelta(days=chance.randint(1, 7))


@pytest.mark.parametrize("seed", range(2))
def test_the_lines_beneath_a_statement_add_up_to_its_base(seed):
    trade = a_trade({"A": "4.97", "B": "10.01"}, on_hand=100_000)
    rule = {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"}
    make.a_scheme(trade.seller, "free_goods", rule)
    term = {"starts_on": date(2026, 4, 1), "until": date(2026, 10, 1)}
    make.a_program(trade.seller, [(0, "0.01")], **term)
    make.a_program(trade.seller, [(0, "0.10")], trade.products[0], measure="quantity", **term)
    some_trade(trade, random.Random(seed))

    while jobs := request_due(by=ME, at=AFTERWARDS):
        (job,) = jobs
        while (step := settle_step(job)).cursor is not None:
            job.cursor = step.cursor

    statements = list(Statement.objects.select_related("settlement__program"))
    assert len(statements) >= 2
    assert any(one.kind == "return" for statement in statements for one in beneath(statement))
    for statement in statements:
        lines = beneath(statement)
        assert sum(one.counted for one in lines) == statement.base
        assert lines == sorted(lines, key=lambda one: (one.day, one.sku, one.kind, one.number))
        if statement.settlement.program.measure == "quantity":
            assert {one.sku for one in lines} == {"A"}
