"""Which price list has the say. Source: rules.md, quote 1."""

from datetime import date
from decimal import Decimal as D
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.periods import Period
from pricing.domain.audience import EVERYONE, KINDS, Audience, Buyer, includes_buyer, precedence
from pricing.domain.base_price import PriceBook, PriceEntry, PriceList
from pricing.domain.explain import considered
from pricing.domain.quote import QuoteRequest
from simulations.operations.simulate import answer

ON = date(2026, 6, 1)
BUYER = Buyer(
    id="D-1",
    level="dealer",
    tier="core",
    channel="餐饮",
    tags=frozenset({"township", "new"}),
    region=("44", "4413", "441302"),
    contract="C-7",
)
MINE = {
    "contract": "C-7",
    "party": "D-1",
    "tag": "new",
    "channel": "餐饮",
    "tier": "core",
    "region": "44",
    "level": "dealer",
    "everyone": None,
}


def a_list(code: str, price: str = "10", **more: Any) -> PriceList:
    entries = more.pop("entries", None) or [PriceEntry("A", D(price), min_qty=more.pop("min_qty", 1))]
    return PriceList(code, more.pop("audience", EVERYONE), entries, **more)


def winner(*lists: PriceList, qty: int = 10, buyer: Buyer = BUYER) -> str | None:
    found = PriceBook(lists, buyer, ON).choose("A", qty)
    return found.price_list.code if found else None


@pytest.mark.parametrize(("first", "second"), list(pairwise(KINDS)))
def test_the_nearer_audience_wins_whatever_the_priority(first: str, second: str) -> None:
    near = a_list("Z", audience=Audience(first, MINE[first]))
    far = a_list("A", audience=Audience(second, MINE[second]), priority=99, min_qty=5)
    assert winner(far, near) == winner(near, far) == "Z"


@pytest.mark.parametrize("kind", KINDS)
def test_an_audience_takes_in_only_its_own(kind: str) -> None:
    assert includes_buyer(Audience(kind, MINE[kind]), BUYER)
    nobody = Buyer(id="D-2")
    if kind != "everyone":
        assert not includes_buyer(Audience(kind, "another"), BUYER)
        assert not includes_buyer(Audience(kind, MINE[kind]), nobody)
        assert not includes_buyer(Audience(kind, None), nobody)
    else:
        assert includes_buyer(EVERYONE, nobody)


def test_the_value_of_one_kind_is_no_value_of_another() -> None:
    assert not includes_buyer(Audience("party", "C-7"), BUYER)
    assert not includes_buyer(Audience("level", "core"), BUYER)
    assert not includes_buyer(Audience("tier", "dealer"), BUYER)


def test_among_regions_the_deeper_one_wins() -> None:
    province = a_list("A", audience=Audience("region", "44"), priority=9)
    city = a_list("B", audience=Audience("region", "4413"))
    county = a_list("C", audience=Audience("region", "441302"), min_qty=11)
    assert winner(province, city, county) == "B"
    assert winner(province, city, county, qty=11) == "C"
    assert precedence(Audience("region", "45"), BUYER) is None


def test_then_the_higher_priority_wins() -> None:
    assert winner(a_list("A", min_qty=5), a_list("B", priority=1)) == "B"
    assert winner(a_list("A", priority=-1), a_list("B")) == "B"


def test_then_the_higher_minimum_wins_if_it_is_reached() -> None:
    few = a_list("A", period=Period(date(2026, 5, 1)))
    many = a_list("B", min_qty=10)
    assert winner(few, many, qty=10) == "B"
    assert winner(few, many, qty=9) == "A"


def test_a_minimum_within_one_list_is_a_quantity_break() -> None:
    breaks = a_list(
        "A",
        entries=[
            PriceEntry("A", D(58), min_qty=100),
            PriceEntry("A", D(60)),
            PriceEntry("B", D(1)),
        ],
    )
    book = PriceBook([breaks], BUYER, ON)
    assert [book.choose("A", qty).entry.price for qty in (1, 99, 100)] == [60, 60, 58]


def test_then_the_later_start_wins_and_no_start_is_the_earliest() -> None:
    always = a_list("A")
    spring = a_list("B", period=Period(date(2026, 3, 1)))
    summer = a_list("C", period=Period(date(2026, 6, 1)))
    assert winner(always, spring) == "B"
    assert winner(summer, spring, always) == "C"


def test_then_the_code_decides_alphabetically() -> None:
    assert winner(a_list("B"), a_list("A"), a_list("C")) == "A"


def test_a_list_out_of_its_time_has_no_say() -> None:
    ended = a_list("A", period=Period(until=ON))
    coming = a_list("B", period=Period(date(2026, 6, 2)))
    empty = a_list("C", period=Period(ON, ON))
    assert winner(ended, coming, empty) is None
    assert winner(ended, coming, empty, a_list("D", period=Period(ON, date(2026, 6, 2)))) == "D"


def test_no_entry_for_the_quantity_is_no_price() -> None:
    assert winner(a_list("A", min_qty=11)) is None
    assert PriceBook([a_list("A")], BUYER, ON).choose("UNKNOWN", 1) is None


lists = st.lists(
    st.builds(
        a_list,
        st.sampled_from("ABCDEFGH"),
        audience=st.sampled_from(
            [Audience(kind, value) for kind, value in MINE.items()]
            + [Audience("region", "4413"), Audience("tag", "township"), Audience("tag", "x")]
        ),
        priority=st.integers(-1, 1),
        period=st.builds(
            Period,
            st.sampled_from([None, date(2026, 1, 1), ON, date(2026, 6, 2)]),
            st.sampled_from([None, ON, date(2027, 1, 1)]),
        ),
        min_qty=st.integers(0, 12),
    ),
    unique_by=lambda made: made.code,
)


