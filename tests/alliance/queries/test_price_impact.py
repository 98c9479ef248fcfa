"""Whose guaranteed spread a change of prices would break."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.models import SpreadTerm
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.queries import spread_impact
from tests import factories as make

ON = date(2026, 6, 1)

pytestmark = pytest.mark.usefixtures("in_acme")


def promised(product, guaranteed, state="active", **values):
    dealer = make.a_party()
    contract = make.a_contract(dealer, make.a_party("member", parent=dealer), state="draft", **values)
    SpreadTerm.objects.create(
        contract=contract, product=product, clause="5.1", guaranteed=guaranteed, advised_resale=10
    )
    return contract if state == "draft" else make.in_force(contract)


def test_the_spreads_that_a_price_breaks_are_named_with_their_clauses():
    soy, oyster = make.a_product("SOY"), make.a_product("OYS")
    broken = promised(soy, 3)
    promised(soy, 2)
    promised(oyster, 9)
    promised(soy, 3, state="draft")
    promised(soy, 3, until=ON)
    facts = {"product": str(soy.id), "qty": 40}
    record_evidence([NewEvidence(broken.id, "spread", "s", date(2026, 5, 20), True, facts=facts)])
    with CaptureQueriesContext(connection) as caught:
        (found,) = spread_impact({soy.id: D("7.50"), oyster.id: D("1")}, ON)
    assert len(caught) == 1
    assert (found.contract_id, found.citation) == (broken.id, f"{broken.code}/5.1")
    assert (found.spread, found.shortfall, found.units, found.owed) == (D("2.50"), D("0.50"), 40, D("20.00"))
    of_others = {"dealer_ids": [make.a_party().id]}
    assert spread_impact({soy.id: D("7.50")}, ON, **of_others) == []
    assert len(spread_impact({soy.id: D("7.50")}, ON, member_ids=[broken.member_id])) == 1


def test_no_prices_break_nothing():
    assert spread_impact({}, ON) == []
