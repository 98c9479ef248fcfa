"""The homes' figures: what is read from fulfilled sums and in one statement equals what it is made of."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Count, Min, Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.rights import Actor
from alliance.models import Contract, GuaranteeMonth, GuaranteeTotal
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.operations.measurement import measure_month
from alliance.queries import BROKEN, MEASURED
from dealers.models import Party, Tier, TierMonth
from dealers.operations.territories import create_territory, grant_territory
from dealers.queries.scorecards import scorecards_for
from ledger.models import Book
from ordering.models import Order, TradeDay, TradeFact
from ordering.operations.daily_facts import Fact, add_facts
from ordering.queries.reconciliation import differences
from portal.queries import guarantees, trade
from portal.queries.combined_query import together, totals
from portal.queries.partner_homes import _dealer_todos
from portal.queries.staff_home import order_todos
from portal.queries.tier_movements import flows_of, ladder_of, tiers
from portal.queries.visibility import BY_KIND, in_sight, visible_parties
from tenancy.models import new_id
from tests import factories as make
from tests.ordering.trade import a_stocked_trade, delivered
from tests.people import a_membership

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, 2, tzinfo=UTC)


def a_day(seller, buyer, product, day, delivered="5", returned="2"):
    add_facts(
        [
            Fact(
                day,
                seller.id,
                buyer.id,
                product.id,
                delivered_net=Decimal(delivered),
                returned_net=Decimal(returned),
            )
        ]
    )


def an_order(seller, buyer, number, at=AT, state="placed", kind="standard", total=100) -> Order:
    return Order.objects.create(
        number=number,
        state=state,
        kind=kind,
        seller=seller,
        buyer=buyer,
        placed_at=at,
        placed_on=at.date(),
        subtotal=total,
        discount=0,
        total=total,
        tax=0,
        due_on=at.date(),
    )


@pytest.fixture
def maker(in_acme):
    return make.a_manufacturer()


@pytest.fixture
def director(maker):
    return make.an_actor(maker)


@pytest.fixture
def manager(maker, director):
    """Who looks after 肇庆 alone."""
    user = a_membership(maker, "region_manager").user
    territory = create_territory(code="ZQ", name="肇庆", regions=["4412"], by=director, at=AT)
    grant_territory(territory=territory, to=user, by=director, at=AT)
    return Actor(maker.id, "manufacturer", "region_manager", user.id)


@pytest.fixture
def inside(maker):
    return make.a_party("dealer", region_id="441284", parent=maker)


@pytest.fixture
def outside(maker):
    return make.a_party("dealer", region_id="440106", parent=maker)


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2026, 7, 31), date(2026, 9, 15)])
def test_the_line_shows_six_months_and_the_running_one(maker, director, today):
    buyer, product = make.a_party(), make.a_product()
    for month in range(1, 13):
        for year in (2025, 2026):
            a_day(maker, buyer, product, date(year, month, 1))
    shown = trade.by_month(together(days=trade.delivered(director, today=today))["days"])
    assert len(shown) == 7
    assert shown[-1] == (today.replace(day=1), Decimal(3))


@pytest.mark.parametrize(
    ("today", "counted"), [(date(2026, 7, 1), 1), (date(2026, 7, 15), 2), (date(2028, 2, 29), 3)]
)
def test_a_month_is_held_against_the_same_days_a_year_ago(maker, director, today, counted):
    buyer, product = make.a_party(), make.a_product()
    first = today.replace(year=today.year - 1, day=1)
    for day in (first, first + timedelta(days=14), first + timedelta(days=27)):
        a_day(maker, buyer, product, day)
    a_day(maker, buyer, product, first + timedelta(days=31))
    rows = together(days=trade.delivered_a_year_ago(director, today=today))["days"]
    assert sum(net for _day, net in rows) == 3 * counted


def test_a_day_of_trade_is_the_sum_of_its_facts_and_a_wrong_one_is_found(in_acme):
    delivered(a_stocked_trade(), ("A", 10), ("B", 3))
    facts = TradeFact.objects.values_list("delivered_net", flat=True)
    assert len(facts) == 2
    assert TradeDay.objects.get().delivered_net == sum(facts)
    assert differences() == []
    TradeDay.objects.update(delivered_net=1)
    assert [one.what for one in differences()] == ["days"]


def test_what_is_only_ordered_has_no_day_of_trade(in_acme):
    a_stocked_trade().place()
    assert not TradeDay.objects.exists()


def test_facts_and_days_are_written_in_one_statement(maker):
    buyer, product = make.a_party(), make.a_product()
    with CaptureQueriesContext(connection) as seen:
        a_day(maker, buyer, product, AT.date())
        a_day(maker, buyer, product, AT.date())
    assert len(seen) == 2
    assert TradeDay.objects.values_list("delivered_net", "returned_net").get() == (10, 4)


def test_what_is_asked_together_is_answered_as_alone(maker, director, inside):
    an_order(maker, inside, "O-1", total="12.50")
    an_order(maker, inside, "O-2", AT + timedelta(days=40, microseconds=7))
    rows = Order.objects.order_by("number")
    columns = ("id", "number", "total", "placed_at", "placed_on", "confirmed_at", "facts")
    asked = {
        "rows": rows.values_list(*columns),
        "states": rows.order_by().values_list("state").annotate(Count("id"), Min("placed_on"), Sum("total")),
        "whole": totals(rows, first=Min("placed_at"), many=Count("id")),
        "nobody": totals(rows.filter(number="-"), first=Min("placed_at"), many=Count("id")),
        "none": rows.none().values_list("id"),
    }
    with CaptureQueriesContext(connection) as seen:
        told = together(**asked)
    assert len(seen) == 1
    assert told == {name: list(rows) for name, rows in asked.items()}
    assert told["nobody"] == [(None, 0)]
    assert str(told["rows"][0][2]) == "12.50"


def test_a_territory_is_seen_as_each_list_shows_it(maker, manager, inside, outside):
    """The homes narrow by parties looked up once; lists by each noun's visible_to."""
    tier = Tier.objects.create(code="key", name="重点", from_score=60)
    for dealer in (inside, outside):
        member = make.a_party("member", parent=dealer, region_id=dealer.region_id)
        contract = make.a_contract(dealer, member, until=AT.date() + timedelta(days=9))
        an_order(maker, dealer, f"O-{dealer.code}")
        an_order(dealer, member, f"P-{dealer.code}", kind="presale")
        TierMonth.objects.create(party=dealer, month=date(2026, 6, 1), tier=tier, move="warn")
        Book.objects.create(seller=maker, buyer=dealer)
        record_evidence([NewEvidence(contract.id, "spread", f"s:{new_id()}", date(2026, 6, 2), False)])
    measure_month(month=date(2026, 6, 1), at=AT)
    nouns = {
        "orders": (Order.objects, "buyer", Order.objects.visible_to(manager)),
        "contracts": (Contract.objects, "member", Contract.objects.visible_to(manager)),
        "months": (GuaranteeMonth.objects, "contract__member", GuaranteeMonth.objects.visible_to(manager)),
        "scorecards": (TierMonth.objects, "party", scorecards_for(manager)),
        "books": (Book.objects, "buyer", Book.objects.visible_to(manager)),
    }
    told = together(
        visible_parties(manager),
        kinds=BY_KIND,
        fulfilled=guarantees.fulfilment(manager),
        flows=flows_of(manager),
        ladder=ladder_of(manager),
        waiting=guarantees.waiting(manager, today=AT.date()),
        **{
            name: in_sight(rows.order_by("id"), path, manager).values_list("id")
            for name, (rows, path, _visible) in nouns.items()
        },
    )
    for name, (_rows, _path, visible) in nouns.items():
        assert [pk for (pk,) in told[name]] == list(visible.order_by("id").values_list("id", flat=True))
        assert told[name]
    parties = Party.objects.visible_to(manager).filter(is_active=True).exclude(id=maker.id)
    assert sum(count for _kind, count in told["kinds"]) == parties.count() == 2
    assert guarantees.guarantees(told["fulfilled"]).broken == 1
    assert guarantees.Contracts.of(told["waiting"]).ending == 1
    assert tiers(told["ladder"], told["flows"]).warned == 1


