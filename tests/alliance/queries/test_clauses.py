"""A clause is found by its citation."""

import pytest

from alliance.queries import clause
from tests.alliance.operations.test_terms import SPREADS, everything, goods
from tests.alliance.world import HUIZHOU
from tests.factories import a_party, an_actor

__all__ = ["goods"]


@pytest.mark.django_db
def test_a_clause_is_found_by_its_citation(goods):
    goods.active(("soy", HUIZHOU), spreads=SPREADS, terms=everything(), code="C-0007")
    found = clause("C-0007/3.2", goods.director)
    assert (found.clause.what, found.clause.content["sku"]) == ("spread", "OYS")
    kinds = {
        "1.1": "party",
        "1.4": "term",
        "1.6": "rule",
        "2.1.1": "area",
        "2.2": "guarantee",
        "3": "shares",
        "4.1": "service",
        "5.1": "rule",
        "6.1.2": "responsibility",
        "7.1": "kpi",
        "8.2": "portfolio",
        "9.1": "clause",
    }
    for number, what in kinds.items():
        assert clause(f"C-0007 v1/{number}", goods.director).clause.what == what


@pytest.mark.django_db
def test_what_is_not_there_or_not_visible_is_not_found(goods):
    goods.active(("soy", HUIZHOU), code="C-0007")
    goods.draft(code="C-8")
    for citation in ("C-0007/3.2", "C-0007 v2/1.1", "C-8/1.1", "C-9/1.1", "nonsense"):
        assert clause(citation, goods.director) is None
    assert clause("C-0007/1.1", an_actor(a_party("dealer"))) is None
