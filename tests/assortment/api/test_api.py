import pytest

from catalogue.models import Product
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_category, a_channel, a_manufacturer, a_party, a_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(in_acme, acme):
    return ApiClient(acme, a_manufacturer(), "director")


@pytest.fixture
def dealer(director, acme):
    return ApiClient(acme, a_party(code="D1"), "owner")


def test_a_product_is_created_changed_and_moved(director):
    a_category("soy")
    body = {
        "sku": "N1",
        "name": "新生抽",
        "category": "soy",
        "units": [{"name": "箱", "factor": 12}],
        "barcodes": [{"code": "16901234567899", "unit": "箱"}],
    }
    made = director.post("products", body)
    assert (made.status_code, made.json()["stage"]) == (201, "development")
    here = f"products/{made.json()['id']}"
    headers = {**director.headers, "Idempotency-Key": "patch"}
    changed = director.client.patch(
        f"/api/v1/{here}", {"name": "更新"}, content_type="application/json", headers=headers
    )
    assert (changed.json()["name"], changed.json()["units"][0]["factor"]) == ("更新", 12)
    assert director.post("products", body).status_code == 409
    wrong = director.post("products", body | {"sku": "N2", "barcodes": [{"code": "6901234567890"}]})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "barcodes[0].code")
    assert director.post(f"{here}/stage", {"stage": "ending", "reason": "x"}).status_code == 409
    assert director.post(f"{here}/stage", {"stage": "active"}).json()["stage"] == "active"


def test_a_dealer_writes_no_product(dealer):
    assert dealer.post("products", {"sku": "N1", "name": "x"}).status_code == 403


def test_a_portfolio_is_created_and_replaced(director):
    a_product("A-1")
    a_channel("hotel")
    body = {"code": "H", "name": "h", "channels": ["hotel"], "skus": ["A-1"]}
    made = director.post("portfolios", body)
    assert (made.status_code, made.json()["skus"], made.json()["channels"]) == (201, ["A-1"], ["hotel"])
    headers = {**director.headers, "Idempotency-Key": "put"}
    put = director.client.put(
        f"/api/v1/portfolios/{made.json()['id']}",
        body | {"skus": []},
        content_type="application/json",
        headers=headers,
    )
    assert put.json()["skus"] == []
    assert director.post("portfolios", body | {"code": "I", "skus": ["none"]}).status_code == 422
    assert len(director.get("portfolios").json()["results"]) == 1


def test_a_trial_is_opened_answered_and_decided(acme, director, dealer):
    a_product("N1", stage="development")
    a_party(code="D2")
    body = {
        "sku": "N1",
        "purpose": "?",
        "starts_on": "2026-01-01",
        "until": "2026-02-01",
        "parties": [{"code": "D1", "qty": 24}, {"code": "D2"}],
    }
    made = director.post("trials", body)
    assert (made.status_code, len(made.json()["parties"])) == (201, 2)
    here = f"trials/{made.json()['id']}"
    scores = {"quality": 5, "packaging": 4, "price": 3, "demand": 4}
    assert dealer.post(f"{here}/answer", scores | {"price": 9}).status_code == 400
    answered = dealer.post(f"{here}/answer", scores)
    assert [one["party"] for one in answered.json()["parties"]] == ["D1"]
    assert director.post(f"{here}/verdict", {"verdict": "extend", "reason": "x"}).status_code == 422
    assert director.post(f"{here}/verdict", {"verdict": "launch", "reason": "x"}).status_code == 200
    with tenant_active(acme):
        assert Product.objects.get().stage == "active"
    assert dealer.get("trials").json()["results"][0]["verdict"] == "launch"


def test_an_idea_is_submitted_voted_for_and_answered(director, dealer):
    made = dealer.post("ideas", {"title": "小瓶", "text": "外卖"})
    here = f"ideas/{made.json()['id']}"
    assert (made.status_code, made.json()["votes"]) == (201, 1)
    assert dealer.post(f"{here}/vote", {"wanted": False}).json()["votes"] == 0
    assert dealer.post(f"{here}/answer", {"answer": "x"}).status_code == 403
    taken = director.post(f"{here}/answer", {"answer": "好", "sku": "N9", "name": "小瓶"})
    assert (taken.json()["state"], taken.json()["product"]) == ("taken_up", "N9")
    assert director.get(here).status_code == 200
