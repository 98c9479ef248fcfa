"""What no view can read is refused at the entrance, wherever it stands."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests.people import a_member_of, signed_in

pytestmark = pytest.mark.django_db
DEEP = "[" * 3000


@pytest.mark.parametrize("path", ["/sign-in?q=%00", "/sign-in?%00=1", "/orders/%00", f"/sign-in?q={DEEP}"])
def test_a_path_or_query_is_400(path):
    answer = Client().get(path)
    assert answer.status_code == 400
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("typed", ["a\0", DEEP, r'{"a": "\u0000"}', r"\ud800"])
def test_a_field_of_a_form_is_400(acme, typed):
    client = signed_in(a_member_of(acme))
    assert client.post("/what-if/growth", {"as_json": typed}).status_code == 400


def test_a_cookie_or_header_is_400():
    client = Client()
    assert client.get("/sign-in", headers={"idempotency-key": "a\0"}).status_code == 400
    client.cookies["sessionid"] = "a\0"
    assert client.get("/sign-in").status_code == 400


def test_what_people_type_passes(acme):
    client = signed_in(a_member_of(acme))
    assert client.get("/parties?q=%F0%9F%80%84+[肇庆]").status_code == 200


@pytest.mark.parametrize(
    "error", [ValidationError("no UUID"), UnicodeEncodeError("utf-8", "\ud800", 0, 1, "")]
)
def test_what_no_form_has_validated_is_400_and_in_the_log(acme, monkeypatch, caplog, error):
    def broken(*args, **kwargs):
        raise error

    monkeypatch.setattr("accounts.web.my_account.render", broken)
    client = signed_in(a_member_of(acme), raise_request_exception=False)
    assert client.get("/me").status_code == 400
    assert "input_not_validated" in caplog.text


def test_an_admin_page_survives_an_id_that_is_none(acme):
    client = signed_in(a_member_of(acme), raise_request_exception=False)
    for path in ("/admin/ledger/book/?buyer__id__exact=x", "/admin/dealers/membership/add/?party=x"):
        assert client.get(path, follow=True).status_code < 500
