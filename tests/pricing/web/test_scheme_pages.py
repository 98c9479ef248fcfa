"""The page and form of a scheme: bundles, examples, conflicts, budgets, versions; the API beside them."""

import pytest
from django.urls import reverse

from pricing.models import Scheme, SchemeBudget
from tests.api_client import ApiClient
from tests.factories import a_scheme
from tests.scene import Scene, text_of
from tests.ui.web.test_edit_conflicts import filled

pytestmark = pytest.mark.django_db
BUNDLE = {"items": [{"sku": "A", "qty": 2}, {"sku": "B", "qty": 1}], "price": "15"}


@pytest.fixture
def scene(acme):
    return Scene(acme)


def test_a_bundle_with_budgets_is_drafted_without_json(scene):
    page = reverse("scheme-new")
    sent = filled(scene.director.get(page)) | {
        "code": "P",
        "kind": "bundle",
        "items": "A 2\nB × 1",
        "bundle_price": "15",
        "budget_units": "100",
        "buyer_money": "1,000",
        "audience_kind": "level",
        "audience_value": "Dealer (dealer)",
    }
    assert scene.director.post(page, sent).status_code == 302
    with scene.inside():
        made = Scheme.objects.get(code="P")
    assert (made.terms, made.budget_units, made.buyer_money) == (BUNDLE, 100, 1000)
    assert made.audience_value == "dealer"
    wrong = scene.director.post(page, sent | {"code": "Q", "items": "A"})
    assert wrong.status_code == 422


def test_the_form_shows_an_example_while_it_is_typed(scene):
    sent = {"kind": "bundle", "items": "A 2\nB 1", "bundle_price": "15"}
    shown = text_of(scene.director.post(reverse("scheme-example"), sent))
    assert "to pay 30.00" in shown
    assert "Example" not in text_of(scene.director.post(reverse("scheme-example"), sent | {"items": "A"}))


def test_conflicts_are_listed_and_acknowledged(scene):
    with scene.inside():
        a_scheme(scene.trade.seller, "special_price", {"skus": ["A"], "price": "1"}, code="RUNS")
        draft = a_scheme(scene.trade.seller, "bundle", BUNDLE, code="P", state="draft")
    page = scene.director.get(reverse("scheme", args=[draft.id]))
    assert "RUNS" in text_of(page)
    assert "2 buyers" in text_of(page)
    publish = reverse("scheme-action", args=[draft.id, "publish"])
    refused = scene.director.post(publish, follow=True)
    assert "It meets schemes in force: RUNS" in text_of(refused)
    confirmed = scene.director.post(publish, {"acknowledged": ["RUNS"]}, follow=True)
    assert "It meets schemes in force: RUNS" not in text_of(confirmed)


def test_a_running_scheme_shows_its_use_to_its_seller(scene):
    with scene.inside():
        row = a_scheme(scene.trade.seller, "bundle", BUNDLE, code="P", budget_units=10, buyer_units=5)
        SchemeBudget.objects.create(scheme=row)
    scene.order(lambda trade: trade.place(("A", 4), ("B", 2)))
    page = reverse("scheme", args=[row.id])
    assert "2 / 10" in text_of(scene.director.get(page))
    assert "2 / 5" in text_of(scene.buyer.get(page))
    assert "2 / 10" not in text_of(scene.buyer.get(page))


def test_a_new_version_is_drafted_once(scene):
    with scene.inside():
        row = a_scheme(scene.trade.seller, "bundle", BUNDLE, code="P")
    action = reverse("scheme-action", args=[row.id, "version"])
    scene.director.post(action)
    with scene.inside():
        assert list(Scheme.objects.order_by("version").values_list("version", "state")) == [
            (1, "published"),
            (2, "draft"),
        ]


def test_the_api_drafts_changes_and_publishes(scene):
    with scene.inside():
        api = ApiClient(scene.tenant, scene.trade.seller, "director")
    made = api.post("schemes", {"code": "P", "kind": "bundle", "terms": BUNDLE, "budget_units": 7})
    assert made.status_code == 201, made.content
    path = f"schemes/{made.json()['id']}"
    assert api.get(path).json()["terms"] == BUNDLE
    assert api.post("schemes", {"code": "Q", "kind": "bundle", "terms": {}}).status_code == 422
    assert (
        api.post(f"{path}/publish", {}).status_code == 403
    )  # a key that nobody issued asks no second person
