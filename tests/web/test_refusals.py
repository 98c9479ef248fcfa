"""A refusal that a view lets through becomes a page, also where the session was written before."""

import pytest
from django.http import HttpRequest
from django.urls import path

from config import urls
from kernel.refusals import Refusal
from tenancy.models import Tenant
from tests.people import a_member_of, signed_in


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
