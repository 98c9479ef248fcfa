"""A method that does not exist is 405 and names those that do; the schema lists exactly these."""

import pytest
from django.test import Client

from tests.isolation.bodies import schema_methods
from tests.isolation.routes import VERBS, every_route
from tests.people import a_member_of, signed_in

pytestmark = pytest.mark.django_db
API = [route for route in every_route() if route.is_api]


def _address(route):
    return route.filled(lambda model: None)


def test_the_api_has_the_methods_of_its_schema(acme, a_client):
    client, wrong = a_client(acme), []
    for route in API:
        there = schema_methods(route)
        for verb in (*VERBS, "BREW"):
            answer = client.generic(verb, _address(route), content_type="application/json")
            if (answer.status_code == 405) is (verb in there):
                wrong.append(f"{verb} {route.pattern} → {answer.status_code}, in the schema: {sorted(there)}")
            elif answer.status_code == 405 and not there <= set(answer.headers["Allow"].split(", ")):
                wrong.append(f"{verb} {route.pattern}: Allow {answer.headers['Allow']}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_a_page_has_no_such_method(acme, verb):
    client = signed_in(a_member_of(acme))
    for path in ("/", "/orders", "/sign-in", "/admin/", "/healthz", "/nowhere"):
        answer = client.generic(verb, path)
        assert answer.status_code == 405, path
        assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_without_a_key_it_is_405_too(acme):
    assert Client().delete("/api/v1/parties").status_code == 405
