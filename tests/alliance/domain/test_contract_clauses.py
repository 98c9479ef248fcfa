"""The clauses of a text in the order of its chapters."""

from alliance.domain.clause_numbers import Chapter
from alliance.domain.contract_clauses import clauses_of, find_clause

TEXT = {
    "parties": {role: {"code": role[0]} for role in ("manufacturer", "dealer", "member")},
    "term": {"from": "2026-01-01", "until": "2027-01-01"},
    "rules": {"notice_days": 30, "reply_days": 7, "book_up_to": "0.00", "security_deposit": "0.00"},
    "areas": [{"clause": "2.1.1"}, {"clause": "2.1.2"}],
    "spreads": [{"clause": "3.10"}, {"clause": "3.9"}],
    "service": {"delivery_hours": 24},
    "guarantees": [{"clause": "5.2", "kind": "term"}],
    "shares": [
        {"kind": "spread", "role": "dealer", "share": "1"},
        {"kind": "term", "role": "dealer", "share": "1"},
    ],
}


def test_clauses_stand_in_the_order_of_their_numbers():
    assert [one.number for one in clauses_of(TEXT)] == [
        *("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.1.1", "2.1.2", "3", "3.9", "3.10"),
        *("4.1", "5", "5.1", "5.2"),
    ]
    assert find_clause(TEXT, "3.9").chapter == Chapter.SPREAD
    assert find_clause(TEXT, "8.1") is None


def test_a_text_without_new_terms_has_its_parties_and_term():
    old = {name: TEXT[name] for name in ("parties", "term")} | {"areas": [{"region": "44"}]}
    assert [one.number for one in clauses_of(old)] == ["1.1", "1.2", "1.3", "1.4"]
    only = TEXT | {"areas": [], "spreads": [], "service": None, "guarantees": []}
    assert [one.number for one in clauses_of(only) if one.what == "shares"] == ["5"]