@given(lists, st.integers(1, 12), st.randoms())
def test_the_winner_is_the_first_in_the_order_of_the_rules(
    given_lists: list[PriceList], qty: int, random: Any
) -> None:
    def order(candidate: PriceList) -> tuple[Any, ...]:
        kind, value = candidate.audience.kind, candidate.audience.value
        depth = BUYER.region.index(value) if kind == "region" and value else 0
        start = candidate.period.from_ or date.min
        return (
            KINDS.index(kind),
            -depth,
            -candidate.priority,
            -candidate.entries[0].min_qty,
            -start.toordinal(),
            candidate.code,
        )

    fit = [
        one
        for one in given_lists
        if one.period.active_on(ON) and one.audience.value != "x" and one.entries[0].min_qty <= qty
    ]
    expected = min(fit, key=order).code if fit else None
    random.shuffle(given_lists)
    assert winner(*given_lists, qty=qty) == expected


def test_the_panel_shows_every_price_and_why_it_lost() -> None:
    def entries(price: str, min_qty: int = 1) -> list[dict[str, Any]]:
        return [{"sku": "A", "price": price, "min_qty": min_qty}]

    tier = {"kind": "tier", "value": "core"}
    told = answer(
        "quote",
        {
            "on": "2026-06-01",
            "buyer": {"id": "D-1", "tier": "core", "contract": "C-7"},
            "price_lists": [
                {"code": "C", "audience": {"kind": "contract", "value": "C-7"}, "entries": entries("7", 90)},
                {
                    "code": "T",
                    "audience": tier,
                    "priority": 1,
                    "from": "2026-01-01",
                    "entries": entries("8", 5) + entries("9"),
                },
                {"code": "U", "audience": tier, "priority": 1, "entries": entries("8", 5)},
                {
                    "code": "V",
                    "audience": tier,
                    "priority": 1,
                    "from": "2026-01-01",
                    "entries": entries("8", 5),
                },
                {"code": "P", "audience": tier, "entries": entries("6")},
                {"code": "E", "audience": {"kind": "everyone"}, "entries": entries("10")},
                {"code": "OLD", "audience": tier, "until": "2026-06-01", "entries": entries("1")},
                {
                    "code": "HIS",
                    "audience": {"kind": "party", "value": "D-2"},
                    "entries": entries("2") + [{"sku": "B", "price": "3"}],
                },
            ],
            "lines": [{"sku": "A", "qty": 10}, {"sku": "N", "qty": 1}],
        },
    )
    first, second = told["explanation"]["prices"]
    assert [(seen["price_list"], seen["price"], seen["reason"]) for seen in first["considered"]] == [
        ("T", "8", "wins"),
        ("C", "7", "below_min_qty"),
        ("T", "9", "lower_min_qty"),
        ("V", "8", "later_code"),
        ("U", "8", "earlier_from"),
        ("P", "6", "lower_priority"),
        ("E", "10", "lower_audience"),
        ("OLD", "1", "not_active"),
        ("HIS", "2", "other_audience"),
    ]
    assert first["considered"][1]["missing"] == 80
    assert [seen["wins"] for seen in first["considered"]] == [True] + 8 * [False]
    assert second == {"sku": "N", "considered": []}


def test_without_a_winner_the_panel_says_how_many_are_missing() -> None:
    told = answer(
        "quote",
        {
            "on": "2026-06-01",
            "buyer": {"id": "D-1"},
            "price_lists": [
                {
                    "code": "E",
                    "audience": {"kind": "everyone", "value": "*"},
                    "entries": [{"sku": "A", "price": "1", "min_qty": 12}],
                }
            ],
            "lines": [{"sku": "A", "qty": 10}],
        },
    )
    (seen,) = told["explanation"]["prices"][0]["considered"]
    assert (seen["reason"], seen["missing"]) == ("below_min_qty", 2)
    assert told["lines"] == [{"sku": "A", "qty": 10, "verdict": "no_price"}]


def test_an_entry_is_for_one_unit_from_the_first_on_unless_it_says_otherwise() -> None:
    assert PriceEntry("A", D(1)) == ("A", D(1), 1, 1)


def test_one_line_is_explained_without_a_book_at_hand() -> None:
    request = QuoteRequest(ON, BUYER, [a_list("A"), a_list("B", priority=1)], [])
    told = considered(request, "A", 1)
    assert [(seen.price_list.code, seen.reason) for seen in told] == [
        ("B", "wins"),
        ("A", "lower_priority"),
    ]


def test_each_list_is_judged_once_however_many_lines_ask_why(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Audience] = []

    def counted(audience: Audience, buyer: Buyer) -> tuple[int, int] | None:
        asked.append(audience)
        return precedence(audience, buyer)

    monkeypatch.setattr("pricing.domain.explain.precedence", counted)
    audience = {"kind": "tag", "value": "nobody's"}
    case = {
        "on": "2026-06-01",
        "buyer": {"id": "D-1"},
        "price_lists": [
            {"code": f"L{i}", "audience": audience, "entries": [{"sku": "S0", "price": "1"}]}
            for i in range(10)
        ],
        "lines": [{"sku": f"S{i}", "qty": 1} for i in range(10)],
    }
    told = answer("quote", case)
    assert len(asked) == 10
    assert [len(line["considered"]) for line in told["explanation"]["prices"]] == [10] + [0] * 9
