from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from alliance.models import Evidence, GuaranteeMonth, SpreadTerm
from alliance.operations.breach_booking import lock_payable, mark_booked, release_undisputed
from alliance.operations.evidence import (
    NewEvidence,
    SpreadPromise,
    evidence_of_delivery,
    record_evidence,
    service_evidence,
    spread_evidence,
)
from alliance.operations.measurement import measure_month
from kernel.refusals import Refusal
from tenancy.context import leave_tenant, tenant_active
from tenancy.models import new_id
from tests.factories import a_contract, a_manufacturer, a_party, a_product

ORDERED = datetime(2026, 6, 1, 8, tzinfo=UTC)
ON = date(2026, 6, 2)
JULY = datetime(2026, 7, 1, 8, tzinfo=UTC)
ID = new_id()


@pytest.fixture
def contract(in_acme):
    a_manufacturer()
    dealer = a_party("dealer")
    return a_contract(
        dealer,
        a_party("member", parent=dealer),
        delivery_hours=24,
        late_fee="50.00",
        book_up_to=100,
        state="draft",
    )


def promised(contract, sku="SOY", guaranteed="8", advised="60"):
    product = a_product(sku)
    SpreadTerm.objects.create(
        contract=contract, product=product, clause="4.1", guaranteed=guaranteed, advised_resale=advised
    )
    return product


def delivered(contract, *lines, hours=20, source="shipment:1"):
    return evidence_of_delivery(
        contract_id=contract.id,
        source=source,
        delivered_on=ON,
        ordered_at=ORDERED,
        delivered_at=ORDERED + timedelta(hours=hours),
        lines=lines,
    )


def service(hours, **more):
    values = {"promised_hours": 24, "late_fee": Decimal("50.00"), "delivered_at": ORDERED + hours}
    return service_evidence(contract_id=ID, source="s", on=ON, ordered_at=ORDERED, **values | more)


def test_a_delivery_within_the_promised_hours_keeps_the_service():
    assert (service(timedelta(hours=24)).fulfilled, service(timedelta(hours=24)).owed) == (True, 0)


def test_a_second_too_late_owes_the_fee():
    late = service(timedelta(hours=24, seconds=1))
    assert (late.fulfilled, late.owed, late.facts["hours"]) == (False, Decimal("50.00"), "24.00")


@given(
    st.decimals(0, 999, places=4),
    st.decimals(0, 999, places=4),
    st.decimals(0, 99, places=4),
    st.integers(1, 500),
)
def test_what_a_spread_owes_lifts_the_member_to_the_guarantee(paid, advised, guaranteed, qty):
    row = spread_evidence(
        contract_id=ID,
        source="s",
        on=ON,
        product_id=ID,
        purchase_price=paid,
        qty=qty,
        promise=SpreadPromise("4.1", guaranteed, advised),
    )
    income = (advised - paid) * qty + row.owed
    assert row.fulfilled == (advised - paid >= guaranteed)
    assert income >= guaranteed * qty - Decimal("0.005")
    assert row.owed == 0 or income <= guaranteed * qty + Decimal("0.005")


@pytest.mark.django_db
def test_a_delivery_tells_of_each_guaranteed_line_and_of_its_hours(contract):
    soy, other = promised(contract), a_product("OTHER")
    rows = delivered(contract, (soy.id, Decimal("55.5"), 10), (other.id, Decimal("1"), 5))
    assert [(row.kind, row.fulfilled, row.owed) for row in rows] == [
        ("spread", False, Decimal("35.00")),
        ("service", True, Decimal("0")),
    ]
    assert (rows[0].facts["spread"], rows[0].facts["shortfall"]) == ("4.5000", "3.5000")
    assert rows[0].facts["clause"] == "4.1"


@pytest.mark.django_db
def test_a_contract_without_hours_promises_none(contract):
    assert delivered(a_contract(contract.dealer, contract.member)) == []


