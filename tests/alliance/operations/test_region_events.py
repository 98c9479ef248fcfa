from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.domain.term_events import TermEvent
from alliance.models import ContractArea, Evidence, GuaranteeMonth, GuaranteeTerm
from alliance.models.contract import channel_range
from alliance.operations.evidence import NewEvidence, UnknownContract, record_evidence
from alliance.operations.guarantee_events import close_month
from alliance.operations.measurement import measure_month
from alliance.operations.region_events import (
    DeliveredLine,
    Delivery,
    record_region_events,
    report_diversion,
)
from alliance.operations.term_events import record_term_events
from alliance.queries.guarded_regions import dealer_covers, guarded_buyers
from dealers.models import Region
from tenancy.models import new_id
from tests.alliance.world import GUANGZHOU, HUICHENG, HUIZHOU
from tests.factories import a_category, a_channel, a_contract, a_manufacturer, a_party, a_product, in_force

ON = date(2026, 6, 10)
NOW = datetime(2026, 6, 20, 4, tzinfo=UTC)
JULY = datetime(2026, 7, 2, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class Guarded:
    """A contract that guards Huizhou for soy, a stranger who sells, and an outlet in the region."""

    def __init__(self, *terms, cap=None, owed="100.00", channel=None):
        self.maker = a_manufacturer()
        self.dealer = a_party("dealer", region_id=HUIZHOU)
        self.member = a_party("member", parent=self.dealer, region_id=HUICHENG)
        self.stranger = a_party("dealer", region_id=GUANGZHOU)
        self.outlet = a_party("outlet", region_id=HUICHENG)
        self.soy = a_product("SOY", category=a_category("soy"))
        self.oyster = a_product("OYSTER", category=a_category("oyster"))
        self.contract = a_contract(self.dealer, self.member, state="draft")
        region = Region.objects.get(code=HUIZHOU)
        ContractArea.objects.create(
            contract=self.contract,
            category=a_category("soy"),
            region=region,
            channel=channel,
            channels=channel_range(channel.id if channel else None),
            area=(region.start, region.end),
            term=(self.contract.starts_on, self.contract.until),
            holds=True,
        )
        self.term = GuaranteeTerm.objects.create(
            contract=self.contract, clause="2.1", metric="exclusive", owed_per_event=owed, monthly_cap=cap
        )
        for term in terms:
            GuaranteeTerm.objects.create(contract=self.contract, **{"clause": "3.1"} | term)
        in_force(self.contract)

    def delivery(self, *, seller=None, buyer=None, product=None, on=ON):
        line = DeliveredLine((product or self.soy).id, 12, Decimal("120.00"))
        return Delivery(
            shipment_id=new_id(),
            shipment="S-1",
            order_id=new_id(),
            order="O-1",
            seller_id=(seller or self.stranger).id,
            buyer_id=(buyer or self.outlet).id,
            on=on,
            lines=[line, line],
        )


@pytest.fixture
def guarded(in_acme):
    return Guarded(cap="250.00")


def events():
    return Evidence.objects.filter(kind="region").order_by("on", "id")


def test_a_delivery_of_another_seller_into_the_region_is_an_event(guarded):
    one = guarded.delivery()
    assert record_region_events([one], at=NOW) == 1
    event = events().get()
    assert (event.fulfilled, event.owed, event.on) == (False, Decimal("100.00"), ON)
    assert event.source == f"shipment:{one.shipment_id}:region:{guarded.term.id}"
    assert event.facts["seller"] == guarded.stranger.name
    assert event.facts["amount"] == "240.00"
    assert event.facts["products"] == [{"product": str(guarded.soy.id), "name": guarded.soy.name, "qty": 24}]
    assert record_region_events([one], at=NOW) == 0, "a repeated report changes nothing"


def test_the_manufacturer_and_another_member_are_others_too(guarded):
    neighbour = a_party("member", region_id=GUANGZHOU)
    found = [guarded.delivery(seller=guarded.maker), guarded.delivery(seller=neighbour)]
    assert record_region_events(found, at=NOW) == 2


def test_what_the_contract_allows_is_no_event(guarded):
    other_place = a_party("outlet", region_id=GUANGZHOU)
    nowhere = a_party("outlet")
    allowed = [
        guarded.delivery(seller=guarded.dealer),
        guarded.delivery(seller=guarded.member),
        guarded.delivery(buyer=guarded.member),
        guarded.delivery(seller=guarded.maker, buyer=guarded.dealer),
        guarded.delivery(seller=guarded.maker, buyer=a_party("dealer", region_id=HUICHENG)),
        guarded.delivery(buyer=other_place),
        guarded.delivery(buyer=nowhere),
        guarded.delivery(product=guarded.oyster),
        guarded.delivery(product=a_product("NO-CATEGORY")),
        guarded.delivery(on=date(2027, 1, 1)),
    ]
    assert record_region_events(allowed, at=NOW) == 0
    assert not record_region_events([], at=NOW)


def test_a_channel_guards_only_its_buyers(in_acme):
    catering, retail = a_channel("catering"), a_channel("retail")
    guarded = Guarded(channel=catering)
    buyers = [a_party("outlet", region_id=HUICHENG, channel=one) for one in (catering, retail, None)]
    assert record_region_events([guarded.delivery(buyer=one) for one in buyers], at=NOW) == 1
    assert events().get().facts["buyer"] == buyers[0].name


def test_the_events_of_a_month_owe_at_most_its_cap(guarded):
    for _day in range(2):
        record_region_events([guarded.delivery(), guarded.delivery()], at=NOW)
    record_region_events([guarded.delivery(on=date(2026, 5, 31))], at=NOW)
    assert sorted(events().values_list("owed", flat=True)) == [0, 50, 100, 100, 100]
    may = GuaranteeMonth.objects.get(kind="region")
    assert (may.month, may.owed) == (date(2026, 5, 1), Decimal("100.00")), "a past month is measured again"


def test_a_term_of_the_category_goes_before_the_one_for_all(in_acme):
    guarded = Guarded(
        {"clause": "2.2", "metric": "exclusive", "category": a_category("soy"), "owed_per_event": 30}
    )
    record_region_events([guarded.delivery()], at=NOW)
    assert (events().get().owed, events().get().facts["clause"]) == (30, "2.2")


def test_statements_do_not_grow_with_deliveries(guarded):
    counts = []
    for size in (2, 40):
        with CaptureQueriesContext(connection) as statements:
            record_region_events([guarded.delivery() for _ in range(size)], at=NOW)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_month_without_events_is_met_once_it_has_passed(guarded):
    may, june = date(2026, 5, 15), date(2026, 6, 15)
    record_region_events([guarded.delivery(on=ON)], at=NOW)
    assert close_month(month=june, at=NOW) == 0
    assert close_month(month=may, at=NOW) == 1
    assert close_month(month=may, at=NOW) == 0
    assert close_month(month=june, at=JULY) == 0, "June had an event"
    measure_month(month=may, at=NOW)
    month = GuaranteeMonth.objects.get(kind="region", month=date(2026, 5, 1))
    assert (month.measured, month.broken) == (1, 0)


def test_a_confirmed_diversion_case_is_an_event_once(guarded):
    facts = {"category": str(a_category("soy").id), "region": HUICHENG, "region_name": "x", "products": []}
    report = {"contract_id": guarded.contract.id, "reference": "D-7", "on": ON, "at": NOW}
    assert report_diversion(**report, facts=facts) == 1
    assert report_diversion(**report, facts=facts) == 0
    event = events().get()
    assert (event.owed, event.facts["case"]) == (Decimal("100.00"), "D-7")


def test_a_case_of_a_delivery_that_is_an_event_adds_none(guarded):
    one = guarded.delivery()
    record_region_events([one], at=NOW)
    facts = {"shipment_id": str(one.shipment_id)}
    assert report_diversion(contract_id=guarded.contract.id, reference="D", on=ON, facts=facts, at=NOW) == 0


def test_a_case_for_a_contract_without_the_term_records_nothing(guarded):
    plain = a_contract(guarded.dealer, guarded.member)
    assert report_diversion(contract_id=plain.id, reference="D", on=ON, facts={}, at=NOW) == 0
    with pytest.raises(UnknownContract):
        report_diversion(contract_id=new_id(), reference="D", on=ON, facts={}, at=NOW)


def test_buyers_in_guarded_regions_are_found_for_a_month(guarded):
    a_party("outlet", region_id=GUANGZHOU)
    found = guarded_buyers(first=date(2026, 6, 1), until=date(2026, 7, 1))
    assert set(found) == {guarded.outlet.id, guarded.member.id}
    assert guarded_buyers(first=date(2027, 6, 1), until=date(2027, 7, 1)) == []


def test_a_dealers_territory_contains_its_regions_or_names_those_outside(guarded):
    def covers(*regions, **values):
        return [one.code for one in dealer_covers(guarded.dealer.id, regions, **values)]

    assert covers(HUICHENG, HUIZHOU) == []
    assert covers(HUICHENG, GUANGZHOU, "44") == ["44", GUANGZHOU]
    assert covers(HUICHENG, GUANGZHOU, territory=[GUANGZHOU]) == [HUICHENG]
    assert dealer_covers(a_party("dealer").id, [HUICHENG]) == []


def test_an_early_end_owes_months_of_average_income(in_acme):
    guarded = Guarded({"metric": "early_end", "months_of_income": 3, "owed_per_event": 50})
    for month, spread in ((4, "2.5"), (5, "1.5")):
        facts = {"spread": spread, "qty": 100}
        on = date(2026, month, 3)
        row = NewEvidence(guarded.contract.id, "spread", f"s{month}", on, True, facts=facts)
        record_evidence([row])
    event = TermEvent(guarded.contract.id, "early_end", ON)
    assert record_term_events([event, TermEvent(guarded.contract.id, "notice", ON)], at=NOW) == 1
    found = Evidence.objects.get(kind="term")
    # Five full months from January, 250 and 150 earned in two of them.
    assert (found.facts["average_income"], found.facts["months"]) == ("80.00", 5)
    assert found.owed == Decimal("290.00")
    assert record_term_events([event], at=NOW) == 0


def test_a_change_announced_in_time_meets_the_term_guarantee(in_acme):
    guarded = Guarded({"metric": "notice", "target": 30, "owed_per_event": 500, "monthly_cap": 600})
    late = [TermEvent(guarded.contract.id, "notice", date(2026, 6, day), 10) for day in (1, 2)]
    assert record_term_events([TermEvent(guarded.contract.id, "notice", ON, 31), *late], at=NOW) == 3
    found = Evidence.objects.filter(kind="term").order_by("on").values_list("fulfilled", "owed")
    assert list(found) == [(False, 500), (False, 100), (True, 0)]
    assert close_month(month=date(2026, 5, 1), at=NOW) == 2


def test_no_terms_no_term_events(guarded):
    assert record_term_events([TermEvent(guarded.contract.id, "renewal", ON)], at=NOW) == 0
