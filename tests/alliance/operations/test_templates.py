"""Templates hold the terms of a contract, and give them to a new draft."""

import pytest

from alliance.models import ContractTemplate
from alliance.operations.contract_text import text_of
from alliance.operations.templates import delete_template, save_template
from alliance.operations.terms_json import own_fields_of, spreads_from, terms_from
from tests.alliance.operations.test_terms import SPREADS, everything, goods
from tests.alliance.world import HUIZHOU, NOW
from tests.factories import an_actor
from tests.refusing import refused

__all__ = ["goods"]


@pytest.mark.django_db
def test_a_draft_from_a_template_has_the_same_terms(goods):
    first = goods.draft(("soy", HUIZHOU), spreads=SPREADS, terms=everything(), notice_days=60)
    save_template(contract_id=first.id, name="Small shops", by=goods.director, at=NOW)
    content = ContractTemplate.objects.get().content
    own = own_fields_of(content)
    again = goods.draft(code="C-2", spreads=spreads_from(content), terms=terms_from(content), **own)
    old, new = text_of(first), text_of(again)
    for name in ("rules", "spreads", "service", "guarantees", "shares", "responsibilities", "kpis"):
        assert new[name] == old[name]
    assert (new["portfolios"], new["clauses"], new["areas"]) == (old["portfolios"], old["clauses"], [])


@pytest.mark.django_db
def test_a_template_has_a_name_of_its_own_and_may_be_deleted(goods):
    first = goods.draft()
    given = {"contract_id": first.id, "by": goods.director, "at": NOW}
    made = save_template(name="Small shops", **given)
    with refused("conflict", "name"):
        save_template(name="Small shops", **given)
    with refused("bad_contract", "name"):
        save_template(name=" ", **given)
    with refused("not_found", "contract"):
        save_template(name="Other", **given | {"contract_id": made.id})
    for _again in range(2):
        delete_template(template_id=made.id, by=goods.director, at=NOW)
    assert not ContractTemplate.objects.exists()


@pytest.mark.django_db
def test_templates_are_the_manufacturers_own(goods):
    first = goods.draft()
    save_template(contract_id=first.id, name="Small shops", by=goods.director, at=NOW)
    dealer = an_actor(goods.dealer)
    with refused("not_allowed"):
        save_template(contract_id=first.id, name="Mine", by=dealer, at=NOW)
    assert not ContractTemplate.objects.visible_to(dealer).exists()
