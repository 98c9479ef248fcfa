"""The numbers of clauses: given, kept, never moved to another clause, and cited."""

from decimal import Decimal

import pytest

from alliance.domain.clause_numbers import Chapter, cite, number_clauses, order_of, read_citation
from alliance.domain.spread import guaranteed_of


@pytest.mark.parametrize(
    ("chapter", "given", "taken", "numbers"),
    [
        (Chapter.SPREAD, ["", ""], [], ["3.1", "3.2"]),
        (Chapter.SERVICE, [""], [], ["4.2"]),
        (Chapter.SERVICE, ["4.1", "4.3"], [], ["4.4", "4.3"]),
        (Chapter.OTHER, ["9.2", "", "9.2", "3.1", "nonsense"], [], ["9.2", "9.3", "9.4", "9.5", "9.6"]),
        (Chapter.SPREAD, ["3.1", ""], ["3.1", "3.4", "4.9"], ["3.5", "3.6"]),
        (Chapter.KPIS, [], [], []),
    ],
)
def test_a_clause_keeps_its_number_and_a_new_one_gets_the_next(chapter, given, taken, numbers):
    assert number_clauses(chapter, given, taken) == numbers


def test_numbers_sort_by_their_parts():
    assert sorted(["3.10", "3.9", "2.1.2"], key=order_of) == ["2.1.2", "3.9", "3.10"]


@pytest.mark.parametrize(
    ("citation", "read"),
    [
        ("C-0007/3.2", ("C-0007", None, "3.2")),
        (" C-0007 v2 / 6.1.3. ", ("C-0007", 2, "6.1.3")),
        ("C-0007/3", ("C-0007", None, "3")),
        ("C-0007", None),
        ("C-0007/x", None),
    ],
)
def test_a_citation_is_read(citation, read):
    assert read_citation(citation) == read


def test_a_clause_is_cited_by_code_and_number():
    assert cite("C-0007", "3.2") == "C-0007/3.2"


def test_a_percentage_of_the_advised_price_becomes_money_for_a_unit():
    assert guaranteed_of(Decimal(3), None, Decimal(50)) == 3
    assert guaranteed_of(Decimal(3), Decimal("12.5"), Decimal("33.33")) == Decimal("4.1663")
