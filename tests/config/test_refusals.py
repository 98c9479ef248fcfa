"""A refusal that a view lets through becomes a page, also where the session was written before."""

import pytest
from django.http import HttpRequest
from django.urls import path, reverse

from config import urls
from kernel.refusals import Refusal
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import a_party
from tests.people import a_member_of, a_membership, a_user, signed_in


class OutOfSand(Refusal):
    code = "out_of_stock"


def refusing(request: HttpRequest):
    request.session["something"] = "written"
    raise OutOfSand("There is no sand left.")


urlpatterns = [path("refusing", refusing), *urls.urlpatterns]
handler404 = urls.handler404


@pytest.mark.urls(__name__)
def test_a_refusal_is_a_page_though_the_session_was_written(committed):
    client = signed_in(a_member_of(Tenant.objects.get(slug="acme")))
    answer = client.get("/refusing")
    assert answer.status_code == 409
    assert "There is no sand left." in answer.content.decode()
    assert "something" not in client.session


@pytest.mark.django_db
def test_who_may_not_enter_is_told_whom_to_ask_but_never_themselves(acme):
    with tenant_active(acme):
        dealer = a_party("dealer")
        owner = a_membership(dealer, "owner", user=a_user(first_name="梁敏"))
        buyer = a_membership(dealer, "purchaser", user=a_user(first_name="何秀兰"))
    refused = {one.role: signed_in(one).get(reverse("applications")) for one in (owner, buyer)}
    assert {role: answer.status_code for role, answer in refused.items()} == {"owner": 403, "purchaser": 403}
    assert "梁敏" in refused["purchaser"].content.decode().split("<main")[1]
    assert "梁敏" not in refused["owner"].content.decode().split("<main")[1]
