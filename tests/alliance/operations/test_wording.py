"""A clause that fixes a resale price blocks the submission until it is reworded or reviewed."""

from dataclasses import replace
from datetime import date

import pytest

from alliance.models import WordingReview
from alliance.operations.contract_text import text_of
from alliance.operations.drafting import set_terms
from alliance.operations.new_terms import NewClause, NewTerms
from alliance.operations.signing import submit_contract
from alliance.operations.versions import draft_next_version
from alliance.operations.wording import review_wording
from tests.alliance.world import HUIZHOU, NOW
from tests.factories import an_actor
from tests.people import a_user
from tests.refusing import refused

FIXED = NewTerms(clauses=(NewClause("价格", "联盟商不得低于统一零售价销售。"),))


@pytest.fixture
def person(world):
    return replace(world.director, user_id=a_user().id, label="林晓")


@pytest.mark.django_db
def test_a_flagged_clause_blocks_until_it_is_reworded(world, person):
    draft = world.draft(("soy", HUIZHOU), terms=FIXED)
    with refused("price_fixing", "clauses"):
        submit_contract(contract_id=draft.id, by=person, at=NOW)
    fine = NewTerms(clauses=(NewClause("价格", "建议零售价仅供参考。", "9.1"),))
    set_terms(contract_id=draft.id, terms=fine, by=person, at=NOW)
    assert submit_contract(contract_id=draft.id, by=person, at=NOW).state == "submitted"


@pytest.mark.django_db
def test_a_named_person_says_why_and_stands_in_the_text(world, person):
    draft = world.draft(("soy", HUIZHOU), terms=FIXED)
    given = {"contract_id": draft.id, "number": "9.1", "by": person, "at": NOW}
    review_wording(reason="Quoted from the law", **given)
    review_wording(reason="Quoted from the law, article 18", **given)
    assert WordingReview.objects.count() == 1
    done = submit_contract(contract_id=draft.id, by=person, at=NOW)
    review = {"by": "林晓", "reason": "Quoted from the law, article 18"}
    assert done.text["clauses"][0]["review"] == review
    active = world.sign(done)
    made = draft_next_version(contract_id=active.id, starts_on=date(2026, 8, 1), by=person, at=NOW)
    assert text_of(made)["clauses"][0]["review"] == review


@pytest.mark.django_db
def test_a_review_is_void_after_a_rewording(world, person):
    draft = world.draft(("soy", HUIZHOU), terms=FIXED)
    review_wording(contract_id=draft.id, number="9.1", reason="Fine", by=person, at=NOW)
    other = NewTerms(clauses=(NewClause("价格", "执行统一零售价。", "9.1"),))
    set_terms(contract_id=draft.id, terms=other, by=person, at=NOW)
    with refused("price_fixing", "clauses"):
        submit_contract(contract_id=draft.id, by=person, at=NOW)


@pytest.mark.django_db
def test_who_reviews_what(world, person):
    draft = world.draft(("soy", HUIZHOU), terms=FIXED)
    given = {"contract_id": draft.id, "number": "9.1", "reason": "Fine", "at": NOW}
    with refused("not_allowed"):
        review_wording(by=an_actor(world.dealer), **given)
    with refused("bad_contract", "reason"):
        review_wording(by=person, **given | {"reason": " "})
    with refused("not_found", "number"):
        review_wording(by=person, **given | {"number": "9.2"})
