"""The tenant's delivery windows: what may be set, by whom, and what then can be chosen at an outlet."""

import json
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.rights import NotAllowed
from audit.models import AuditEntry
from ordering.domain.delivery_windows import STANDARD, InvalidPlan, WindowPlan, windows_ahead
from ordering.models import DeliveryPlan, Order
from ordering.operations.delivery_plan import set_delivery_plan
from ordering.queries.delivery_windows import window_plan
from tenancy.context import tenant_active
from tests.browser.presale_world import presale_world
from tests.factories import an_actor
from tests.people import a_membership, signed_in

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAYS = WindowPlan(((time(8), time(12)),), frozenset({6}), time(16), 2, 14)
PAGE = reverse("delivery-windows")


# The plan


def test_a_window_can_be_chosen_until_its_cut_off():
    friday = datetime(2026, 7, 17, 15, 59, tzinfo=SHANGHAI)
    thursday = friday - timedelta(days=1)
    assert windows_ahead(thursday, SHANGHAI, SATURDAYS)[0].start == datetime(2026, 7, 18, 8, tzinfo=SHANGHAI)
    assert windows_ahead(friday, SHANGHAI, SATURDAYS)[0].start == datetime(2026, 7, 25, 8, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hours": ()}, "hours"),
        ({"hours": ((time(n), time(n, 30)) for n in range(7))}, "hours"),
        ({"hours": ((time(10), time(10)),)}, "hours[0]"),
        ({"hours": ((time(6), time(10)), (time(9), time(12)))}, "hours[1]"),
        ({"weekdays": frozenset()}, "weekdays"),
        ({"weekdays": frozenset({0, 8})}, "weekdays"),
        ({"days_before": 8}, "days_before"),
        ({"days_before": 0}, "cut_off"),
        ({"days_ahead": 1}, "days_ahead"),
        ({"days_ahead": 32}, "days_ahead"),
        ({"receipt_hours": 0}, "receipt_hours"),
        ({"receipt_hours": 721}, "receipt_hours"),
        ({"weekdays": frozenset({6}), "days_ahead": 7}, "days_ahead"),
    ],
)
def test_a_plan_that_cannot_be_kept_names_its_field(changes, field):
    given_plan = {name: tuple(value) if name == "hours" else value for name, value in changes.items()}
    with pytest.raises(InvalidPlan) as refused:
        WindowPlan(**given_plan).check()
    assert refused.value.field == field


plans = st.builds(
    WindowPlan,
    hours=st.lists(st.integers(0, 23), min_size=1, max_size=6, unique=True).map(
        lambda hours: tuple((time(hour), time(hour, 30)) for hour in sorted(hours))
    ),
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    cut_off=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    days_before=st.integers(0, 7),
    days_ahead=st.integers(1, 31),
)


