"""What stands before every view: the path, the caches, the session of a health check."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from config.middleware import LogMiddleware
from tests.isolation.routes import every_route
from tests.people import a_member_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["/static", "/api/v1", "/healthz", "/m"])
@pytest.mark.parametrize("path", ["/me", "/api/v1/orders", "/healthz"])
def test_a_script_name_moves_no_path(acme, prefix, path):
    """`GET /static/me` with SCRIPT_NAME /static once was a page that no second factor protected."""
    response = signed_in(a_member_of(acme)).get(path, SCRIPT_NAME=prefix)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_health_check_leaves_the_session(acme):
    client = signed_in(a_member_of(acme))
    for path in ("/healthz", "/readyz"):
        response = client.get(path)
        assert not response.cookies
        assert "Set-Cookie" not in response.headers
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize("path", ["/me", "/orders", "/api/v1/orders", "/nowhere", "/sign-in"])
def test_no_cache_stores_an_answer_with_data(acme, path):
    for client in (signed_in(a_member_of(acme)), Client()):
        assert "no-store" in client.get(path).headers["Cache-Control"]


def test_the_log_has_no_query_and_no_token():
    logged = LogMiddleware.format_request
    ask = RequestFactory().get
    assert logged(ask("/orders?q=secret")) == "GET /orders"
    for route in every_route():
        if "token" in route.parameters:
            address = reverse(
                route.name,
                kwargs={name: "s3cret" if name == "token" else "acme" for name in route.parameters},
            )
            assert "s3cret" in address
            assert "s3cret" not in logged(ask(address)), f"mask the token of {route.pattern}"
