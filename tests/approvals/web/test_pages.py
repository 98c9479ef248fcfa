"""The list of approvals, the page that decides, and the page of the rules."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from approvals.models import Approval
from ledger.models import Book
from ledger.operations.books import open_book
from ledger.operations.receipts import set_credit
from tests.approving import a_person
from tests.scene import MOST, Scene, rows_in, said, statements, text_of

AT = datetime(2026, 11, 30, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db
LIST, RULES = reverse("approvals"), reverse("approval-rules")


@pytest.fixture
def scene(acme):
    return Scene(acme)


def a_request(scene, limit=88888888):
    """What a third person of finance asks for."""
    with scene.inside():
        seller, buyer = scene.trade.seller, scene.trade.buyer
        book = open_book(seller_id=seller.id, buyer_id=buyer.id)
        scene.as_("director"), scene.as_("finance")
        by = a_person(seller, "finance")
        return set_credit(book_id=book, credit_limit=Decimal(limit), by=by, at=AT)


def test_the_second_person_sees_what_changes_and_approves_it(scene):
    waiting = a_request(scene)
    page = reverse("approval", args=[waiting.id])
    assert [row.id for row in rows_in(scene.director.get(LIST, {"state": "pending"}))] == [waiting.id]
    text = text_of(scene.director.get(page))
    assert "∞ 88,888,888.00" in text
    assert "Approve" in text
    scene.director.post(f"{page}/approve")
    with scene.inside():
        assert Book.objects.get().credit_limit == 88888888
    assert "Approve" not in text_of(scene.director.get(page)).replace("Approvals", "").replace("Approved", "")


def test_who_asks_has_no_button_and_withdraws(scene):
    finance = scene.as_("finance")
    waiting = a_request(scene)
    with scene.inside():
        waiting.delete()
        book = Book.objects.get()
    form = {"credit_limit": "5", "horizon_days": "", "max_overdue_days": "", "payment_days": "30"}
    finance.post(f"/admin/ledger/book/{book.id}/change/", form)
    with scene.inside():
        mine = Approval.objects.get()
    page = reverse("approval", args=[mine.id])
    assert "Your decision" not in text_of(finance.get(page))
    assert said(finance.post(f"{page}/approve")) == ["You asked for this yourself: another person decides."]
    finance.post(f"{page}/withdraw")
    with scene.inside():
        mine.refresh_from_db()
    assert mine.state == "withdrawn"


def test_a_rejection_gives_its_reason(scene):
    waiting = a_request(scene)
    page = reverse("approval", args=[waiting.id])
    assert "Say why" in said(scene.director.post(f"{page}/reject", {"reason": " "}))[0]
    scene.director.post(f"{page}/reject", {"reason": "overdue debts"})
    assert "overdue debts" in text_of(scene.director.get(page))
    assert scene.director.post(f"{page}/nonsense").status_code == 404


def test_others_neither_see_nor_decide(scene):
    page = reverse("approval", args=[a_request(scene).id])
    assert scene.as_("region_manager").get(page).status_code == 404
    for client in (scene.as_("warehouse"), scene.buyer, scene.other):
        for path in (LIST, page, RULES):
            assert client.get(path).status_code == 403
        assert client.post(f"{page}/approve").status_code == 403


def test_the_rules_are_read_and_set_by_two(scene):
    director, finance = scene.director, scene.as_("finance")
    assert "credit terms" in text_of(director.get(RULES))
    values = {"kind": "ledger.payment", "ledger.payment-is_required": "on", "ledger.payment-above": "5万"}
    assert director.post(RULES, values | {"ledger.payment-above": "1,5"}).status_code == 422
    values["ledger.payment-above"] = "50,000"
    assert "waits for the approval" in said(director.post(RULES, values))[0]
    assert "A change waits for approval" in text_of(finance.get(RULES))
    assert scene.as_("region_manager").post(RULES, values).status_code == 404


def test_the_list_takes_few_statements(scene):
    a_request(scene)
    few = statements(scene.director, LIST)
    for limit in range(2, 6):
        a_request(scene, limit)
    assert statements(scene.director, LIST) == few <= MOST
