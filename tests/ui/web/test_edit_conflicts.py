"""Two people edit one price list, one scheme: both are shown, and nobody's work is overwritten."""

import pytest
from django.urls import reverse

from pricing.models import PriceEntry, PriceList, Scheme
from tests.factories import a_price_list, a_scheme
from tests.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    return Scene(acme)


def filled(page):
    """What a browser would send of the form as it was served."""
    form = page.context["form"]
    values = {one.name: one.value() for one in form if one.value() is not None}
    typed = {name: value if isinstance(value, list) else str(value) for name, value in values.items()}
    return typed | {"version": page.context["version"]}


def a_draft(scene, noun):
    with scene.inside():
        if noun == "scheme":
            return a_scheme(scene.trade.seller, "special_price", {"price": "4"}, state="draft", name="both")
        return a_price_list(scene.trade.seller, {scene.trade.products[0]: 4}, state="draft", name="both")


@pytest.mark.parametrize("noun", ["price-list", "scheme"])
def test_the_second_sees_both_and_the_first_is_kept(scene, noun):
    row = a_draft(scene, noun)
    edit = reverse(f"{noun}-edit", args=[row.id])
    mine = filled(scene.director.get(edit))
    theirs = filled(scene.as_("director").get(edit))
    assert scene.director.post(edit, theirs | {"name": "what they saved"}).status_code == 302
    page = scene.director.post(edit, mine | {"name": "what I typed", "priority": "7"})
    shown = page.content.decode()
    assert page.status_code == 409
    assert "what they saved" in shown
    assert "what I typed" in shown
    told = {one.label: (one.stored, one.typed) for one in page.context["meanwhile"].details["differences"]}
    assert ("what they saved", "what I typed") in told.values()
    assert ("0", "7") in told.values()
    with scene.inside():
        row.refresh_from_db()
    assert (row.name, row.priority) == ("what they saved", 0)


@pytest.mark.parametrize("noun", ["price-list", "scheme"])
def test_having_seen_both_the_next_save_is_a_knowing_one(scene, noun):
    row = a_draft(scene, noun)
    edit = reverse(f"{noun}-edit", args=[row.id])
    mine = filled(scene.director.get(edit))
    scene.director.post(edit, mine | {"name": "what they saved"})
    page = scene.director.post(edit, mine | {"name": "what I typed"})
    again = mine | {"name": "what I typed", "version": page.context["version"]}
    assert scene.director.post(edit, again).status_code == 302
    with scene.inside():
        row.refresh_from_db()
    assert row.name == "what I typed"


def test_prices_set_meanwhile_count_as_a_change(scene):
    row = a_draft(scene, "price-list")
    edit = reverse("price-list-edit", args=[row.id])
    mine = filled(scene.director.get(edit))
    with scene.inside():
        PriceEntry.objects.filter(price_list=row).update(price=9)
    assert scene.director.post(edit, mine).status_code == 409
    with scene.inside():
        assert [float(one.price) for one in PriceEntry.objects.filter(price_list=row)] == [9]


@pytest.mark.parametrize(("noun", "model"), [("price-list", PriceList), ("scheme", Scheme)])
def test_a_form_that_never_saw_the_draft_overwrites_nothing(scene, noun, model):
    row = a_draft(scene, noun)
    edit = reverse(f"{noun}-edit", args=[row.id])
    sent = filled(scene.director.get(edit)) | {"name": "blind"}
    del sent["version"]
    assert scene.director.post(edit, sent).status_code == 409
    with scene.inside():
        assert model.objects.get(id=row.id).name == "both"
