"""Minimum income and service over a window: measured at its end, corrected by difference."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rights import NotAllowed, the_system
from alliance.models import Breach, Contract, Evidence, GuaranteeMonth, GuaranteeTerm, ServiceFact, SpreadTerm
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.operations.measurement import measure_month
from alliance.operations.service_facts import BadServiceFact, ServiceFactExists, report_service_fact
from tenancy.models import new_id
from tests import factories as make

JULY, AUGUST = datetime(2026, 7, 2, tzinfo=UTC), datetime(2026, 8, 2, tzinfo=UTC)
JUNE, SYSTEM = date(2026, 6, 1), the_system()

pytestmark = pytest.mark.usefixtures("in_acme")


def a_signed(*terms, dealer=None, member=None, spreads=1, **values):
    """An active contract with these guarantees, written while it is a draft."""
    dealer = dealer or make.a_party()
    member = member or make.a_party("member", parent=dealer)
    contract = make.a_contract(dealer, member, **values | {"state": "draft"})
    for number, term in enumerate(terms):
        given = {"clause": f"6.{number}", "owed_per_event": 50}
        GuaranteeTerm.objects.create(contract=contract, **given | term)
    if spreads:
        product = make.a_product(f"P{new_id()}"[:20])
        SpreadTerm.objects.create(
            contract=contract, product=product, clause="5.1", guaranteed=1, advised_resale=10
        )
    Contract.objects.filter(id=contract.id).update(state="active")
    contract.refresh_from_db()
    return contract


def earned(contract, on, spread, qty, number=0):
    facts = {"product": str(new_id()), "spread": str(spread), "qty": qty}
    row = NewEvidence(contract.id, "spread", f"s:{new_id()}:{number}", on, True, facts=facts)
    assert record_evidence([row]) == 1


def visited(contract, on, quantity=1, **values):
    given = {"metric": "visits", "source": f"v:{new_id()}", "by": SYSTEM, "at": JULY}
    return report_service_fact(contract_id=contract.id, on=on, quantity=quantity, **given | values)


def months():
    rows = GuaranteeMonth.objects.order_by("month", "kind")
    return list(rows.values_list("month", "kind", "measured", "broken", "owed"))


VISITS = {"metric": "visits", "target": 4}


def test_a_missing_visit_is_owed_for_at_the_end_of_the_window():
    contract = a_signed(VISITS)
    visited(contract, date(2026, 6, 3), 3, at=datetime(2026, 6, 4, tzinfo=UTC))
    assert measure_month(month=JUNE, at=datetime(2026, 6, 30, 3, tzinfo=UTC)) == 0
    assert measure_month(month=JUNE, at=JULY) == 1
    assert months() == [(JUNE, "service", 1, 1, Decimal("50.00"))]
    row = Evidence.objects.get()
    assert (row.on, row.fulfilled, row.facts["missing"], row.facts["clause"]) == (
        date(2026, 6, 30),
        False,
        "1",
        "6.0",
    )


def test_what_has_no_facts_is_not_measured():
    a_signed(VISITS, {"metric": "answer_hours", "target": 4}, spreads=0)
    assert measure_month(month=JUNE, at=JULY) == 0
    assert not Evidence.objects.exists()


def test_a_report_of_none_is_a_fact():
    contract = a_signed(VISITS)
    visited(contract, date(2026, 6, 30), 0)
    assert months()[0][2:] == (1, 1, Decimal("200.00"))


def test_measuring_the_same_facts_again_changes_nothing():
    contract = a_signed(VISITS, {"metric": "minimum_income", "target": 100, "cumulative": True})
    earned(contract, date(2026, 6, 5), "0.5", 40)
    visited(contract, date(2026, 6, 5), 2)
    measure_month(month=JUNE, at=JULY)
    before = months(), Evidence.objects.count(), list(Breach.objects.values_list("id", "amount"))
    for _ in range(2):
        measure_month(month=JUNE, at=JULY)
    assert (months(), Evidence.objects.count(), list(Breach.objects.values_list("id", "amount"))) == before


def test_a_late_report_corrects_by_the_difference_and_the_first_entry_stays():
    contract = a_signed(VISITS)
    visited(contract, date(2026, 6, 3), 2)
    assert months()[0][2:] == (1, 1, Decimal("100.00"))
    visited(contract, date(2026, 6, 4), 1)
    assert months()[0][2:] == (1, 1, Decimal("50.00"))
    visited(contract, date(2026, 6, 5), 1)
    assert months()[0][2:] == (1, 0, Decimal("0.00"))
    first, *corrections = Evidence.objects.order_by("id")
    assert (first.owed, first.fulfilled) == (100, False)
    assert [one.owed for one in corrections] == [-50, -50]
    assert all(one.facts["corrects"] == first.source for one in corrections)
    breach = Breach.objects.get()
    assert (breach.state, breach.decision, breach.amount) == ("decided", "dismissed", 0)


def test_minimum_income_tops_up_what_the_spreads_of_the_window_did_not_earn():
    contract = a_signed({"metric": "minimum_income", "target": 1000, "window": "quarter"})
    earned(contract, date(2026, 4, 1), "1.25", 300)
    earned(contract, date(2026, 6, 30), "1.25", 100)
    earned(contract, date(2026, 7, 1), "1.25", 900)
    measure_month(month=JUNE, at=JULY)
    assert Evidence.objects.filter(source__startswith="window:").get().owed == Decimal("500.00")
    assert months() == [(JUNE, "spread", 2, 1, Decimal("500.00"))]


def test_a_return_in_an_earlier_month_changes_the_quarter():
    contract = a_signed({"metric": "minimum_income", "target": 100, "window": "quarter"})
    earned(contract, date(2026, 4, 9), "1", 100)
    measure_month(month=JUNE, at=JULY)
    assert not Breach.objects.exists()
    earned(contract, date(2026, 4, 9), "1", -30)
    measure_month(month=date(2026, 4, 1), at=JULY, contract_id=contract.id)
    assert Breach.objects.get().amount == Decimal("30.00")
    assert Breach.objects.get().month == JUNE


def test_a_surplus_counts_in_later_months_and_a_late_return_reaches_them():
    contract = a_signed(
        {"metric": "minimum_income", "target": 100, "cumulative": True}, starts_on=date(2026, 5, 1)
    )
    earned(contract, date(2026, 5, 9), "1", 150)
    earned(contract, date(2026, 6, 9), "1", 50)
    measure_month(month=JUNE, at=JULY)
    assert not Breach.objects.exists()
    earned(contract, date(2026, 5, 20), "1", -30)
    measure_month(month=date(2026, 5, 1), at=JULY, contract_id=contract.id)
    assert list(Breach.objects.values_list("month", "amount")) == [(JUNE, Decimal("30.00"))]


def test_without_spreads_an_income_cannot_be_measured():
    a_signed({"metric": "minimum_income", "target": 100}, spreads=0)
    assert measure_month(month=JUNE, at=JULY) == 0


def test_a_month_that_two_versions_share_is_measured_once_each_with_its_days():
    first = a_signed({"metric": "visits", "target": 3}, code="C-7", until=date(2026, 6, 11), version=1)
    second = a_signed(
        {"metric": "visits", "target": 6},
        code="C-7",
        version=2,
        starts_on=date(2026, 6, 11),
        dealer=first.dealer,
        member=first.member,
    )
    visited(first, date(2026, 6, 3), 2)
    visited(first, date(2026, 6, 20), 2)
    assert set(ServiceFact.objects.values_list("contract_id", flat=True)) == {first.id, second.id}
    row = GuaranteeMonth.objects.get()
    assert (row.contract_id, row.measured, row.owed) == (second.id, 1, Decimal("50.00"))
    assert Evidence.objects.exclude(facts__has_key="corrects").get().facts["target"] == "5.00"


def test_a_monthly_cap_is_applied_once_over_the_month():
    contract = a_signed({"metric": "exclusive", "target": None, "monthly_cap": 120, "clause": "2.1"})
    for number in range(3):
        facts = {"clause": "2.1"}
        row = NewEvidence(contract.id, "region", f"r:{number}", JUNE, False, Decimal(50), facts)
        record_evidence([row])
    late = NewEvidence(contract.id, "service", "d:1", JUNE, False, Decimal(500))
    record_evidence([late])
    measure_month(month=JUNE, at=JULY)
    assert [(kind, owed) for _month, kind, _n, _b, owed in months()] == [("region", 120), ("service", 500)]


def test_late_answers_are_owed_for_each():
    contract = a_signed({"metric": "answer_hours", "target": 4})
    for number, hours in enumerate(("3.50", "4.00", "4.01", "30")):
        report_service_fact(
            contract_id=contract.id,
            metric="answer_hours",
            on=JUNE,
            took=Decimal(hours),
            source=f"request:{number}",
            by=SYSTEM,
            at=JULY,
        )
    assert months() == [(JUNE, "service", 1, 1, Decimal("100.00"))]


def test_a_fact_is_reported_once():
    contract = a_signed(VISITS)
    one = visited(contract, JUNE, 2, source="visit:1")
    assert visited(contract, JUNE, 2, source="visit:1").id == one.id
    with pytest.raises(ServiceFactExists):
        visited(contract, JUNE, 3, source="visit:1")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"metric": "exclusive"}, "metric"),
        ({"on": date(2026, 7, 3)}, "on"),
        ({"on": date(2025, 7, 3)}, "on"),
        ({"metric": "answer_hours"}, "took"),
        ({"quantity": -1}, "quantity"),
    ],
)
def test_a_fact_that_makes_no_sense_is_refused(values, field):
    contract = a_signed(VISITS)
    with pytest.raises(BadServiceFact) as refused:
        visited(contract, **{"on": JUNE} | values)
    assert refused.value.field == field


def test_a_dealer_reports_no_facts():
    contract = a_signed(VISITS)
    with pytest.raises(NotAllowed):
        visited(contract, JUNE, by=make.an_actor(contract.dealer))


def test_the_number_of_statements_does_not_grow_with_the_contracts():
    counts = []
    for number in (1, 4):
        for _ in range(number):
            contract = a_signed(VISITS, {"metric": "minimum_income", "target": 100})
            earned(contract, JUNE, "1", 20)
            visited(contract, JUNE, 2, at=datetime(2026, 6, 2, tzinfo=UTC))
        with CaptureQueriesContext(connection) as caught:
            measure_month(month=JUNE, at=JULY)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 16


def test_minimum_income_of_a_category_counts_its_own_products():
    soy, oil = make.a_category("soy"), make.a_category("oil")
    goods = [make.a_product(sku, category=one) for sku, one in (("SOY", soy), ("OIL", oil))]
    dealer = make.a_party()
    contract = make.a_contract(dealer, make.a_party("member", parent=dealer), state="draft")
    for number, category in enumerate((soy, None, make.a_category("rice"))):
        GuaranteeTerm.objects.create(
            contract=contract, clause=f"3.{number}", metric="minimum_income", target=100, category=category
        )
    for product in goods:
        SpreadTerm.objects.create(
            contract=contract, product=product, clause="3.9", guaranteed=1, advised_resale=10
        )
    make.in_force(contract)
    for product, qty in zip(goods, (40, 90), strict=True):
        facts = {"product": str(product.id), "spread": "1", "qty": qty}
        record_evidence([NewEvidence(contract.id, "spread", f"s:{qty}", date(2026, 6, 5), True, facts=facts)])
    for _turn in range(2):
        measure_month(month=JUNE, at=JULY)
    found = Evidence.objects.filter(source__startswith="window:").order_by("facts__clause")
    assert [(one.facts["clause"], one.owed, one.facts["actual"]) for one in found] == [
        ("3.0", 60, "40.00"),
        ("3.1", 0, "130.00"),
    ], "the category without a guaranteed spread is not measured"
