"""A filter with a slip of the pen is refused by name; it never answers with everything."""

import pytest

from tenancy.context import tenant_active
from tests.factories import a_manufacturer, a_party
from tests.isolation.routes import every_route

pytestmark = pytest.mark.django_db


def _lists():
    """Every address of the API that answers GET with pages, from the URL configuration."""
    return [
        route
        for route in every_route()
        if route.is_api
        and getattr(getattr(route.view, "view_class", None), "pagination_class", None)
        and hasattr(route.view.view_class, "list")
        and not route.parameters
    ]


def _caller(tenant, a_client, route):
    """A key that may ask the list without parameters: a price book is that of a buyer."""
    if route.name != "api-price-book":
        return a_client(tenant)
    with tenant_active(tenant):
        dealer = a_party("dealer", parent=a_manufacturer())
    return a_client(tenant, party=dealer, kind="dealer")


def test_the_lists_are_found():
    assert len(_lists()) > 10


@pytest.mark.parametrize("route", _lists(), ids=str)
def test_an_unknown_parameter_is_named(acme, a_client, route):
    caller = _caller(acme, a_client, route)
    path = f"/{route.pattern}"
    assert caller.get(path, {"page_size": "2", "format": "json"}).status_code == 200
    answer = caller.get(path, {"page_size": "2", "pagesize": "2", "statte": "draft"})
    assert answer.status_code == 400
    problem = answer.json()
    assert [one["field"] for one in problem["errors"]] == ["pagesize", "statte"]
    assert {one["code"] for one in problem["errors"]} == {"unknown_parameter"}
    assert "page_size" in problem["detail"]


def test_prices_name_it_too(acme, a_client):
    answer = a_client(acme).get("/api/v1/prices", {"sku": "A", "quantity": "3"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "quantity")


@pytest.mark.parametrize(
    "value", ["2020-01-01T00:00:00+23:59", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"]
)
def test_a_moment_out_of_range_breaks_nothing(acme, a_client, value):
    caller = a_client(acme)
    for path in ("shipments?shipped_since", "orders?placed_since", "orders?placed_until"):
        assert caller.get(f"/api/v1/{path}={value.replace('+', '%2B')}").status_code in (200, 400)


@pytest.mark.parametrize("route", _lists(), ids=str)
@pytest.mark.parametrize("size", ["abc", "0", "-1", "501", "1e2", "５", "99999999999", "1.5", " 5"])
def test_a_wrong_page_size_is_refused(acme, a_client, route, size):
    answer = _caller(acme, a_client, route).get(f"/{route.pattern}", {"page_size": size})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "page_size")


@pytest.mark.parametrize("route", _lists(), ids=str)
def test_a_blank_parameter_is_refused(acme, a_client, route):
    """`?buyer=` would otherwise return the rows of all buyers."""
    caller = _caller(acme, a_client, route)
    for name in getattr(route.view.view_class.filterset_class, "base_filters", {"cursor": None}):
        for blank in ("", "  "):
            answer = caller.get(f"/{route.pattern}", {name: blank})
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, name), name


@pytest.mark.parametrize(
    "path", ["price-lists?on", "contracts?on", "scorecards?month", "ledger/open-items?due_until"]
)
def test_a_filter_of_the_api_names_the_day_that_it_cannot_read(acme, a_client, path):
    caller = a_client(acme)
    for day in ("2026-13-01", "01/02/2026", "soon"):
        answer = caller.get(f"/api/v1/{path}={day}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == path.partition("?")[2]
    assert caller.get(f"/api/v1/{path}=2026-06-01").status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("qty=1,5", "qty"),
        ("qty=1e3", "qty"),
        ("qty=1_000", "qty"),
        ("on=2026-02-30", "on"),
        ("on=01/02/2026", "on"),
    ],
)
def test_prices_of_the_api_name_what_they_cannot_read(acme, a_client, query, field):
    answer = a_client(acme).get(f"/api/v1/prices?sku=A&{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
