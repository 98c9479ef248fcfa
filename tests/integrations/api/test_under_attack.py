"""Requests that nobody's program would send, and what they may not do."""

from base64 import b64encode
from urllib.parse import quote

import pytest
from django.test import Client

from accounts import work_budget
from integrations.api import schema_view
from integrations.models import IdempotencyRecord
from simulations.operations import simulate
from tenancy.context import tenant_active

pytestmark = pytest.mark.django_db


def test_a_throttled_write_is_done_when_it_is_sent_again(acme, a_client, settings):
    client, path = a_client(acme), "/api/v1/stock"
    client.raise_request_exception = False
    settings.API_RATE_PER_KEY = 1
    client.get("/api/v1/parties")

    def write():
        return client.post(path, {}, format="json", headers={"idempotency-key": "k"})

    assert write().status_code == 429
    with tenant_active(acme):
        assert not IdempotencyRecord.objects.exists()
    settings.API_RATE_PER_KEY = 0
    assert write().status_code == 422
    assert write().headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("position", ["x", "\0", "1", "2026-01-01"])
def test_a_cursor_of_ones_own_making_is_404(acme, a_client, position):
    cursor = quote(b64encode(f"p={quote(position)}".encode()))
    answer = a_client(acme).get(f"/api/v1/parties?cursor={cursor}")
    assert answer.status_code == 404, answer.content


def test_the_schema_is_made_once_for_any_number_of_requests(acme):
    schema_view._rendered.cache_clear()
    queries = "?lang=en&format=json", "?lang=xx&version=2&format=json", "?lang=yy&x=3&format=json"
    first, *others = [Client().get(f"/api/schema{query}") for query in queries]
    assert first.status_code == 200
    assert first.json()["openapi"].startswith("3.")
    assert {answer.content for answer in others} == {first.content}
    assert schema_view._rendered.cache_info().misses == 1


def _scheme(number):
    return {"code": f"C{number}", "kind": "step", "steps": [{"from": "1", "percent_off": "0.01"}]}


@pytest.mark.parametrize(
    ("kind", "case"),
    [
        ("quote", {"schemes": [_scheme(i) for i in range(5000)], "lines": [{"sku": "S", "qty": 1}] * 5000}),
        ("quote", {"price_lists": [{"entries": [{"sku": "S", "price": "1"}] * 1000}] * 300}),
        (
            "quote",
            {"price_lists": [{"entries": [{}] * 5000}], "schemes": [{"gift_sku": "G"}] * 5000},
        ),
        ("quote", {"price_lists": [{}] * 5000, "buyer": {"region": ["44"] * 5000}}),
        ("rebate", {"program": {"tiers": [{}] * 5000}, "periods": [{}] * 5000}),
        ("stock", [{}] * 150_000),
    ],
)
def test_a_case_of_days_is_refused_before_any_rule_is_applied(
    acme, a_client, monkeypatch, settings, kind, case
):
    answered: list[str] = []

    def answer_nothing(kind, case):
        answered.append(kind)
        return {}

    monkeypatch.setattr(simulate, "answer", answer_nothing)
    monkeypatch.setattr(work_budget, "MAX_BODY_BYTES", 50 * 1024 * 1024)
    settings.WORK_STEPS_A_MINUTE = 0
    small = a_client(acme).post(f"/api/v1/simulations/{kind}", {}, format="json")
    assert (small.status_code, answered) == (200, [kind])
    answer = a_client(acme).post(f"/api/v1/simulations/{kind}", case, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "too_much")
    assert answered == [kind]


def test_the_largest_real_order_may_be_simulated(acme, a_client):
    skus = [f"S{i}" for i in range(2000)]
    case = {
        "on": "2026-01-01",
        "buyer": {"id": "B"},
        "price_lists": [
            {
                "code": "L",
                "audience": {"kind": "everyone"},
                "entries": [{"sku": s, "price": "1"} for s in skus],
            }
        ],
        "schemes": [_scheme(i) for i in range(20)],
        "lines": [{"sku": sku, "qty": 1} for sku in skus],
    }
    assert a_client(acme).post("/api/v1/simulations/quote", case, format="json").status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ('{"lines": [{"sku": "A\\u0000", "qty": 1}]}', 422, "lines[0].sku"),
        ('{"note": "\\ud800"}', 422, "note"),
        ('{"note": ' + "[" * 200 + "]" * 200 + "}", 422, "note" + "[0]" * 64),
        ("[" * 100_000, 400, None),
    ],
)
def test_a_body_of_the_api_names_the_path(acme, a_client, body, status, field):
    answer = a_client(acme).post(
        "/api/v1/quotes", body.encode("utf-8", "surrogatepass"), content_type="application/json"
    )
    assert (answer.status_code, answer.json().get("field")) == (status, field)
