"""Price limits on the screen, and which price lists and schemes a buyer sees."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dealers.models import Channel, PartyTag, Tag, Tier
from pricing.models import Limit, PriceList
from tenancy.context import tenant_active
from tests.factories import a_contract, a_manufacturer, a_party, an_actor
from tests.scene import Scene, rows_in, text_of

pytestmark = pytest.mark.django_db
LIMITS, NEW = reverse("limits"), reverse("limit-new")


@pytest.fixture
def scene(acme):
    return Scene(acme)


def typed(**changed):
    return {"product": "A", "clause": "§ 1", "floor": "9.50", "action": "review"} | changed


def limits(scene):
    with scene.inside():
        return list(Limit.objects.order_by("id"))


def test_a_dealer_adds_changes_and_ends_a_limit_of_its_own_prices(scene):
    scene.buyer.post(NEW, typed(floor="1,200.50"))
    (limit,) = limits(scene)
    assert (limit.seller_id, float(limit.floor), limit.action) == (scene.trade.buyer.id, 1200.5, "review")
    url = reverse("limit", args=[limit.id])
    page = scene.buyer.get(url)
    change = typed(floor="8", action="block", version=page.context["version"])
    assert scene.buyer.post(url, change).status_code == 302
    assert [(float(one.floor), one.action) for one in limits(scene)] == [(8, "block")]
    assert scene.buyer.post(url, change | {"floor": "7"}).status_code == 200
    assert float(limits(scene)[0].floor) == 8
    scene.buyer.post(reverse("limit-end", args=[limit.id]))
    assert limits(scene)[0].until == timezone.localdate()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"product": "NONE"}, "No single product has this SKU, barcode or name"),
        ({"region": "NOWHERE"}, "No single region has this name or code"),
        ({"floor": "1,5"}, "more than one meaning"),
        ({"floor": "", "ceiling": ""}, "a floor, a ceiling or both"),
        ({"ceiling": "2"}, "The ceiling is below the floor"),
        ({"contract": "HT-NONE"}, "There is no such contract"),
    ],
)
def test_a_wrong_limit_is_refused_with_its_reason(scene, changed, message):
    page = scene.buyer.post(NEW, typed(**changed))
    assert page.status_code == 422
    assert message in text_of(page)
    assert limits(scene) == []


def test_limits_are_those_of_the_own_sales(scene):
    scene.buyer.post(NEW, typed())
    (limit,) = limits(scene)
    assert rows_in(scene.other.get(LIMITS)) == []
    assert scene.other.get(reverse("limit", args=[limit.id])).status_code == 404
    assert scene.director.get(reverse("limit", args=[limit.id])).status_code == 404
    assert scene.as_("purchaser", scene.trade.buyer).get(LIMITS).status_code == 403


def codes(page):
    return {row.code for row in rows_in(page)}


def published(seller, code, audience, **values):
    kind, value = audience
    given = {"state": "published", "audience_kind": kind, "audience_value": value} | values
    PriceList.objects.create(seller=seller, code=code, **given)


def test_a_buyer_sees_the_lists_at_which_it_buys_today(scene):
    today, day = timezone.localdate(), timedelta(days=1)
    with scene.inside():
        seller, buyer = scene.trade.seller, scene.trade.buyer
        PriceList.objects.update(state="withdrawn")
        member = a_party("member", parent=buyer, code="MM")
        published(seller, "OURS", ("party", buyer.code))
        published(seller, "LEVEL", ("level", "dealer"))
        published(seller, "LATER", ("level", "dealer"), starts_on=today + day)
        published(seller, "OVER", ("level", "dealer"), starts_on=today - 9 * day, until=today)
        published(seller, "DRAFT", ("level", "dealer"), state="draft")
        published(seller, "THEIRS", ("party", scene.stranger.code))
        published(seller, "ALL", ("everyone", ""))
        published(buyer, "MEMBERS", ("level", "member"))
        published(buyer, "MINE", ("party", "MM"), state="draft")
    lists = reverse("price-lists")
    assert codes(scene.buyer.get(lists)) == {"OURS", "LEVEL", "ALL", "MEMBERS", "MINE"}
    assert codes(scene.buyer.get(lists + "?side=selling")) == {"MEMBERS", "MINE"}
    assert codes(scene.buyer.get(lists + "?side=buying")) == {"OURS", "LEVEL", "ALL"}
    assert codes(scene.other.get(lists)) == {"THEIRS", "LEVEL", "ALL"}
    assert codes(scene.as_("owner", member).get(lists)) == {"MEMBERS"}
    assert scene.as_("warehouse", buyer).get(lists).status_code == 403
    with scene.inside():
        ours = PriceList.objects.get(code="OURS").id
    assert "Next version" not in text_of(scene.buyer.get(reverse("price-list", args=[ours])))
    assert scene.buyer.post(reverse("price-list-action", args=[ours, "withdraw"])).status_code == 403


@pytest.mark.parametrize(
    ("kind", "ours", "theirs"),
    [
        ("tier", "core", "key"),
        ("tag", "NEW", "OLD"),
        ("channel", "CAT", "SUP"),
        ("region", "4413", "4401"),
        ("contract", "C-1", "C-2"),
    ],
)
def test_each_kind_of_audience_includes_whom_it_names(acme, kind, ours, theirs):
    with tenant_active(acme):
        dealer = a_party("dealer", parent=a_manufacturer())
        channel = Channel.objects.create(code="CAT", name="餐饮")
        tier = Tier.objects.create(code="core", name="核心", from_score=0)
        member = a_party("member", parent=dealer, channel=channel, tier=tier, region_id="441302")
        PartyTag.objects.create(party=member, tag=Tag.objects.create(code="NEW", name="新"))
        a_contract(dealer, member, code="C-1")
        a_contract(dealer, a_party("member", parent=dealer), code="C-2")
        published(dealer, "OURS", (kind, ours))
        published(dealer, "THEIRS", (kind, theirs))
        seen = PriceList.objects.visible_to(an_actor(member, "owner"))
        assert list(seen.values_list("code", flat=True)) == ["OURS"]
