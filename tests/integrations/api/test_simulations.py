import json
from pathlib import Path

import pytest

from simulations.operations.simulate import KINDS

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parents[2] / "golden"


def _post(client, kind, case):
    return client.post(f"/api/v1/simulations/{kind}", json.dumps(case), content_type="application/json")


@pytest.mark.parametrize("kind", KINDS)
def test_the_golden_cases_are_answered(acme, a_client, kind):
    examples = json.loads((GOLDEN / f"{kind}.json").read_text("utf-8"))
    answer = _post(a_client(acme), kind, [one["case"] for one in examples])
    for example, told in zip(examples, answer.json(), strict=True):
        assert _within(example["answer"], told), example["name"]


def _within(wanted, told) -> bool:
    if isinstance(wanted, dict):
        return all(key in told and _within(value, told[key]) for key, value in wanted.items())
    if isinstance(wanted, list):
        return len(wanted) == len(told) and all(map(_within, wanted, told))
    return wanted == told


def test_a_case_that_makes_no_sense_is_a_problem_with_its_error(acme, a_client):
    answer = _post(a_client(acme), "rebate", {"program": {"method": "retroactive", "tiers": []}})
    body = answer.json()
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"error", "field", "message", "type", "title", "status", "detail"} <= body.keys()


def test_in_a_list_only_that_case_is_an_error(acme, a_client):
    good = {
        "program": {"method": "retroactive", "tiers": [{"from": 0, "rate": "0.1"}]},
        "periods": [{"base": 10}],
    }
    answer = _post(a_client(acme), "rebate", [good, {"nonsense": 1}, good])
    told = answer.json()
    assert answer.status_code == 422
    assert told[0] == told[2]
    assert told[0]["earned"] == "1.00"
    assert "error" in told[1]


def test_a_key_that_is_there_twice_is_refused_as_on_the_command_line(acme, a_client):
    case = '{"on_hand": 5, "on_hand": 6, "safety": 0, "quarantine": 0, "hard": 0, "soft": 0}'
    answer = a_client(acme).post("/api/v1/simulations/stock", f"[{case}]", content_type="application/json")
    assert answer.status_code == 422
    assert (answer.json()[0]["error"], answer.json()[0]["field"]) == ("duplicate_key", "on_hand")


def test_a_float_is_refused(acme, a_client):
    tiers = [{"from": 0, "rate": "0.1"}]
    case = {"program": {"method": "retroactive", "tiers": tiers}, "periods": [{"base": 10.5}]}
    assert _post(a_client(acme), "rebate", case).status_code == 422


def test_an_unknown_kind_is_404(acme, a_client):
    assert _post(a_client(acme), "horoscope", {}).status_code == 404


def test_it_wants_the_right_and_no_idempotency_key(acme, a_client):
    assert _post(a_client(acme, scopes=["order.view"]), "rebate", []).status_code == 403
    assert _post(a_client(acme, scopes=["simulate"]), "rebate", []).status_code == 200
