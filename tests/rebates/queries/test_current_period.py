"""The rebate of the current period: which programs, over which days, in which unit."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from dealers.models import Tier
from rebates.queries.current_period import current_rebates
from rebates.web.current import progress_of
from tests.factories import a_fact, a_manufacturer, a_party, a_product, a_program

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 20)


@pytest.fixture
def maker(in_acme):
    return a_manufacturer()


@pytest.fixture
def dealer(maker):
    return a_party(parent=maker, code="D1")


def earned(dealer):
    return {one.program.code: (one.base, one.earned) for one in current_rebates(buyer_id=dealer.id, on=TODAY)}


def test_a_cumulative_base_counts_the_term_and_another_its_own_period(maker, dealer):
    goods = a_product()
    for month, net in ((3, "1000"), (4, "200"), (5, "50")):
        a_fact(maker, dealer, goods, date(2026, month, 10), delivered_qty=1, delivered_net=net)
    tiers = [(0, "0.10")]
    a_program(maker, tiers, code="TERM")
    a_program(maker, tiers, code="QUARTER", starts_anew=True)
    a_program(maker, tiers, code="MONTH", starts_anew=True, settled_every=1)
    assert earned(dealer) == {
        "TERM": (1250, Decimal("125.00")),
        "QUARTER": (250, Decimal("25.00")),
        "MONTH": (50, Decimal("5.00")),
    }


def test_only_active_programs_of_the_supplier_for_this_buyer_count(maker, dealer):
    tiers = [(0, "0.10")]
    core = Tier.objects.create(code="core", name="核心", from_score=80)
    a_program(maker, tiers, code="DRAFT", state="draft")
    a_program(maker, tiers, code="OVER", until=date(2026, 5, 20))
    a_program(a_party(), tiers, code="OTHER")
    a_program(maker, tiers, code="CORE", audience_kind="tier", audience_value="core")
    a_program(maker, tiers, code="LEVEL", audience_kind="level", audience_value="dealer")
    assert list(earned(dealer)) == ["LEVEL"]
    dealer.tier = core
    dealer.save()
    assert list(earned(dealer)) == ["CORE", "LEVEL"]


def test_a_base_of_units_earns_money_for_each_unit(maker, dealer):
    goods = a_product()
    a_fact(maker, dealer, goods, date(2026, 5, 2), delivered_qty=2500, delivered_net="1.00")
    a_program(maker, [(2000, "0.05"), (4000, "0.08")], goods, measure="quantity", name="Soy")
    (found,) = current_rebates(buyer_id=dealer.id, on=TODAY)
    assert (found.base, found.earned, found.next_tier.from_) == (2500, Decimal("125.00"), 4000)
    with translation.override("en"):
        progress = progress_of(found)
    assert progress.earned == Decimal("125.00")
    assert progress.steps.note == "2,500 base units"
    assert progress.steps.title == "1,500 base units more to 0.08 per base unit"
    assert [(mark.label, mark.gives) for mark in progress.steps.marks] == [
        ("2,000 base units", "0.05 per base unit"),
        ("4,000 base units", "0.08 per base unit"),
    ]
