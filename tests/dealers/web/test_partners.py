"""Partners, tiers and one's own standing on the screen."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from dealers.models import TierMonth
from tests.factories import a_party, a_tier
from tests.scene import LONG, MOST, Scene, rows_in, statements, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    return Scene(acme)


def a_card(party, month=date(2026, 5, 1), **values):
    dimensions = {"scale": {"value": "50", "weight": "0.3", "points": "15"}}
    return TierMonth.objects.create(
        **{
            "party": party,
            "month": month,
            "score": 60,
            "tier": a_tier("core", 80),
            "move": "stay",
            "reasons": {"dimensions": dimensions, "missing": ["growth"], "bar": "80"},
        }
        | values
    )


def test_a_dealer_sees_its_own_people_and_no_others(scene):
    def people(client, party):
        return [str(one.user) for one in client.get(reverse("party", args=[party.id])).context["people"]]

    assert people(scene.director, scene.trade.seller)
    assert people(scene.buyer, scene.trade.buyer)
    assert people(scene.buyer, scene.trade.seller) == []
    assert people(scene.as_("purchaser", scene.trade.buyer), scene.trade.buyer) == []


def test_a_dealer_sees_its_supplier_and_its_own_but_not_itself(scene):
    with scene.inside():
        member = a_party("member", parent=scene.trade.buyer)
    seen = {row.id for row in rows_in(scene.buyer.get(reverse("parties")))}
    assert seen == {scene.trade.seller.id, member.id}
    assert scene.buyer.get(reverse("party", args=[scene.stranger.id])).status_code == 404
    kinds = rows_in(scene.director.get(f"{reverse('parties')}?kind=member"))
    assert [row.id for row in kinds] == [member.id]


def test_a_partner_without_region_parent_and_tier_and_with_a_long_name(scene):
    with scene.inside():
        party = a_party(name=LONG[:200])
    for path in (reverse("party", args=[party.id]), reverse("parties")):
        assert LONG[:200] in scene.director.get(path).content.decode()


def test_a_scorecard_explains_itself_to_whom_it_is_about(scene):
    with scene.inside():
        card = a_card(scene.trade.buyer)
    for path in (reverse("scorecard", args=[card.id]), reverse("standing")):
        told = text_of(scene.buyer.get(path))
        assert "No data for: Growth" in told
        assert "20.00 below the bar (80)" in told
    assert scene.other.get(reverse("scorecard", args=[card.id])).status_code == 404
    assert scene.other.get(reverse("standing")).status_code == 200


def test_a_card_without_a_score_and_reasons_is_shown(scene):
    with scene.inside():
        card = a_card(scene.trade.buyer, score=None, move="low_confidence", reasons={})
    assert "With so little data" in text_of(scene.director.get(reverse("scorecard", args=[card.id])))


def test_the_review_shows_the_last_month_unless_another_is_asked_for(scene):
    with scene.inside():
        old = a_card(scene.trade.buyer, date(2026, 4, 1), move="warn")
        new = a_card(scene.trade.buyer, move="demote")
    tiers = reverse("tiers")
    assert [row.id for row in rows_in(scene.director.get(tiers))] == [new.id]
    assert [row.id for row in rows_in(scene.director.get(f"{tiers}?month=2026-04-01"))] == [old.id]
    assert rows_in(scene.director.get(f"{tiers}?move=promote")) == []
    assert rows_in(scene.other.get(tiers)) == []


def test_a_refusal_that_a_view_lets_through_is_a_page_in_the_frame(scene):
    page = scene.director.post(reverse("device-end", args=[scene.stranger.id]))
    assert page.status_code == 404
    assert "There is no such device." in text_of(page)


@pytest.mark.parametrize("name", ["parties", "tiers", "party", "standing"])
def test_the_pages_cost_the_same_however_many_rows(scene, name):
    client = scene.buyer if name == "standing" else scene.director
    path = reverse(name, args=[scene.trade.buyer.id] if name == "party" else [])

    def more(months):
        with scene.inside():
            for month in months:
                a_card(scene.trade.buyer, date(2026, month, 1))
                a_card(a_party("member", parent=scene.trade.buyer), date(2026, 9, 1))

    more((1, 2))
    few = statements(client, path)
    more((3, 4, 5, 6))
    assert statements(client, path) == few
    assert few <= MOST
