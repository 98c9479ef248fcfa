"""Held money and available credit through the API, as the screens say them."""

from decimal import Decimal

import pytest

from ledger.models import Book
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_manufacturer, a_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients(acme):
    with tenant_active(acme):
        maker = a_manufacturer(code="F")
        dealer = a_party(parent=maker, code="D1")
    keys = [(maker, "director"), (maker, "finance"), (dealer, "owner")]
    return [ApiClient(acme, party, role) for party, role in keys]


def booked(client, kind, amount, **changed):
    asked = {"buyer": "D1", "kind": kind, "amount": amount, "source": f"{kind}-{amount}"}
    return client.post("payments", asked | changed)


def test_each_kind_changes_the_credit_as_it_should(acme, clients):
    director, _finance, buyer = clients
    assert booked(director, "prepayment", "100.00").json()["available_credit"] is None
    with tenant_active(acme):
        Book.objects.update(credit_limit=Decimal(1000))
    answer = booked(director, "security_deposit", "50.00").json()
    assert (answer["prepayment"], answer["security_deposit"]) == ("100.00", "50.00")
    assert answer["available_credit"] == "1100.00"
    answer = booked(director, "prepayment_refund", "40.00").json()
    assert (answer["prepayment"], answer["available_credit"]) == ("60.00", "1060.00")
    for client in clients:
        (row,) = client.get("ledger/books").json()["results"]
        figures = [row[key] for key in ("exposure", "available_credit", "prepayment", "security_deposit")]
        assert figures == ["-60.00", "1060.00", "60.00", "50.00"]
    assert booked(buyer, "prepayment", "1.00").status_code == 403


def test_a_forfeit_is_the_directors_and_has_a_reason(clients):
    director, finance, _buyer = clients
    booked(finance, "security_deposit", "50.00")
    kind = "security_deposit_forfeit"
    assert booked(finance, kind, "10.00", memo="clause 9").status_code == 403
    assert booked(director, kind, "10.00").json()["field"] == "memo"
    assert booked(director, kind, "60.00", memo="clause 9").json()["code"] == "over_balance"
    assert booked(director, kind, "10.00", memo="clause 9").json()["security_deposit"] == "40.00"