def test_who_sees_everyone_is_not_narrowed(director, maker, inside, outside):
    assert visible_parties(director) is None
    for dealer in (inside, outside):
        an_order(maker, dealer, f"O-{dealer.code}")
    told = together(sold=trade.by_state(trade.sold_by(director)))["sold"]
    assert trade.ByState.of(told).count("placed") == 2


def test_what_is_over_is_not_counted(maker, director, inside):
    for number, state in enumerate(Order.State.values):
        an_order(maker, inside, f"O-{number}", AT + timedelta(days=number), state)
    told = trade.ByState.of(together(sold=trade.by_state(trade.sold_by(director)))["sold"])
    assert told.counts == {
        state: 1 for state in Order.State.values if state not in ("delivered", "cancelled")
    }
    assert told.since("held", "placed") == AT.date() + timedelta(days=1)


def test_the_day_of_a_to_do_is_the_tenants(maker, director, inside):
    night = [(1, datetime(2026, 6, 1, 17, tzinfo=UTC))]  # 2 June in Shanghai
    told = {
        "sold_by_state": [],
        "return_requests": night,
        "coming": night,
        "waiting": [],
        "duties": [],
        "objectives": [],
        "price_drops": [],
    }
    with timezone.override("Asia/Shanghai"):
        due = [one.due for one in order_todos(director, [], night) if one.count]
        due += [one.due for one in _dealer_todos(make.an_actor(inside), told) if one.count]
    assert due == [date(2026, 6, 2)] * 3


