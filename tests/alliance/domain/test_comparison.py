"""Two texts of a contract are compared clause by clause."""

from alliance.domain.comparison import ADDED, CHANGED, REMOVED, changes


def a_text(**values):
    return {
        "parties": {"manufacturer": {"code": "M", "name": "Maker"}, "dealer": {}, "member": {"code": "S"}},
        "term": {"from": "2026-01-01", "until": "2027-01-01"},
        "rules": {"notice_days": 30, "reply_days": 7, "book_up_to": "0.00", "security_deposit": "0.00"},
        "areas": [],
        "spreads": [],
        "service": None,
    } | values


def told(before, after):
    return [
        (one.kind, one.what, one.key, one.field, one.clause, one.before, one.after)
        for one in changes(before, after)
    ]


AREA = {
    "clause": "2.1.1",
    "category": "soy",
    "category_name": "酱油",
    "region": "4413",
    "region_name": "惠州市",
    "channel": "",
    "channel_name": "",
}
SPREAD = {"clause": "3.1", "sku": "A", "product": "酱油", "guaranteed": "6", "advised_resale": "92"}
VISITS = {
    "clause": "4.2",
    "metric": "visits",
    "category": "",
    "target": "4",
    "window": "month",
    "cumulative": False,
    "owed_per_event": "50.00",
    "months_of_income": 0,
    "monthly_cap": None,
}


def test_equal_texts_have_no_change_and_an_empty_text_is_empty():
    assert changes(a_text(), a_text()) == []
    assert changes({}, {}) == []


def test_parties_term_rules_and_service_name_their_clause():
    after = a_text(
        parties={"manufacturer": {"code": "M"}, "dealer": {"code": "D", "name": "Dealer"}, "member": {}},
        term={"from": "2026-01-01", "until": "2028-01-01"},
        rules={"notice_days": 60, "reply_days": 7, "book_up_to": "0.00", "security_deposit": "0.00"},
        service={"delivery_hours": 48, "late_fee": "20.00"},
    )
    assert told(a_text(), after) == [
        (ADDED, "party", "dealer", "", "1.2", "", "D Dealer"),
        (REMOVED, "party", "member", "", "1.3", "S", ""),
        (CHANGED, "term", "until", "until", "1.4", "2027-01-01", "2028-01-01"),
        (ADDED, "service", "delivery_hours", "delivery_hours", "4.1", "", "48"),
        (ADDED, "service", "late_fee", "late_fee", "4.1", "", "20.00"),
        (CHANGED, "rule", "notice_days", "notice_days", "5.1", "30", "60"),
    ]


def test_a_region_differs_by_channel():
    food = AREA | {"channel": "food", "channel_name": "餐饮"}
    assert told(a_text(areas=[AREA]), a_text(areas=[food])) == [
        (REMOVED, "area", "soy/4413", "", "2.1.1", "惠州市 · 酱油", ""),
        (ADDED, "area", "soy/4413/food", "", "2.1.1", "", "惠州市 · 酱油 · 餐饮"),
    ]


def test_a_spread_changes_in_money_and_per_cent():
    after = SPREAD | {"guaranteed": "8", "percent": "8.7"}
    assert told(a_text(spreads=[SPREAD]), a_text(spreads=[after])) == [
        (CHANGED, "spread", "A", "guaranteed", "3.1", "6", "8"),
        (ADDED, "spread", "A", "percent", "3.1", "", "8.7"),
    ]


def test_a_guarantee_is_compared_by_field_and_a_removed_one_names_what_it_was():
    more = VISITS | {"target": "6", "cumulative": True}
    assert told(a_text(guarantees=[VISITS]), a_text(guarantees=[more])) == [
        (CHANGED, "guarantee", "visits/", "target", "4.2", "4", "6"),
        (ADDED, "guarantee", "visits/", "cumulative", "4.2", "", "yes"),
    ]
    gone = changes(a_text(guarantees=[VISITS]), a_text())
    assert {(one.kind, one.name) for one in gone} == {(REMOVED, "visits")}
    assert [one.field for one in gone] == ["target", "window", "owed_per_event", "months_of_income"]


def test_shares_duties_kpis_portfolios_and_clauses_are_compared():
    after = a_text(
        shares=[{"kind": "spread", "role": "dealer", "share": "1"}],
        responsibilities=[
            {
                "clause": "6.1.1",
                "link": "planning",
                "role": "dealer",
                "duty": "Plan",
                "is_lead": True,
                "owner_role": "owner",
                "rhythm": "monthly",
                "proof": "document",
            }
        ],
        kpis=[{"clause": "7.1", "metric": "outlets", "target": "30", "weight": "1"}],
        portfolios=[
            {
                "clause": "8.1",
                "channel": "",
                "channel_name": "",
                "portfolio": "S",
                "portfolio_name": "Small",
                "skus": ["A", "B"],
            }
        ],
        clauses=[
            {
                "clause": "9.1",
                "heading": "Court",
                "body": "Here.",
                "review": {"by": "Lin", "reason": "law"},
            }
        ],
    )
    found = {(one.what, one.field): one.after for one in changes(a_text(), after)}
    assert found[("share", "share")] == "1"
    assert found[("responsibility", "duty")] == "Plan"
    assert found[("kpi", "weight")] == "1"
    assert found[("portfolio", "skus")] == "A, B"
    assert found[("clause", "review")] == "Lin: law"
