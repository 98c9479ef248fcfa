"""Rebates on the screen: the desk's tabs, a statement that adds up, and who sees which."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.returns import ReturnPart, take_back
from ordering.operations.shipping import ship
from rebates.models import Settlement, Statement
from rebates.operations.settlement_requests import request_due
from rebates.operations.settling import settle_step
from tests.factories import a_party, a_program
from tests.ordering.trade import ME
from tests.scene import LONG, MOST, Scene, rows_in, statements, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_is_nudged(monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)
    monkeypatch.setattr("jobs.operations.outbox._nudge", lambda *ids: None)


def sold(trade, day, units=10, back=0):
    at = datetime(2026, 4, day, 3, tzinfo=UTC)
    order = trade.place(("A", units), ("B", 1), at=at)
    confirm_order(order_id=order.id, by=ME, at=at)
    shipment = ship(order_id=order.id, by=ME, at=at)
    deliver(shipment_id=shipment.id, signed_by="王", by=ME, at=at)
    if back:
        take_back(order_id=order.id, lines=[ReturnPart(1, back)], by=ME, at=at)


@pytest.fixture
def scene(acme):
    scene = Scene(acme, on_hand=1000)
    with scene.inside():
        a_program(
            scene.trade.seller, [(0, "0.01"), (100, "0.02"), (5000, "0.03")], starts_on=date(2026, 4, 1)
        )
        sold(scene.trade, 3, 30, back=2)
        sold(scene.trade, 9)
        while jobs := request_due(by=ME, at=datetime(2026, 7, 2, tzinfo=UTC)):
            for job in jobs:
                while (step := settle_step(job)).cursor is not None:
                    job.cursor = step.cursor
    return scene


@pytest.fixture
def statement(scene):
    with scene.inside():
        return Statement.objects.get(party=scene.trade.buyer, settlement__starts_on=date(2026, 4, 1))


def number(figure):
    cleaned = figure.replace(",", "").replace("−", "-").removesuffix("%")
    return Decimal(cleaned) / (100 if figure.endswith("%") else 1)


def test_the_equation_of_a_statement_adds_up(scene, statement):
    page = scene.buyer.get(reverse("statement", args=[statement.id]))
    (_a, _b, base), (_c, _d, rate), (_e, _f, before), *_late, (_g, _h, due) = page.context["equation"]
    assert round(number(base) * number(rate), 2) - number(before) == number(due) == statement.due
    assert statement.due > 0


def test_its_documents_add_up_to_its_base(scene, statement):
    page = scene.buyer.get(reverse("statement", args=[statement.id]))
    documents = page.context["documents"]
    assert {one.kind for one in documents} == {"delivery", "return"}
    assert sum(one.counted for one in documents) == page.context["counted"] == statement.base
    assert "equals the base" in text_of(page)


def test_a_partner_sees_only_its_own(scene, statement):
    settlement = reverse("settlement", args=[statement.settlement_id])
    assert scene.other.get(reverse("statement", args=[statement.id])).status_code == 404
    assert rows_in(scene.other.get(reverse("statements"))) == []
    for client in (scene.buyer, scene.other):
        page = client.get(settlement)
        if page.status_code == 200:
            assert {row.party_id for row in rows_in(page)} <= {scene.trade.buyer.id}
            assert not page.context["sells"]
    with scene.inside():
        told = f"{Settlement.objects.get(id=statement.settlement_id).due:,.2f}"
    assert told in text_of(scene.director.get(settlement))


def test_the_tabs_of_the_desk_find_their_exceptions(scene, statement):
    desk = reverse("settlement", args=[statement.settlement_id])
    with scene.inside():
        whys = {
            "negative": {"due": -5},
            "nothing": {"due": 0},
            "capped": {"why": {"capped_at": "10"}},
            "late": {"why": {"carried": "1"}},
            "near": {"why": {"missing": "40", "next_from": "5000"}},
        }
        own = {"base": 1, "cumulative": 1, "earned": 1, "due": 1, "settlement_id": statement.settlement_id}
        made = {
            kind: Statement.objects.create(**own | values | {"party": a_party()}).id
            for kind, values in whys.items()
        }
    for kind, one in made.items():
        assert [row.id for row in rows_in(scene.director.get(f"{desk}?exception={kind}"))] == [one]


def test_what_is_due_is_run_by_whom_may(scene):
    run = reverse("settlements-run")
    for client in (scene.buyer, scene.as_("region_manager"), scene.as_("sales_rep")):
        assert client.post(run).status_code == 403
    assert scene.as_("finance").get(run).status_code == 405
    assert scene.as_("finance").post(run).status_code == 302


def test_long_names_are_shown(scene, statement):
    with scene.inside():
        scene.trade.buyer.name = LONG[:200]
        scene.trade.buyer.save()
    for name, row in (("statement", statement.id), ("settlement", statement.settlement_id)):
        assert LONG[:200] in scene.director.get(reverse(name, args=[row])).content.decode()


@pytest.mark.parametrize("name", ["programs", "settlements", "settlement", "statements", "statement"])
def test_the_pages_cost_the_same_however_many_rows(scene, statement, name):
    ids = {"settlement": [statement.settlement_id], "statement": [statement.id]}
    path = reverse(name, args=ids.get(name, []))
    few = statements(scene.director, path)
    with scene.inside():
        for _time in range(5):
            program = a_program(scene.trade.seller, [(0, "0.01")])
            settlement = Settlement.objects.create(
                program=program, starts_on=date(2026, 1, 1), until=date(2026, 4, 1)
            )
            for of in (settlement.id, statement.settlement_id):
                Statement.objects.create(
                    settlement_id=of, party=a_party(), base=1, cumulative=1, earned=1, due=1
                )
        sold(scene.trade, 20)
    assert statements(scene.director, path) == few
    assert few <= MOST


def test_a_rebate_by_quantity_is_money_per_unit_and_never_a_percentage(scene, statement):
    with scene.inside():
        settlement = statement.settlement
        settlement.terms |= {"measure": "quantity"}
        settlement.save()
        settlement.program.measure = "quantity"
        settlement.program.save()
    page = scene.buyer.get(reverse("statement", args=[statement.id]))
    assert [figure for _sign, _label, figure in page.context["equation"][:2]] == [
        f"{statement.cumulative:,f}".rstrip("0").rstrip(".") + " base units",
        "0.02 per base unit",
    ]
    programs = text_of(scene.director.get(reverse("programs")))
    assert "100 base units: 0.02 per base unit" in programs
    assert "%" not in "".join(mark.gives for mark in page.context["steps"].marks)