@pytest.mark.django_db
def test_the_same_delivery_told_twice_is_recorded_once(contract):
    soy = promised(contract)
    rows = delivered(contract, (soy.id, Decimal("55"), 10), (soy.id, Decimal("56"), 3))
    assert record_evidence(rows) == 3
    assert record_evidence(rows) == 0
    assert Evidence.objects.count() == 3
    assert Evidence.objects.get(kind="service").facts["promised_hours"] == 24


@pytest.mark.django_db
def test_nothing_to_record_is_no_statement(contract, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert record_evidence([]) == 0


@pytest.mark.django_db
def test_evidence_is_never_edited(contract):
    record_evidence(delivered(contract, hours=30))
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.update(owed=0)


@pytest.mark.django_db
def test_evidence_about_an_unknown_contract_is_refused(contract):
    with pytest.raises(Refusal) as refused:
        evidence_of_delivery(
            contract_id=new_id(),
            source="x",
            delivered_on=ON,
            ordered_at=ORDERED,
            delivered_at=ORDERED,
            lines=[],
        )
    assert refused.value.code == "not_found"


@pytest.mark.django_db
def test_another_tenants_contract_is_unknown(contract, acme, bolt):
    contract_id = contract.id
    leave_tenant()
    with tenant_active(bolt), pytest.raises(Refusal):
        evidence_of_delivery(
            contract_id=contract_id,
            source="x",
            delivered_on=ON,
            ordered_at=ORDERED,
            delivered_at=ORDERED,
            lines=[],
        )


@pytest.mark.django_db
def test_three_hundred_lines_take_as_many_statements_as_five(contract):
    products = [promised(contract, f"S{n}") for n in range(300)]
    asked = []
    for size in (5, 300):
        with CaptureQueriesContext(connection) as statements:
            lines = [(one.id, Decimal("55"), 1) for one in products[:size]]
            rows = delivered(contract, *lines, source=f"shipment:{size}")
            assert record_evidence(rows) == size + 1
        asked.append(len(statements))
    assert asked == [3, 3]


def rows_of(contract, *days, fulfilled=True, owed="0", kind="spread"):
    return [
        NewEvidence(contract.id, kind, f"{kind}:{new_id()}", day, fulfilled, Decimal(owed)) for day in days
    ]


@pytest.mark.django_db
def test_a_month_counts_its_own_evidence_and_adds_up_what_is_owed(contract):
    record_evidence(
        [
            *rows_of(contract, date(2026, 6, 1), date(2026, 6, 30)),
            *rows_of(contract, date(2026, 6, 15), fulfilled=False, owed="12.34"),
            *rows_of(contract, date(2026, 6, 16), fulfilled=False, owed="0.66", kind="service"),
            *rows_of(contract, date(2026, 5, 31), date(2026, 7, 1), fulfilled=False, owed="99"),
        ]
    )
    assert measure_month(month=date(2026, 6, 20), at=ORDERED) == 2
    months = GuaranteeMonth.objects.order_by("kind").values_list(
        "month", "kind", "measured", "broken", "owed"
    )
    assert list(months) == [
        (date(2026, 6, 1), "service", 1, 1, Decimal("0.66")),
        (date(2026, 6, 1), "spread", 3, 1, Decimal("12.34")),
    ]


@pytest.mark.django_db
def test_measuring_again_adds_what_came_late_and_keeps_what_is_booked(contract):
    def months():
        return list(GuaranteeMonth.objects.values_list("owed", "booked"))

    record_evidence(rows_of(contract, ON, fulfilled=False, owed="10"))
    measure_month(month=ON, at=JULY)
    assert months() == [(10, 0)]
    assert lock_payable(since=ON.replace(day=1), until=JULY.date()) == []
    assert release_undisputed(today=JULY.date() + timedelta(days=30)) == 1
    share_ids = [one.id for one in lock_payable(since=ON.replace(day=1), until=JULY.date())]
    assert mark_booked(share_ids=share_ids) == 1
    assert mark_booked(share_ids=share_ids) == mark_booked(share_ids=[]) == 0
    record_evidence(rows_of(contract, ON, fulfilled=False, owed="5"))
    measure_month(month=ON, at=JULY)
    assert months() == [(15, 10)]
