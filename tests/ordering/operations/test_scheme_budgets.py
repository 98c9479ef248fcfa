"""Budgets of schemes: taken by orders, given back, and never exceeded."""

from decimal import Decimal

import pytest

from ordering.operations.cancelling import cancel_order
from ordering.operations.confirming import confirm_order
from ordering.operations.returns import take_back
from ordering.operations.shipping import ship
from pricing.models import SchemeBudget, SchemeUse
from pricing.operations.scheme_uses import SchemeExhausted
from pricing.queries import quotes
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import a_party, a_scheme
from tests.ordering.operations.test_many_at_once import THREADS, together
from tests.ordering.operations.test_returns import delivered
from tests.ordering.trade import LATER, ME, a_trade

TERMS = {"skus": ["A"], "price": "4.00"}
FREE = {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"}


def a_budgeted(trade, kind="special_price", terms=None, **limits):
    scheme = a_scheme(trade.seller, kind, terms or TERMS, **limits)
    if scheme.has_budget:
        SchemeBudget.objects.create(scheme=scheme)
    return scheme


def used(scheme):
    row = SchemeBudget.objects.get(scheme=scheme)
    return row.used_units, row.used_money


@pytest.mark.django_db
def test_an_order_uses_the_budget_and_a_cancellation_gives_it_back(in_acme):
    trade = a_trade()
    scheme = a_budgeted(trade, budget_units=15, budget_money=Decimal(100))
    order = trade.place(("A", 10))
    assert used(scheme) == (10, Decimal("10.00"))
    assert order.facts["schemes"][0]["units"] == 10
    assert trade.place(("A", 6)).total == Decimal("30.00")  # 5 are left: the scheme does not apply
    cancel_order(order_id=order.id, by=ME, at=LATER)
    assert used(scheme) == (0, Decimal("0.00"))


@pytest.mark.django_db
def test_a_limit_of_the_buyer_counts_its_own_orders_only(in_acme):
    trade = a_trade()
    a_budgeted(trade, buyer_units=10)
    assert trade.place(("A", 10)).total == Decimal("40.00")
    assert trade.place(("A", 1)).total == Decimal("5.00")
    other = a_party(parent=trade.seller, code="D9")
    assert trade.place(("A", 10), buyer_id=other.id).total == Decimal("40.00")


@pytest.mark.django_db
def test_returns_give_back_the_free_units_that_came_back_or_were_charged(in_acme):
    trade = a_trade()
    scheme = a_budgeted(trade, "free_goods", FREE, budget_units=10)
    order = delivered(trade, ("A", 16))
    assert used(scheme) == (2, Decimal("10.00"))
    take_back(order_id=order.id, lines=[(1, 8, 1)], by=ME, at=LATER)
    assert used(scheme) == (1, Decimal("5.00"))
    take_back(order_id=order.id, lines=[(1, 8, 0)], by=ME, at=LATER)
    assert used(scheme) == (0, Decimal("0.00"))


@pytest.mark.django_db
def test_a_changed_scheme_changes_no_order_that_is_partly_shipped(in_acme):
    trade = a_trade()
    scheme = a_budgeted(trade, "free_goods", FREE)
    order = trade.place(("A", 16))
    scheme.terms, scheme.state = FREE | {"free": 7}, "withdrawn"
    scheme.save()
    confirm_order(order_id=order.id, by=ME, at=LATER)
    ship(order_id=order.id, lines=[(1, 8)], by=ME, at=LATER)
    ship(order_id=order.id, lines=[(1, 8)], by=ME, at=LATER)
    assert trade.stock("A").on_hand == 100 - 18


@pytest.mark.django_db
def test_a_scheme_that_another_order_used_up_meanwhile_refuses_the_order(in_acme, monkeypatch):
    trade = a_trade()
    scheme = a_budgeted(trade, budget_units=10)
    real = quotes.quote

    def late(request):
        found = real(request)
        SchemeBudget.objects.filter(scheme=scheme).update(used_units=10)
        return found

    monkeypatch.setattr(quotes, "quote", late)
    with pytest.raises(SchemeExhausted) as refused:
        trade.place(("A", 1))
    assert refused.value.details["schemes"] == [scheme.code]


@pytest.mark.django_db
def test_a_budget_takes_no_further_statement(in_acme, django_assert_max_num_queries):
    trade = a_trade()
    a_budgeted(trade, budget_units=1000)
    trade.place(("A", 1))
    with django_assert_max_num_queries(8):
        trade.place(("A", 1), ("B", 1))


def test_of_32_orders_that_want_the_last_unit_one_gets_it(committed):
    acme_id = Tenant.objects.get(slug="acme").id
    with tenant_active(acme_id):
        trade = a_trade(on_hand=None)
        scheme = a_budgeted(trade, budget_units=1)
        buyers = [a_party(parent=trade.seller, code=f"T{i}").id for i in range(THREADS)]

    def work(number):
        with tenant_active(acme_id):
            return trade.place(("A", 1), buyer_id=buyers[number]).total

    got = together(work, THREADS)
    assert got.count(Decimal("4.00")) == 1
    assert all(one == Decimal("5.00") or isinstance(one, SchemeExhausted) for one in got if one != Decimal(4))
    with tenant_active(acme_id):
        assert used(scheme) == (1, Decimal("1.00"))
        assert SchemeUse.objects.filter(scheme=scheme).count() == 1
