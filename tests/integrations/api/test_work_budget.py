"""Computing has a price: a budget of steps a minute for each key or person, one computation at a time."""

import json
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from accounts import work_budget
from simulations.operations import simulate
from tests.people import a_member_of, signed_in

pytestmark = pytest.mark.django_db
CASE = {"baseline": "100", "actual": "150", "mode": "full", "bands": [{"from": "1", "rate": "0.1"}]}
ADDRESSES = {
    "simulation": ("/api/v1/simulations/growth", CASE),
    "quote": ("/api/v1/quotes", {"lines": [{"sku": "S", "qty": 1}] * 10}),
}


@pytest.fixture
def spent(settings):
    settings.WORK_STEPS_A_MINUTE = 60


def _is_throttled(answer, at_most=60):
    assert answer.status_code == 429, answer.content
    assert 1 <= int(answer.headers["Retry-After"]) <= at_most


@pytest.mark.parametrize(("path", "body"), ADDRESSES.values(), ids=ADDRESSES)
def test_a_key_that_has_spent_its_budget_waits_and_another_goes_on(acme, a_client, spent, path, body):
    eager, calm = a_client(acme), a_client(acme)
    for _ in range(3):
        answer = eager.post(path, body, format="json")
    _is_throttled(answer)
    assert answer.json()["code"] == "throttled"
    assert calm.post("/api/v1/simulations/growth", CASE, format="json").status_code == 200


def test_prices_cost_too(acme, a_client, spent):
    client = a_client(acme)
    answers = [client.get("/api/v1/prices?sku=S") for _ in range(3)]
    _is_throttled(answers[-1])


@pytest.mark.parametrize("field", ["by_fields", "by_json"])
def test_a_person_who_has_spent_it_sees_so_on_the_form(acme, spent, field):
    client = signed_in(a_member_of(acme))
    for _ in range(3):
        answer = client.post("/what-if/growth", {field: "1", "as_json": json.dumps(CASE), "baseline": "7"})
    _is_throttled(answer)
    assert 'role="alert"' in answer.content.decode()
    assert 'value="7"' in answer.content.decode(), "what was typed stays"


def test_the_page_of_prices_costs_too(acme, spent):
    client = signed_in(a_member_of(acme))
    answers = [client.post("/quote", {"lines": "S 1\nT 1"}) for _ in range(3)]
    _is_throttled(answers[-1])


def test_one_computation_at_a_time(acme, a_client):
    """Another connection holds the key's turn, as a request that is still computing."""
    client = a_client(acme)
    name = f"work-of-key:{client.key.id}"

    def hold():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
            held.append(cursor.fetchone()[0])
            begun.set()
            ended.wait(20)
        connection.close()

    held: list[bool] = []
    begun, ended = Event(), Event()
    thread = Thread(target=hold)
    thread.start()
    begun.wait(20)
    try:
        answers = [client.post("/api/v1/simulations/growth", CASE, format="json")]
    finally:
        ended.set()
        thread.join()
    assert held == [True]
    _is_throttled(answers[0], at_most=1)
    assert client.post("/api/v1/simulations/growth", CASE, format="json").status_code == 200


def test_a_long_body_is_refused_before_it_is_read(acme, a_client, monkeypatch):
    monkeypatch.setattr(work_budget, "MAX_BODY_BYTES", 100)
    answer = a_client(acme).post("/api/v1/simulations/growth", {"a": "x" * 200}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_every_value_of_a_case_costs_a_step():
    nested = {"schemes": [{"skus": ["S"] * 1000}] * 10}
    assert simulate.work_of(nested) > 10_000
    with pytest.raises(simulate.TooMuchWork):
        simulate.work_of({"schemes": [{"skus": ["S"] * 20_000}] * 6})