def test_the_newest_sold_are_the_dealers_own_and_its_members(maker, inside, outside):
    member = make.a_party("member", parent=inside)
    outlet = make.a_party("outlet", parent=member)
    theirs = make.a_party("member", parent=outside)
    for number in range(12):
        at = AT + timedelta(hours=number)
        an_order(inside, member, f"OWN-{number}", at)
        an_order(member, outlet, f"MEMBER-{number}", at + timedelta(minutes=1))
        an_order(maker, inside, f"BOUGHT-{number}", at + timedelta(minutes=2))
        an_order(outside, theirs, f"THEIRS-{number}", at + timedelta(minutes=3))
    owner = make.an_actor(inside)
    rows = trade.order_rows(together(sold=trade.latest(trade.sold_by(owner), 3))["sold"], owner)
    assert [row.number for row in rows] == ["OWN-11", "OWN-10", "OWN-9"]
    bought = together(bought=trade.latest(trade.bought_by(owner), 2))["bought"]
    assert [row.number for row in trade.order_rows(bought, owner)] == ["BOUGHT-11", "BOUGHT-10"]


def test_guarantees_of_all_contracts_are_what_their_months_add_up_to(maker, inside, director):
    contracts = [make.a_contract(inside, make.a_party("member", parent=inside)) for _number in range(3)]

    def tell(day, *, fulfilled, owed="0"):
        record_evidence(
            [
                NewEvidence(one.id, kind, f"s:{new_id()}", day, fulfilled, Decimal(owed))
                for one in contracts
                for kind in ("spread", "service")
            ]
        )

    def sums(rows, **contracts):
        found = rows.order_by("month", "kind").values_list("month", "kind")
        measured = found.annotate(Sum("measured"), Sum("broken"), Sum("owed"), **contracts)
        return [row for row in measured if row[2]]

    def sums_are_equal():
        both = {"all": Sum("contracts"), "missed": Sum("contracts_broken")}
        counted = {"all": Count("id", filter=MEASURED), "missed": Count("id", filter=BROKEN)}
        return sums(GuaranteeTotal.objects, **both) == sums(GuaranteeMonth.objects, **counted)

    for month in (5, 6):
        tell(date(2026, month, 3), fulfilled=True)
        tell(date(2026, month, 4), fulfilled=False, owed="1.25")
        measure_month(month=date(2026, month, 1), at=AT)
    assert sums_are_equal()
    tell(date(2026, 5, 5), fulfilled=False, owed="2")
    measure_month(month=date(2026, 5, 1), at=AT, contract_id=contracts[0].id)
    assert sums_are_equal()
    shown = guarantees.guarantees(together(fulfilled=guarantees.fulfilment(director))["fulfilled"])
    assert (shown.month, shown.measured, shown.broken) == (date(2026, 6, 1), 6, 6)
    assert (shown.measurements, shown.not_met, shown.owed) == (12, 6, Decimal("7.50"))


def test_a_partner_sees_the_last_month_of_its_own_contracts(maker, inside, outside):
    for dealer, month in ((inside, 3), (outside, 6)):
        contract = make.a_contract(dealer, make.a_party("member", parent=dealer))
        record_evidence([NewEvidence(contract.id, "spread", f"s:{new_id()}", date(2026, month, 2), True)])
        measure_month(month=date(2026, month, 1), at=AT)
    owner = make.an_actor(inside)
    shown = guarantees.guarantees(together(fulfilled=guarantees.fulfilment(owner))["fulfilled"])
    assert (shown.month, shown.measured) == (date(2026, 3, 1), 1)
