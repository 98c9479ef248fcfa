"""The page of a dry run: try, look, correct, publish with a reason; a dealer is advised."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rights import the_system
from alliance.models import SpreadTerm
from jobs.models import Job
from kernel.periods import months_after
from pricing.models import DryRun, PriceEntry, PriceList
from tests.approving import approve_on_screen
from tests.factories import a_contract, a_party, a_price_list, a_product, in_force
from tests.pricing.dry_running import tried
from tests.scene import Scene, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    return Scene(acme)


@pytest.fixture
def draft(scene):
    """A list for members that leaves 0.03 of a guaranteed spread of 2.358."""
    with scene.inside():
        soy = a_product("DRY")
        member = a_party("member", parent=scene.trade.buyer)
        today = timezone.localdate()
        contract = a_contract(
            scene.trade.buyer,
            member,
            starts_on=today,
            until=months_after(today, 12),
            state="draft",
        )
        SpreadTerm.objects.create(
            contract=contract, product=soy, clause="3.2", guaranteed="2.358", advised_resale="10"
        )
        in_force(contract)
        return a_price_list(scene.trade.seller, {soy: "9.97"}, audience=("level", "member"), state="draft")


def page_of(row, what=""):
    return reverse(f"dry-run{what}", args=[row.id])


def try_(scene, row):
    with scene.inside():
        return tried(row.id, by=the_system(), at=timezone.now())


def test_a_breaking_list_is_refused_and_then_published_with_a_reason(scene, draft):
    page = scene.director.get(page_of(draft))
    assert "Publishing needs a dry run" in text_of(page)
    assert scene.director.post(page_of(draft)).url == page_of(draft)
    with scene.inside():
        assert Job.objects.get(id=DryRun.objects.get().job_id).kind == "pricing.dry_run"
    assert "Show the progress" in text_of(scene.director.get(page_of(draft)))
    try_(scene, draft)
    page = text_of(scene.director.get(page_of(draft)))
    assert "Not to be published like this" in page
    assert "/3.2" in page
    refused = scene.director.post(page_of(draft, "-publish"))
    assert refused.status_code == 422
    assert "With this list 1 contract loses its guaranteed spread" in text_of(refused)
    finance = scene.as_("finance")
    assert scene.director.post(page_of(draft, "-publish"), {"reason": "by agreement"}).status_code == 302
    approve_on_screen(finance, scene.tenant)
    with scene.inside():
        assert PriceList.objects.get(id=draft.id).state == "published"
    assert "by agreement" in text_of(finance.get(page_of(draft)))


def test_a_breaking_row_is_corrected_by_the_guarantee(scene, draft):
    try_(scene, draft)
    assert scene.director.post(page_of(draft, "-correct")).status_code == 302
    with scene.inside():
        assert str(PriceEntry.objects.get(price_list=draft).price) == "7.6420"
        assert DryRun.objects.count() == 2
    run = try_(scene, draft)
    assert run.breaking == 0
    scene.director.post(page_of(draft, "-correct"))
    page = scene.director.get(page_of(draft))
    assert "No row of this draft can be corrected" in text_of(page)
    assert "No promise is broken" in text_of(page)


def test_the_findings_are_a_list_of_those_who_may_see_them(scene, draft):
    try_(scene, draft)
    page = text_of(scene.director.get(f"{page_of(draft, '-findings')}?kind=spread"))
    assert "/3.2: 0.03 is left of a guaranteed spread of 2.358" in page
    for stranger in (scene.buyer, scene.other):
        for name in ("", "-findings"):
            assert stranger.get(page_of(draft, name)).status_code in {403, 404}
        for name in ("", "-publish", "-correct"):
            assert stranger.post(page_of(draft, name)).status_code in {403, 404}


def test_a_dealer_is_advised_and_publishes(scene):
    with scene.inside():
        soy = a_product("OWN")
        a_price_list(scene.trade.seller, {soy: "6"})
        draft = a_price_list(scene.trade.buyer, {soy: "0.01"}, audience=("level", "member"), state="draft")
    try_(scene, draft)
    page = text_of(scene.buyer.get(page_of(draft)))
    assert "Advice: look at this before you publish" in page
    assert "Nobody else sees them" in page
    assert scene.director.get(page_of(draft)).status_code == 404
    assert scene.buyer.post(page_of(draft, "-publish")).status_code == 302
    with scene.inside():
        assert PriceList.objects.get(id=draft.id).state == "published"


def test_a_changed_draft_says_that_it_is_run_again(scene, draft):
    try_(scene, draft)
    with scene.inside():
        PriceEntry.objects.filter(price_list=draft).update(price="5")
    assert "run it again" in text_of(scene.director.get(page_of(draft)))
    assert scene.director.post(page_of(draft, "-publish")).status_code == 422
