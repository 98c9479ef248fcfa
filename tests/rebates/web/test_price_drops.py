"""Price-drop claims on the screen and in the API: who sees, replies, decides; policy; to-dos; isolation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from rebates.models import PriceDropClaim, PriceProtectionPolicy
from rebates.notifications.price_drops import computed as tell_computed
from rebates.notifications.price_drops import decided as tell_decided
from rebates.notifications.price_drops import replied as tell_replied
from tests.api_client import ApiClient
from tests.rebates.price_drops import MAY, a_lower_list, a_policy, computed, received, sold_down_to
from tests.scene import Scene, text_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _nobody_is_nudged(monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)
    monkeypatch.setattr("jobs.operations.outbox._nudge", lambda *ids: None)


@pytest.fixture
def scene(acme):
    scene = Scene(acme, prices={"A": "100.00"}, on_hand=100_000)
    with scene.inside():
        trade = scene.trade
        trade.buyer.tracks_stock = True
        trade.buyer.save()
        a_policy(trade.seller, lookback_days=3650)
        received(trade, 20, MAY)
        sold_down_to(trade, 12, MAY + timedelta(days=1))
        (scene.claim,) = computed(a_lower_list(trade, {trade.products[0]: "92.00"}, code="LOW"), NOW)
    return scene


def page_of(scene):
    return reverse("price-drop-claim", args=[scene.claim.id])


def now(scene):
    with scene.inside():
        return PriceDropClaim.objects.get(id=scene.claim.id)


def test_the_list_and_the_page_show_both_sides_the_receipts(scene):
    for browser in (scene.director, scene.buyer):
        listed = browser.get(
            reverse("price-drop-claims"), {"state": "waiting", "question": "false", "q": "LOW"}
        )
        assert "96.00" in text_of(listed)
        page = text_of(browser.get(page_of(scene)))
        assert "100.0000" in page
        assert "eligible" in page
    assert scene.other.get(page_of(scene)).status_code == 404
    assert "96.00" not in text_of(scene.other.get(reverse("price-drop-claims"), {"question": "true"}))


def test_the_partner_accepts_and_the_seller_refuses(scene):
    assert scene.buyer.post(f"{page_of(scene)}/approve", {}).status_code in (302, 404, 403)
    assert scene.buyer.post(f"{page_of(scene)}/reply", {"reply": "accepted"}).status_code == 302
    assert now(scene).reply == "accepted"
    assert (
        scene.buyer.post(f"{page_of(scene)}/reply", {"reply": "disputed", "reason": "x"}).status_code == 409
    )
    assert "Approve" in text_of(scene.director.get(page_of(scene)))
    assert scene.director.post(f"{page_of(scene)}/refuse", {"reason": "sold"}).status_code == 302
    assert now(scene).state == "refused"
    assert "refused" in text_of(scene.buyer.get(page_of(scene)))


def test_stated_stock_that_cannot_be_read_or_has_no_document_keeps_what_was_typed(scene):
    path = f"{page_of(scene)}/reply"
    wrong = scene.buyer.post(path, {"reply": "corrected", "stock-A": "many", "reason": "recount"})
    assert (wrong.status_code, "recount" in text_of(wrong)) == (422, True)
    wrong = scene.buyer.post(path, {"reply": "corrected", "stock-A": "1,5"})
    assert wrong.status_code == 422
    without = scene.buyer.post(path, {"reply": "corrected", "stock-A": "15", "reason": "recount"})
    assert without.status_code == 409
    sheet = SimpleUploadedFile("sheet.pdf", b"%PDF-1.4 sheet %%EOF", "application/pdf")
    sent = scene.buyer.post(
        path, {"reply": "corrected", "stock-A": "25", "reason": "recount", "documents": sheet}
    )
    assert sent.status_code == 302
    assert (now(scene).unmatched, str(now(scene).amount)) == (5, "160.00")
    page = scene.director.get(page_of(scene))
    assert "sheet.pdf" in text_of(page)
    with scene.inside():
        document = reverse("price-drop-document", args=[now(scene).documents.get().id])
    assert scene.director.get(document).content == b"%PDF-1.4 sheet %%EOF"
    assert scene.other.get(document).status_code == 404
    assert scene.director.post(f"{page_of(scene)}/explanation", {"answer": "elsewhere"}).status_code == 302
    assert now(scene).answer == "elsewhere"


def test_a_claim_waits_on_the_homes_of_both_sides(scene):
    assert "price-drop claim to reply to" in text_of(scene.buyer.get("/"))
    scene.buyer.post(f"{page_of(scene)}/reply", {"reply": "accepted"})
    assert "price-drop claim to reply to" not in text_of(scene.buyer.get("/"))
    assert "price-drop claim to decide" in text_of(scene.director.get("/"))


def test_the_policy_is_set_on_its_page(scene):
    path = reverse("price-protection")
    assert "60" in text_of(scene.buyer.get(path)) or scene.buyer.get(path).status_code == 200
    given = {
        "is_active": "on",
        "lookback_days": "45",
        "share": "80",
        "cap": "1,000.00",
        "reply_days": "5",
        "min_amount": "0",
    }
    assert scene.director.post(path, given | {"share": "180"}).status_code == 422
    assert scene.director.post(path, given).status_code == 302
    with scene.inside():
        stored = PriceProtectionPolicy.objects.get()
    assert (stored.lookback_days, str(stored.share), str(stored.cap)) == (45, "0.8000", "1000.00")
    assert scene.as_("warehouse").get(path).status_code in (302, 403)


def test_the_api_lists_replies_and_decides(scene):
    buyer = ApiClient(scene.tenant, scene.trade.buyer, "owner")
    seller = ApiClient(scene.tenant, scene.trade.seller, "director")
    stranger = ApiClient(scene.tenant, scene.stranger, "owner")
    path = f"price-drop-claims/{scene.claim.id}"
    (listed,) = buyer.get("price-drop-claims", {"state": "waiting"}).json()["results"]
    assert (listed["price_list"], listed["amount"]) == ("LOW", "96.00")
    (line,) = seller.get(path).json()["lines"]
    assert (line["sku"], line["layers"][0]["qty"]) == ("A", 12)
    assert stranger.get(path).status_code == 404
    assert stranger.get("price-drop-claims").json()["results"] == []
    assert stranger.post(f"{path}/reply", {"reply": "accepted"}).status_code in (403, 404)
    assert buyer.post(f"{path}/reply", {"reply": "silent"}).status_code in (400, 409, 422)
    stocks = [{"sku": "A", "on_hand": 15}]
    refused = buyer.post(f"{path}/reply", {"reply": "corrected", "stocks": stocks, "reason": "x"})
    assert refused.json()["field"] == "documents"
    replied = buyer.post(f"{path}/reply", {"reply": "disputed", "reason": "more in transit"})
    assert (replied.status_code, replied.json()["state"]) == (201, "replied")
    decided = seller.post(f"{path}/decision", {"approves": False, "reason": "no"})
    assert (decided.status_code, decided.json()["state"]) == (201, "refused")


def test_people_are_notified(scene):
    def texts():
        return set(Message.objects.values_list("topic", flat=True))

    scene.director.get("/")
    scene.buyer.get("/")
    with scene.inside():
        tell_computed({"drop_id": str(scene.claim.drop_id)}, NOW)
        assert texts() == {"rebates.price_drop_computed", "rebates.price_drop_claim"}
        PriceDropClaim.objects.update(state="replied", reply="silent")
        tell_replied({"claim_id": str(scene.claim.id)}, NOW)
        tell_decided({"claim_id": str(scene.claim.id)}, NOW)
        PriceDropClaim.objects.update(state="nothing")
        tell_computed({"drop_id": str(scene.claim.drop_id)}, NOW)
        assert texts() >= {"rebates.price_drop_replied", "rebates.price_drop_decided"}