@given(plans, st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001  Hypothesis wants naive limits
def test_there_is_always_a_window_to_choose_and_each_is_the_plans(plan, moment):
    try:
        plan.check()
    except InvalidPlan:
        return
    now = moment.replace(tzinfo=UTC)
    found = windows_ahead(now, SHANGHAI, plan)
    assert found
    for one in found:
        assert plan.offers(one.start, one.end, SHANGHAI)
        assert now < one.cut_off <= one.start


# Who sets it


def test_without_a_setting_the_standard_holds(in_acme):
    assert window_plan() == STANDARD


def test_the_director_sets_it_and_it_is_traced(in_acme):
    world = presale_world()
    by, at = an_actor(world.dealer.parent), timezone.now()
    set_delivery_plan(plan=SATURDAYS, version=0, by=by, at=at)
    set_delivery_plan(plan=STANDARD, version=1, by=by, at=at)
    assert window_plan() == STANDARD
    assert [one.facts["weekdays"] for one in AuditEntry.objects.filter(target="ordering.deliveryplan")] == [
        [6],
        [1, 2, 3, 4, 5, 6, 7],
    ]


def test_nobody_else_sets_it(in_acme):
    world = presale_world()
    maker = world.dealer.parent
    others = [an_actor(world.dealer), an_actor(world.member)]
    others += [an_actor(maker, role) for role in ("region_manager", "sales_rep", "finance", "warehouse")]
    for by in others:
        with pytest.raises(NotAllowed):
            set_delivery_plan(plan=SATURDAYS, version=0, by=by, at=timezone.now())
    assert not DeliveryPlan.objects.exists()


# The page


@pytest.fixture
def desk(acme):
    world = presale_world()
    with tenant_active(acme):
        maker = world.dealer.parent
        world.director = signed_in(a_membership(maker))
        world.manager = signed_in(a_membership(maker, "region_manager"))
    return world


def a_form(**changes):
    return {
        "version": "0",
        "from-1": "08:00",
        "until-1": "12:00",
        "from-2": "",
        "until-2": "",
        "weekday": ["1", "3", "5"],
        "cut_off": "16:00",
        "days_before": "1",
        "days_ahead": "10",
        "receipt_hours": "48",
    } | changes


def test_what_the_director_keeps_is_what_the_outlet_is_offered(desk):
    assert desk.director.post(PAGE, a_form()).status_code == 302
    phone = signed_in(desk.seller)
    online = phone.get(f"{desk.address}/presale").context["windows"]
    offline = phone.get(f"{desk.address}/presale.json").json()["windows"]
    assert online == offline
    assert all("08:00–12:00" in one["label"] for one in online)
    with tenant_active(desk.tenant):
        wanted = windows_ahead(timezone.now(), SHANGHAI, window_plan())
    assert [one["value"] for one in online] == [
        f"{one.start.isoformat()},{one.end.isoformat()}" for one in wanted
    ]


def test_an_order_of_a_phone_that_knows_the_old_windows_is_asked_to_choose_again(desk):
    old = windows_ahead(timezone.now(), SHANGHAI)[0]
    desk.director.post(PAGE, a_form())
    asked = {
        "key": str(uuid4()),
        "lines": [{"sku": "LZ1012", "qty": 12}],
        "window": {"from": old.start.isoformat(), "until": old.end.isoformat()},
        "displayed": {"total": "92.00", "basis": "quote"},
    }
    phone = signed_in(desk.seller)
    told = phone.post(f"{desk.address}/presale.json", json.dumps(asked), content_type="application/json")
    assert (told.status_code, told.json()["code"]) == (409, "window")
    with tenant_active(desk.tenant):
        assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"from-1": "abc"}, "hours[0]"),
        ({"until-1": "07:00"}, "hours[0]"),
        ({"from-1": "", "until-1": ""}, "hours"),
        ({"from-2": "11:00", "until-2": "13:00"}, "hours[1]"),
        ({"weekday": []}, "weekdays"),
        ({"cut_off": "99:00"}, "cut_off"),
        ({"days_before": "x"}, "days_before"),
        ({"days_before": "9"}, "days_before"),
        ({"days_ahead": "2"}, "days_ahead"),
    ],
)
def test_what_is_wrong_is_said_beneath_its_field_and_what_was_typed_stays(desk, changes, field):
    page = desk.director.post(PAGE, a_form(days_ahead="10") | changes)
    assert page.status_code == 422
    assert set(page.context["typed"].wrong) == {field}
    assert page.context["typed"].wrong[field] in page.content.decode()
    for name in ("from-1", "cut_off", "days_before"):
        assert f'value="{changes.get(name, a_form()[name])}"' in page.content.decode()
    with tenant_active(desk.tenant):
        assert not DeliveryPlan.objects.exists()


def test_two_who_set_it_at_once_see_each_other(desk):
    desk.director.post(PAGE, a_form())
    page = desk.director.post(PAGE, a_form(**{"from-1": "07:00"}))
    text = page.content.decode()
    assert page.status_code == 409
    assert 'value="07:00"' in text
    assert "08:00–12:00" in text
    with tenant_active(desk.tenant):
        assert DeliveryPlan.objects.get().hours == [["08:00", "12:00"]]
    again = a_form(**{"from-1": "07:00", "version": str(page.context["row"].version)})
    assert desk.director.post(PAGE, again).status_code == 302
    with tenant_active(desk.tenant):
        assert DeliveryPlan.objects.get().hours == [["07:00", "12:00"]]


@pytest.mark.parametrize("version", ["", "x", "7"])
def test_a_form_that_has_seen_what_nobody_saved_is_shown_the_standard(desk, version):
    page = desk.director.post(PAGE, a_form(version=version))
    assert page.status_code == 409
    assert "06:00–10:00" in page.content.decode()
    again = a_form(version=str(page.context["row"].version))
    assert desk.director.post(PAGE, again).status_code == 302


def test_other_staff_see_it_and_change_nothing_and_partners_see_nothing(desk):
    page = desk.manager.get(PAGE)
    assert page.status_code == 200
    assert "disabled" in page.content.decode()
    assert desk.manager.post(PAGE, a_form()).status_code == 403
    assert signed_in(desk.dealer_person).get(PAGE).status_code == 403
    with tenant_active(desk.tenant):
        assert not DeliveryPlan.objects.exists()
