import pytest

from ledger.models import Book, Journal
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_manufacturer, a_party
from tests.people import a_membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(acme):
    with tenant_active(acme):
        maker = a_manufacturer(code="F")
        a_party(parent=maker, code="D1")
        issuer, _other = a_membership(maker), a_membership(maker, "finance")
    return ApiClient(acme, maker, "finance", issuer=issuer.user)


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ({"amount": "999999999999999999"}, 422, "amount"),
        ({"amount": "10000000000000.00"}, 422, "amount"),
        ({"amount": "9999999999999.99"}, 202, None),
        ({"source": "s" * 71}, 422, "source"),
        ({"source": "s" * 70}, 201, None),
        ({"source": "s" * 70, "kind": "prepayment"}, 201, None),
        ({"buyer": "F"}, 404, "buyer"),
        ({"buyer": "D1", "seller": "D1"}, 404, "buyer"),
    ],
)
def test_a_payment_is_received_or_refused_and_never_breaks(acme, staff, asked, status, field):
    answer = staff.post("payments", {"buyer": "D1", "amount": "1.00", "source": "bank:1"} | asked)
    assert (answer.status_code, answer.json().get("field")) == (status, field), answer.content
    with tenant_active(acme):
        made = int(status == 201)
        assert (Book.objects.count(), Journal.objects.count()) == (made or Book.objects.count(), made)
        assert not any(book.seller_id == book.buyer_id for book in Book.objects.all())
