"""A pre-sale order over HTTP: placed once by its key, never at a price that nobody saw."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ledger.models import Book
from ordering.domain.delivery_windows import windows_ahead
from ordering.models import Order
from ordering.queries.presale import Offer, PriceBreak
from ordering.web.presale.pages import Row
from tenancy.context import tenant_active
from tests.browser.presale_world import PresaleWorld, presale_world
from tests.factories import an_actor
from tests.people import a_member_of, signed_in

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def world() -> PresaleWorld:
    return presale_world()


@pytest.fixture
def phone(world: PresaleWorld) -> Client:
    return signed_in(world.seller)


def an_order(**changes: Any) -> dict[str, Any]:
    """Three cases of soy sauce and one of oyster sauce: 276.00 + 112.00."""
    window = windows_ahead(datetime.now(UTC), SHANGHAI)[0]
    given = {
        "key": str(uuid4()),
        "lines": [{"sku": "LZ1012", "qty": 36}, {"sku": "LZ2021", "qty": 12}],
        "window": {"from": window.start.isoformat(), "until": window.end.isoformat()},
        "displayed": {"total": "388.00", "basis": "quote"},
    }
    return given | changes


def send(phone: Client, world: PresaleWorld, asked: dict[str, Any], **headers: str) -> Any:
    address = f"{world.address}/presale.json"
    return phone.post(address, json.dumps(asked), content_type="application/json", headers=headers)


def placed(world: PresaleWorld) -> int:
    with tenant_active(world.tenant):
        return int(Order.objects.filter(seller=world.member).count())


def test_an_order_is_placed_and_the_dealer_sees_it_once(world: PresaleWorld, phone: Client) -> None:
    asked = an_order()
    first = send(phone, world, asked)
    again = send(phone, world, asked)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    with tenant_active(world.tenant):
        (order,) = Order.objects.visible_to(an_actor(world.dealer))
    assert (order.kind, order.source, str(order.total)) == ("presale", f"presale:{asked['key']}", "388.00")


def test_a_key_answers_with_its_order_whatever_prices_became_since(
    world: PresaleWorld, phone: Client
) -> None:
    asked = an_order()
    number = send(phone, world, asked).json()["number"]
    world.set_price(world.soy, "99")
    answer = send(phone, world, asked)
    assert (answer.status_code, answer.json()["number"]) == (200, number)
    assert placed(world) == 1


def test_a_key_does_not_answer_for_another_order(world: PresaleWorld, phone: Client) -> None:
    asked = an_order()
    send(phone, world, asked)
    answer = send(phone, world, asked | {"lines": [{"sku": "LZ1012", "qty": 12}]})
    assert (answer.status_code, answer.json()["code"]) == (409, "source_conflict")
    assert placed(world) == 1


def test_a_changed_price_comes_back_as_a_difference_and_nothing_is_placed(
    world: PresaleWorld, phone: Client
) -> None:
    world.set_price(world.soy, "95")
    asked = an_order()
    answer = send(phone, world, asked)
    told = answer.json()
    assert (answer.status_code, told["code"], told["total"]) == (409, "price_changed", "397.00")
    assert [line["amount"] for line in told["lines"]] == ["285.00", "112.00"]
    assert placed(world) == 0
    accepted = send(phone, world, asked | {"displayed": {"total": told["total"], "basis": "quote"}})
    assert accepted.status_code == 201


def test_list_prices_suffice_for_who_had_no_network_for_schemes_only_lower_them(db: None) -> None:
    world = presale_world(scheme=True)
    asked = an_order(lines=[{"sku": "LZ1012", "qty": 72}], displayed={"total": "552.00", "basis": "list"})
    answer = send(signed_in(world.seller), world, asked)
    assert (answer.status_code, answer.json()["total"]) == (201, "524.40")


def test_a_changed_list_price_is_told_also_where_a_scheme_makes_up_for_it(db: None) -> None:
    world = presale_world(scheme=True)
    world.set_price(world.soy, "93")
    asked = an_order(lines=[{"sku": "LZ1012", "qty": 72}], displayed={"total": "552.00", "basis": "list"})
    answer = send(signed_in(world.seller), world, asked)
    assert (answer.status_code, answer.json()["listed"]) == (409, "558.00")


def test_a_product_that_is_no_longer_sold_is_named(world: PresaleWorld, phone: Client) -> None:
    with tenant_active(world.tenant):
        world.oyster.stage = "ended"
        world.oyster.save()
    answer = send(phone, world, an_order())
    assert (answer.status_code, answer.json()["skus"]) == (409, ["LZ2021"])
    assert placed(world) == 0


def test_a_window_whose_cut_off_has_passed_is_refused(world: PresaleWorld, phone: Client) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    closed = windows_ahead(yesterday - timedelta(days=1), SHANGHAI)[0]
    window = {"from": closed.start.isoformat(), "until": closed.end.isoformat()}
    answer = send(phone, world, an_order(window=window))
    assert (answer.status_code, answer.json()["code"]) == (409, "window")


def test_an_outlet_without_credit_is_held_only_when_the_person_says_so(
    world: PresaleWorld, phone: Client
) -> None:
    send(phone, world, an_order())
    with tenant_active(world.tenant):
        Book.objects.filter(buyer_id=world.outlet.id).update(credit_limit=400)
    asked = an_order()
    answer = send(phone, world, asked)
    assert (answer.status_code, answer.json()["code"]) == (409, "credit_exceeded")
    held = send(phone, world, asked | {"hold": True})
    assert (held.status_code, held.json()["state"]) == (201, "held")


def test_an_outlet_that_another_supplies_now_is_told(world: PresaleWorld, phone: Client) -> None:
    with tenant_active(world.tenant):
        world.outlet.parent = world.dealer
        world.outlet.save()
    answer = send(phone, world, an_order())
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_order_is_never_placed_in_the_name_of_who_signed_in_since(world: PresaleWorld) -> None:
    headers = {"Tripact-Membership": str(world.seller.id)}
    answer = send(signed_in(world.rival), world, an_order(), **headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "other_person")
    assert placed(world) == 0


def test_who_is_signed_out_is_told_so_without_a_redirect(world: PresaleWorld) -> None:
    answer = send(Client(), world, an_order())
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "x"},
        {"lines": []},
        {"lines": [{"sku": "LZ1012", "qty": 0}]},
        {"lines": [{"qty": 1}]},
        {"window": None},
        {"window": {"from": "x", "until": "y"}},
        {"displayed": {"total": "NaN"}},
        {"displayed": 1},
    ],
)
def test_what_makes_no_sense_is_unreadable(world: PresaleWorld, phone: Client, wrong: Any) -> None:
    assert send(phone, world, an_order() | wrong).status_code == 422
    assert placed(world) == 0


def test_the_phone_keeps_prices_and_no_limit_or_cost(world: PresaleWorld, phone: Client) -> None:
    answer = phone.get(f"{world.address}/presale.json")
    told = answer.json()
    assert set(told) == {"outlet", "url", "products", "schemes", "windows", "folds"}
    assert {frozenset(one) for one in told["products"]} == {
        frozenset({"sku", "name", "search", "units", "breaks", "last"})
    }
    first = told["products"][0]
    assert (first["units"], first["breaks"][0][:3]) == ([["箱", 12], ["瓶", 1]], [1, "92", 12])
    same = phone.get(f"{world.address}/presale.json", headers={"If-None-Match": answer["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    world.set_price(world.soy, "95")
    fresh = phone.get(f"{world.address}/presale.json", headers={"If-None-Match": answer["ETag"]})
    assert fresh.status_code == 200


@pytest.mark.parametrize(
    ("price", "per", "factor", "shown"), [("0.125", 1, 1, "0.13"), ("5", 24, 12, "2.50")]
)
def test_a_unit_costs_the_same_before_the_script_has_run_as_after(
    price: str, per: int, factor: int, shown: str
) -> None:
    offer = Offer("A", "A", "", (("case", factor),), (PriceBreak(1, Decimal(price), per, "L"),))
    assert str(Row(offer).price) == shown


def test_the_pages_ask_the_database_no_more_often_the_more_there_is(
    world: PresaleWorld, phone: Client
) -> None:
    paths = ("/m/outlets", world.address, f"{world.address}/presale", f"{world.address}/presale.json")
    for path in paths:
        phone.get(path)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert phone.get(path).status_code == 200
        reads = [one for one in asked if "SELECT" in one["sql"]]
        assert len(reads) <= 15, [path, *(one["sql"][:150] for one in reads)]


def test_without_script_the_total_is_seen_before_the_order_is_placed_once(
    world: PresaleWorld, phone: Client
) -> None:
    page = phone.get(f"{world.address}/presale")
    asked = page.context["asked"]
    typed = {
        "key": asked.key,
        "window": page.context["windows"][0]["value"],
        "q_LZ1012": "3",
        "u_LZ1012": "箱",
        "q_LZ2021": "1",
        "u_LZ2021": "箱",
    }
    priced = phone.post(f"{world.address}/presale", typed | {"do": "quote"})
    assert priced.context["asked"].quote["total"] == "388.00"
    assert placed(world) == 0
    sent = typed | {"do": "place", "total": "388.00"}
    for _time in range(2):
        answer = phone.post(f"{world.address}/presale", sent)
        assert (answer.status_code, answer["Location"]) == (302, world.address)
    assert placed(world) == 1


@pytest.mark.parametrize("typed", ["1,5", "1e3", "1.5", "-1", "some", "9999999999"])
def test_without_script_a_quantity_with_two_meanings_is_named_and_nothing_is_placed(
    world: PresaleWorld, phone: Client, typed: str
) -> None:
    page = phone.get(f"{world.address}/presale")
    sent = {"key": page.context["asked"].key, "window": page.context["windows"][0]["value"]}
    sent |= {"q_LZ1012": typed, "u_LZ1012": "箱", "do": "place", "total": "97.00"}
    answer = phone.post(f"{world.address}/presale", sent)
    assert typed in answer.context["asked"].problem
    assert placed(world) == 0


def test_without_script_a_changed_price_is_shown_with_what_was_typed(
    world: PresaleWorld, phone: Client
) -> None:
    page = phone.get(f"{world.address}/presale")
    world.set_price(world.soy, "95")
    window = page.context["windows"][0]["value"]
    sent = {"key": str(uuid4()), "window": window, "q_LZ1012": "3", "do": "place", "total": "276.00"}
    answer = phone.post(f"{world.address}/presale", sent)
    assert (answer.status_code, answer.context["asked"].quote["total"]) == (200, "285.00")
    assert re.search(r'name="q_LZ1012"[^>]*\svalue="3"', answer.content.decode())
    assert placed(world) == 0


def test_another_ones_outlet_is_not_there(world: PresaleWorld) -> None:
    stranger = signed_in(a_member_of(world.tenant, "member"))
    for path in ("", "/presale", "/presale.json"):
        assert stranger.get(world.address + path).status_code == 404


def test_the_worker_may_serve_the_phones_pages_and_holds_no_data(client: Client) -> None:
    answer = client.get("/sw.js")
    assert (answer.status_code, answer["Service-Worker-Allowed"]) == (200, "/m/")
    assert answer.content.decode().startswith('const BUILT = {"version": "')
    assert client.get("/offline").status_code == 200


def test_a_dealer_writes_orders_at_its_own_outlets(world: PresaleWorld) -> None:
    browser = signed_in(world.dealer_person)
    assert browser.get(world.address).status_code == 404
    with tenant_active(world.tenant):
        world.outlet.parent = world.dealer
        world.outlet.save()
    for path in ("/m/outlets", world.address, f"{world.address}/presale"):
        page = browser.get(path).content.decode()
        assert "阿强大排档" in page
        assert page.count('name="tripact-membership"') == 1


def test_staff_have_no_phone_pages(world: PresaleWorld) -> None:
    director = signed_in(a_member_of(world.tenant, "manufacturer"))
    assert director.get("/m/outlets").status_code == 403
    assert send(director, world, an_order()).status_code == 403
