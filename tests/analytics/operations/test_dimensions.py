from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from alliance.operations.evidence import NewEvidence, record_evidence
from analytics.operations.dimensions import gather_month
from dealers.models import MonthInput
from ordering.models import Order
from tests import factories as make

MARCH = date(2026, 3, 1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_acme")]


@pytest.fixture
def seller(in_acme):
    return make.a_manufacturer()


@pytest.fixture
def soy(in_acme):
    return make.a_product()


def bought(seller, buyer, product, day, net, **values):
    make.a_fact(seller, buyer, product, day, delivered_qty=1, delivered_net=net, **values)


def measured(party, month=MARCH):
    gather_month(month=month)
    return MonthInput.objects.get(party=party, month=month)


def an_order(seller, buyer, kind, number):
    return Order.objects.create(
        number=f"{number}",
        kind=kind,
        state="delivered",
        seller=seller,
        buyer=buyer,
        placed_at=datetime(2026, 3, 3, tzinfo=UTC),
        placed_on=date(2026, 3, 3),
        due_on=date(2026, 4, 3),
        subtotal=1,
        discount=0,
        total=1,
        tax=0,
    )


def test_scale_is_fifty_at_the_peers_median_and_a_quarter_more_for_each_doubling(seller, soy):
    parties = [make.a_party() for _ in range(3)]
    for party, net in zip(parties, (500, 1000, 2000), strict=True):
        bought(seller, party, soy, date(2026, 3, 5), net)
    gather_month(month=MARCH)
    scores = [MonthInput.objects.get(party=party).scale for party in parties]
    assert scores == [25, 50, 75]
    assert MonthInput.objects.get(party=parties[2]).evidence["scale"] == {
        "year_net": "2000.00",
        "median": "1000.00",
    }


def test_the_year_is_twelve_months_and_ends_with_the_month(seller, soy):
    party = make.a_party()
    bought(seller, party, soy, date(2025, 4, 1), 100)
    bought(seller, party, soy, date(2025, 3, 31), 10_000)
    bought(seller, party, soy, date(2026, 4, 1), 10_000)
    assert measured(party).evidence["scale"]["year_net"] == "100.00"


def test_members_are_measured_against_members(seller, soy):
    dealer, member = make.a_party(), make.a_party("member")
    bought(seller, dealer, soy, date(2026, 3, 5), 1_000_000)
    bought(dealer, member, soy, date(2026, 3, 5), 10)
    assert measured(member).scale == 50


def test_expertise_is_the_range_against_the_best_tenth(seller):
    parties, products = [make.a_party() for _ in range(2)], [make.a_product() for _ in range(4)]
    for product in products:
        bought(seller, parties[0], product, date(2026, 3, 5), 10)
    bought(seller, parties[1], products[0], date(2026, 3, 5), 10)
    assert measured(parties[1]).expertise == 25
    assert MonthInput.objects.get(party=parties[0]).expertise == 100


def test_coverage_is_the_share_of_those_it_supplies_that_bought(seller, soy):
    dealer = make.a_party()
    outlets = [make.a_party("outlet", parent=dealer) for _ in range(4)]
    bought(dealer, outlets[0], soy, date(2026, 1, 5), 10)
    bought(dealer, outlets[0], soy, date(2026, 2, 5), 10)
    bought(dealer, outlets[1], soy, date(2025, 12, 31), 10)
    found = measured(dealer)
    assert found.coverage == 25
    assert found.evidence["coverage"] == {"buyers": 1, "supplied": 4}


def test_who_supplies_nobody_is_covered_by_its_months_with_deliveries(seller, soy):
    party = make.a_party()
    for month in (1, 2, 3):
        bought(seller, party, soy, date(2026, month, 5), 10)
    assert measured(party).coverage == 25


def test_growth_compares_with_the_same_quarter_of_last_year(seller, soy):
    party = make.a_party()
    bought(seller, party, soy, date(2025, 3, 5), 100)
    bought(seller, party, soy, date(2025, 11, 5), 1)
    bought(seller, party, soy, date(2026, 3, 5), 125)
    found = measured(party)
    assert (found.growth, found.evidence["growth"]["against"]) == (75, "last_year")


def test_growth_falls_back_on_the_quarter_before(seller, soy):
    party = make.a_party()
    bought(seller, party, soy, date(2025, 11, 5), 200)
    bought(seller, party, soy, date(2026, 3, 5), 150)
    found = measured(party)
    assert (found.growth, found.evidence["growth"]["against"]) == (25, "quarter_before")


def test_growth_without_a_baseline_is_unknown(seller, soy):
    party = make.a_party()
    bought(seller, party, soy, date(2026, 3, 5), 150)
    assert measured(party).growth is None


def test_collaboration_is_the_mean_of_what_there_is(seller, soy):
    dealer, member = make.a_party(), make.a_party("member")
    bought(seller, dealer, soy, date(2026, 3, 5), 100, returned_net=10)
    for number, kind in enumerate(("presale", "presale", "van", "van")):
        an_order(dealer, member, kind, number)
    contract = make.a_contract(dealer, member)
    record_evidence(
        [
            NewEvidence(contract.id, "service", f"e{number}", date(2026, 3, 5), number > 0, Decimal(0))
            for number in range(4)
        ]
    )
    found = measured(dealer)
    assert found.evidence["collaboration"] == {
        "kept_goods": "0.9000",
        "presale_share": "0.5000",
        "guarantees_kept": "0.7500",
    }
    assert found.collaboration == Decimal("71.67")


def test_a_correction_of_a_guarantee_is_no_guarantee_kept(seller, soy):
    dealer = make.a_party()
    contract = make.a_contract(dealer, make.a_party("member"))
    day, corrects = date(2026, 3, 5), {"corrects": "late"}
    record_evidence(
        [
            NewEvidence(contract.id, "service", "kept", day, True, Decimal(0)),
            NewEvidence(contract.id, "service", "late", day, False, Decimal(5)),
            NewEvidence(contract.id, "service", "mended", day, True, Decimal(-2), corrects),
        ]
    )
    assert measured(dealer).evidence["collaboration"] == {"guarantees_kept": "0.5000"}


def test_a_dimension_without_data_is_null_and_not_zero(seller):
    found = measured(make.a_party())
    assert (found.scale, found.expertise, found.coverage, found.growth, found.collaboration) == (None,) * 5


def test_whose_returns_exceed_its_purchases_has_a_scale_of_zero(seller, soy):
    party = make.a_party()
    bought(seller, party, soy, date(2026, 3, 5), 10, returned_net=20)
    found = measured(party)
    assert (found.scale, found.collaboration) == (0, 0)


def test_outlets_and_those_who_left_are_not_measured(seller):
    make.a_party("outlet")
    make.a_party(is_active=False)
    make.a_party(joined_on=date(2026, 4, 1))
    assert gather_month(month=MARCH) == 0


def test_gathering_again_brings_up_to_date(seller, soy):
    party = make.a_party()
    assert measured(party).scale is None
    bought(seller, party, soy, date(2026, 3, 5), 10)
    assert measured(party).scale == 50
    assert MonthInput.objects.count() == 1
