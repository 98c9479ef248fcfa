import random
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import signing

from accounts.rights import the_system
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.returns import ReturnPart, take_back
from ordering.operations.shipping import ship
from ordering.queries.orders import order_facts
from rebates.models import Statement
from rebates.operations.settlement_requests import request_due
from rebates.operations.settling import settle_step
from rebates.queries.cursors import packed, unpacked
from rebates.queries.statement_lines import lines_of
from tenancy.context import tenant_active
from tests import factories as make
from tests.ordering.trade import a_trade
from tests.people import a_membership, signed_in
from tests.rebates.api.test_api import Api

ME = the_system()
FIRST, LAST = datetime(2026, 3, 20, 3, tzinfo=UTC), datetime(2026, 7, 10, tzinfo=UTC)
AFTERWARDS = datetime(2026, 10, 2, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_acme")]


@pytest.fixture(autouse=True)
def _nobody_is_nudged(monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)
    monkeypatch.setattr("jobs.operations.outbox._nudge", lambda *ids: None)


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
            back = [ReturnPart(1, chance.randint(1, held))]
            take_back(order_id=order.id, lines=back, by=ME, at=shipped + timedelta(days=20))
        at += timedelta(days=chance.randint(1, 7))


def settled(seed):
    """A seller with a program by amount and one by quantity, and some trade; all of it settled."""
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
    return trade


@pytest.mark.parametrize("seed", range(2))
def test_the_lines_beneath_a_statement_add_up_to_its_base(seed):
    settled(seed)
    statements = list(Statement.objects.select_related("settlement__program"))
    assert len(statements) >= 2
    assert any(one.kind == "return" for statement in statements for one in lines_of(statement).lines)
    for statement in statements:
        found = lines_of(statement)
        lines = found.lines
        assert sum(one.counted for one in lines) == found.counted == statement.base
        assert (found.count, found.units) == (len(lines), sum(one.qty for one in lines))
        assert found.after is None
        assert lines == sorted(lines, key=lambda one: (one.day, one.sku, one.kind, one.number))
        if statement.settlement.program.measure == "quantity":
            assert {one.sku for one in lines} == {"A"}
        assert in_pages(statement, 3) == lines


def in_pages(statement, most):
    """All lines, so many at a time; each page tells the sums of all."""
    found, place = [], None
    while True:
        page = lines_of(statement, after=unpacked(packed(place)), limit=most)
        assert len(page.lines) <= most
        assert page.counted == statement.base
        found += page.lines
        if page.after is None:
            return found
        place = page.after


def test_a_place_that_was_not_given_out_is_none():
    for text in ("", "x", "WyJ4Il0:1:2", signing.dumps([], salt="another")):
        assert unpacked(text) is None


def test_the_api_and_the_page_tell_so_many_at_a_time(in_acme, monkeypatch):
    trade = settled(0)
    statement = next(one for one in Statement.objects.order_by("id") if lines_of(one).count > 4)
    api = Api(in_acme, trade.seller, "finance")
    path = f"statements/{statement.id}/deliveries"
    whole = api.get(path).json()
    assert (whole["next"], whole["count"]) == (None, len(whole["lines"]))
    monkeypatch.setitem(lines_of.__kwdefaults__, "limit", 3)
    lines, page = [], {"next": ""}
    while page["next"] is not None:
        page = api.get(path, **({"after": page["next"]} if page["next"] else {})).json()
        assert 0 < len(page["lines"]) <= 3
        assert (page["count"], page["base"]) == (whole["count"], whole["base"])
        lines += page["lines"]
    assert lines == whole["lines"]
    for wrong, status in (({"after": "x"}, 404), ({"period": "x"}, 400), ({"period": "2020-01-01"}, 404)):
        assert api.get(path, **wrong).status_code == status
    assert api.get(path, page="2").status_code == 400
    with tenant_active(in_acme):
        reader = a_membership(trade.seller, "finance")
    browser, numbers, url = signed_in(reader), set(), f"/statements/{statement.id}"
    while url:
        shown = browser.get(url).content.decode()
        numbers |= set(re.findall(r">\s*(SO[\w/-]+)\s*<", shown))
        more = re.search(r'rel="next"\s+href="([^"]+)"', shown)
        url = more and more[1].replace("&amp;", "&")
    assert {line["number"] for line in whole["lines"]} <= numbers
    assert browser.get(f"/statements/{statement.id}?of=2020-01-01").status_code == 404
