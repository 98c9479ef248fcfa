"""Accounts on the screen: the statement, and money that is booked once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from ledger.models import Book, Journal
from ledger.operations.books import open_books
from tests.factories import a_manufacturer, a_party
from tests.ordering.trade import balance, delivered
from tests.scene import LONG, MOST, Scene, statements, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    return Scene(acme)


@pytest.fixture
def order(scene):
    return scene.order(delivered)


@pytest.fixture
def page(scene, order):
    with scene.inside():
        return reverse("book", args=[Book.objects.get().id])


def paid(**changed):
    return {"what": "payment", "amount": "50.00", "voucher": "V-1", "memo": ""} | changed


def payments(scene):
    with scene.inside():
        return Journal.objects.filter(kind__in=["payment", "prepayment", "security_deposit"]).count()


def test_a_statement_adds_up_from_what_was_brought_forward(scene, order, page):
    told = scene.director.get(f"{page}?since=2026-06-01&until=2026-06-30").context["statement"]
    assert told.opening + sum(line.amount for line in told.lines) == told.closing == order.total
    after = scene.director.get(f"{page}?since=2026-07-01&until=2026-07-31").context["statement"]
    assert (after.opening, after.closing, list(after.lines)) == (order.total, order.total, [])


@pytest.mark.parametrize(
    "query", ["since=x&until=y", "since=2026-07-01&until=2026-06-01", "since=0001-01-01"]
)
def test_a_period_that_is_none_still_shows_a_page(scene, page, query):
    assert scene.director.get(f"{page}?{query}").status_code == 200


def test_money_that_came_in_is_booked(scene, order, page):
    assert scene.director.post(page, paid()).status_code == 302
    with scene.inside():
        assert balance("receivable") == order.total - 50
    assert scene.as_("finance").post(page, paid(what="security_deposit", voucher="V-2")).status_code == 302
    with scene.inside():
        assert balance("security_deposit") == -50


@pytest.mark.parametrize("typed", ["1,000.00", "１０００", "¥1,000", " 1000 元"])
def test_an_amount_is_read_as_people_write_it(scene, order, page, typed):
    assert scene.director.post(page, paid(amount=typed)).status_code == 302
    with scene.inside():
        assert balance("cash") == 1000


@pytest.mark.parametrize("typed", ["1e3", "1,5", "1000.005", "0", "-5", "x", "", "1" * 20])
def test_an_amount_with_two_meanings_is_refused(scene, order, page, typed):
    answer = scene.director.post(page, paid(amount=typed))
    assert answer.status_code == 422
    assert "amount" in answer.context["form"].errors
    assert payments(scene) == 0


def test_a_voucher_counts_once(scene, order, page):
    for _time in range(2):
        assert scene.director.post(page, paid()).status_code == 302
    assert payments(scene) == 1
    with scene.inside():
        assert balance("receivable") == order.total - 50


@pytest.mark.parametrize("changed", [{"amount": "60.00"}, {"what": "prepayment"}])
def test_a_voucher_typed_again_for_other_money_is_refused(scene, order, page, changed):
    scene.director.post(page, paid())
    answer = scene.director.post(page, paid(**changed))
    assert answer.status_code == 422
    assert "booked already, with 50.00" in text_of(answer)
    assert payments(scene) == 1


def test_a_voucher_of_another_account_is_not_said_to_be_booked(scene, page):
    with scene.inside():
        pair = (a_manufacturer().id, a_party().id)
        other = reverse("book", args=[open_books([pair])[pair]])
    scene.director.post(page, paid())
    answer = scene.director.post(other, paid())
    assert answer.status_code == 422
    assert "on another account" in text_of(answer)


@pytest.mark.parametrize("typed", ["0", "-5", "1.005", "x", "", "1e20"])
def test_a_wrong_amount_is_said_at_its_field_and_what_was_typed_stays(scene, page, typed):
    answer = scene.director.post(page, paid(amount=typed))
    assert answer.status_code == 422
    assert answer.context["form"].errors["amount"]
    assert 'value="V-1"' in answer.content.decode()
    assert payments(scene) == 0


def test_only_staff_with_the_right_book_money(scene, page):
    assert scene.buyer.get(page).context["form"] is None
    for client in (scene.buyer, scene.as_("region_manager")):
        assert client.post(page, paid()).status_code == 404
    assert scene.as_("warehouse").get(page).status_code == 403
    assert payments(scene) == 0


def test_a_dealer_sees_its_own_account_only(scene, order, page):
    assert f"{order.total:,.2f}" in text_of(scene.buyer.get(page))
    assert scene.other.get(page).status_code == 404
    assert scene.trade.seller.name not in text_of(scene.other.get(reverse("books")))


def test_the_list_and_the_page_say_the_same_is_left(scene, page):
    with scene.inside():
        Book.objects.update(credit_limit=Decimal(1000))
    scene.director.post(page, paid(what="prepayment"))
    row = scene.director.get(reverse("books")).context["list"].lines[0].row
    assert scene.director.get(page).context["credit"].value == f"{row.available:,.2f}"


def test_long_names_are_shown(scene, page):
    with scene.inside():
        scene.trade.buyer.name = LONG[:200]
        scene.trade.buyer.save()
    for path in (page, reverse("books")):
        assert LONG[:200] in scene.director.get(path).content.decode()


def test_the_pages_cost_the_same_however_much_is_booked(scene, page):
    few = [statements(scene.director, path) for path in (page, reverse("books"))]
    for _time in range(3):
        scene.order(delivered)
    with scene.inside():
        open_books([(scene.trade.seller.id, a_party().id) for _ in range(5)])
    assert [statements(scene.director, path) for path in (page, reverse("books"))] == few
    assert max(few) <= MOST


def held(scene, page, **typed):
    given = {"what": "prepayment_refund", "amount": "10.00", "voucher": "H-1", "memo": ""} | typed
    return scene.director.post(f"{page}/held-money", given)


def offered(client, page):
    form = client.get(page).context["held_form"]
    return [] if form is None else [value for value, _label in form.fields["what"].choices]


def test_held_money_is_used_refunded_and_forfeited_as_far_as_there_is_some(scene, order, page):
    assert offered(scene.director, page) == []
    assert held(scene, page).status_code == 404
    scene.director.post(page, paid(what="prepayment", amount="50", voucher="P-1"))
    assert offered(scene.director, page) == ["prepayment_use", "prepayment_refund"]
    scene.director.post(page, paid(what="security_deposit", amount="30", voucher="D-1"))
    assert held(scene, page, what="prepayment_use", amount="20").status_code == 302
    assert held(scene, page, amount="31", voucher="H-2").status_code == 422
    assert "The account holds only 30.00" in text_of(held(scene, page, amount="31", voucher="H-3"))
    assert held(scene, page, what="security_deposit_refund", voucher="H-4").status_code == 302
    with scene.inside():
        assert balance("receivable") == order.total - 20
        assert (balance("prepayment"), balance("security_deposit")) == (-30, -20)
    assert [one["statement"].closing for one in scene.buyer.get(page).context["held"]] == [30, 20]


def test_only_the_director_forfeits_and_says_why(scene, page):
    scene.director.post(page, paid(what="security_deposit"))
    assert "security_deposit_forfeit" in offered(scene.director, page)
    assert offered(scene.as_("finance"), page) == ["security_deposit_refund"]
    assert offered(scene.buyer, page) == []
    forfeit = {"what": "security_deposit_forfeit", "voucher": "F-1"}
    assert held(scene, page, **forfeit).status_code == 422
    assert held(scene, page, **forfeit, memo="clause 9").status_code == 302
    with scene.inside():
        assert balance("forfeited") == -10


def test_the_same_number_is_not_booked_for_something_else(scene, page):
    scene.director.post(page, paid(what="prepayment"))
    answer = held(scene, page, voucher="V-1")
    assert answer.status_code == 422
    assert "booked already, with 50.00" in text_of(answer)


def test_accounts_are_filtered_by_side_and_by_what_is_overdue(scene, order, page):
    def found(client, query):
        return client.get(f"{reverse('books')}?{query}").context["list"].total

    assert [found(scene.director, f"side={side}") for side in ("sold", "bought")] == [1, 0]
    assert [found(scene.buyer, f"side={side}") for side in ("sold", "bought")] == [0, 1]
    assert [found(scene.director, f"overdue={is_late}") for is_late in ("true", "false")] == [1, 0]
    scene.director.post(page, paid(amount=str(order.total)))
    assert [found(scene.director, f"overdue={is_late}") for is_late in ("true", "false")] == [0, 1]
