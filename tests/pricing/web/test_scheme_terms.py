"""The form of a scheme knows every term that the rules know, of each kind."""

import json
from dataclasses import MISSING, fields, is_dataclass

import pytest
from django.urls import reverse

from pricing.domain.free_goods import MODES
from pricing.domain.schemes import KINDS
from pricing.models import Scheme
from pricing.queries.published_terms import StoredScheme, scheme_of
from pricing.web.scheme_terms import MODE_NAMES
from tests.factories import a_scheme
from tests.scene import Scene
from tests.ui.web.test_edit_conflicts import filled

pytestmark = pytest.mark.django_db
STEPS = [{"from": "10", "percent_off": "0.02"}, {"from": "20", "amount_off": "700"}]
EVERY = {
    "special_price": {"skus": ["A"], "price": "4.2"},
    "bundle": {"items": [{"sku": "A", "qty": 2}, {"sku": "B", "qty": 1}], "price": "30"},
    "step": {"skus": ["A"], "steps": STEPS, "measure": "quantity"},
    "order_amount": {"skus": ["A"], "steps": STEPS, "measure": "quantity"},
    "free_goods": {"skus": ["A"], "buy": 8, "free": 2, "mode": "proportional", "cap": 6, "gift_sku": "B"},
}
# What no order can ask for: the free ones come on top of those that are paid.
NOT_ASKED = {"inclusive"}
OWN_FIELDS = {"code", "audience", "period", "priority", "group", "allowance"}


@pytest.fixture
def scene(acme):
    return Scene(acme)


def left_at_default(thing):
    """The fields of a scheme of the domain, and of the rule within, that an example does not set."""
    found = set()
    for field in fields(thing):
        value = getattr(thing, field.name)
        if is_dataclass(value) and field.name == "rule":
            found |= left_at_default(value)
        elif field.default is not MISSING and value == field.default:
            found.add(field.name)
    return found


def test_the_examples_set_every_term_that_the_domain_knows():
    assert set(EVERY) == set(KINDS) == set(Scheme.Kind.values)
    for kind, terms in EVERY.items():
        read = scheme_of(StoredScheme(code="x", kind=kind, terms=json.dumps(terms)))
        assert left_at_default(read) - NOT_ASKED - OWN_FIELDS == set(), kind


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_draft_says_comes_through_the_form_unchanged(scene, kind):
    with scene.inside():
        row = a_scheme(scene.trade.seller, kind, EVERY[kind], state="draft")
    edit = reverse("scheme-edit", args=[row.id])
    sent = filled(scene.director.get(edit))
    assert scene.director.post(edit, sent | {"name": "renamed"}).status_code == 302
    with scene.inside():
        row.refresh_from_db()
    assert (row.name, row.terms) == ("renamed", EVERY[kind])


def test_each_way_to_count_free_goods_can_be_chosen_and_is_said(scene):
    assert {mode for mode, _name in MODE_NAMES} == set(MODES)
    for mode in MODES:
        with scene.inside():
            row = a_scheme(scene.trade.seller, "free_goods", EVERY["free_goods"], code=mode, state="draft")
        edit = reverse("scheme-edit", args=[row.id])
        sent = filled(scene.director.get(edit)) | {"mode": mode}
        page = scene.director.post(edit, sent, follow=True)
        with scene.inside():
            row.refresh_from_db()
        assert row.terms["mode"] == mode
        assert (str(dict(MODE_NAMES)[mode]) in page.content.decode()) == (mode != "unit")
