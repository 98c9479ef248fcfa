"""What holds for every order, whatever the prices and schemes. Source: rules.md, quote."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal as D
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.domain.audience import EVERYONE, Audience, Buyer
from pricing.domain.base_price import PriceEntry, PriceList
from pricing.domain.free_goods import MODES, FreeGoodsRule
from pricing.domain.limits import VERDICTS, Limit
from pricing.domain.quote import Line, Quote, QuoteRequest, quote
from pricing.domain.schemes import (
    Allowance,
    Bundle,
    BundleItem,
    FreeGoods,
    OrderAmount,
    Scheme,
    SpecialPrice,
    Step,
    StepScheme,
)

SKUS = "ABCDE"
prices = st.decimals("0", "999", places=4)
covers = st.none() | st.frozensets(st.sampled_from(SKUS), max_size=3)
groups = st.sampled_from([None, "g", "h"])
steps = st.lists(st.integers(0, 3000), min_size=1, max_size=3, unique=True).flatmap(
    lambda starts: st.tuples(
        *[
            st.builds(Step, st.just(D(start)), percent_off=st.decimals(0, 1, places=3))
            | st.builds(Step, st.just(D(start)), amount_off=st.decimals(0, 500, places=2))
            for start in sorted(starts)
        ]
    )
)
common: dict[str, Any] = {
    "code": st.uuids().map(str),
    "skus": covers,
    "priority": st.integers(0, 2),
    "group": groups,
    "audience": st.sampled_from([EVERYONE, Audience("tag", "t"), Audience("tag", "other")]),
    "allowance": st.none()
    | st.builds(Allowance, money=st.none() | prices, units=st.none() | st.integers(0, 99)),
}
free_rules = st.builds(
    FreeGoodsRule,
    buy=st.integers(1, 9),
    free=st.integers(0, 3),
    mode=st.sampled_from(MODES),
    cap=st.none() | st.integers(0, 9),
)
schemes: st.SearchStrategy[Scheme] = st.one_of(
    st.builds(SpecialPrice, price=prices, **common),
    st.dictionaries(st.sampled_from(SKUS), st.integers(1, 9), min_size=1, max_size=3).flatmap(
        lambda items: st.builds(
            Bundle,
            items=st.just(tuple(BundleItem(sku, qty) for sku, qty in items.items())),
            price=st.decimals("0", "999", places=2),
            **common | {"skus": st.just(frozenset(items))},
        )
    ),
    st.builds(StepScheme, steps=steps, by_quantity=st.booleans(), **common),
    st.builds(OrderAmount, steps=steps, by_quantity=st.booleans(), **common),
    st.builds(FreeGoods, rule=free_rules, gift_sku=st.sampled_from([None, "A", "E", "GIFT"]), **common),
)
entries = st.builds(
    PriceEntry,
    sku=st.sampled_from(SKUS[:4]),
    price=prices,
    per=st.sampled_from([1, 6, 24]),
    min_qty=st.integers(0, 50),
)
price_lists = st.builds(
    PriceList,
    code=st.uuids().map(str),
    audience=st.sampled_from([EVERYONE, Audience("tag", "t")]),
    entries=st.lists(entries, max_size=6),
)
limits = st.builds(
    Limit,
    sku=st.sampled_from(SKUS),
    action=st.sampled_from(["advise", "review", "block"]),
    clause=st.just("c"),
    floor=st.none() | prices,
    ceiling=st.none() | prices,
)
requests = st.builds(
    QuoteRequest,
    on=st.just(date(2026, 6, 1)),
    buyer=st.just(Buyer("D-1", tags=frozenset({"t"}))),
    price_lists=st.lists(price_lists, min_size=1, max_size=3),
    lines=st.lists(
        st.builds(Line, st.sampled_from(SKUS), st.integers(1, 200)),
        unique_by=lambda line: line.sku,
        max_size=5,
    ),
    schemes=st.lists(schemes, max_size=6),
    limits=st.lists(limits, max_size=3),
)


def half_up(exact: Fraction, places: str) -> D:
    return (D(exact.numerator) / D(exact.denominator)).quantize(D(places), ROUND_HALF_UP)


@settings(max_examples=150)
@given(requests)
def test_money_adds_up_to_the_cent(request: QuoteRequest) -> None:
    told = quote(request)
    assert told.subtotal - told.discount == told.total
    for total, each in (
        (told.subtotal, [line.subtotal for line in told.lines]),
        (told.discount, [line.discount for line in told.lines]),
        (told.total, [line.amount for line in told.lines]),
    ):
        assert sum(each, D(0)) == total
    for line in told.lines:
        assert line.subtotal - line.discount == line.amount
        assert min(line.subtotal, line.discount, line.amount, D(line.free_qty)) >= 0
        assert line.unit_price <= line.base_price
        assert len(line.saved) == len(line.schemes)
        assert all(saved >= 0 for saved in line.saved)
        if line.is_priced:
            gross = Fraction(line.base_price) * line.qty / line.per
            assert sum(line.saved, D(0)) == half_up(gross, "0.01") - line.amount


@settings(max_examples=100)
@given(requests)
def test_the_net_price_counts_every_free_unit_and_limits_look_at_it(request: QuoteRequest) -> None:
    told = quote(request)
    for line in told.lines:
        if not line.is_priced:
            assert line.verdict == "no_price"
            continue
        gifts = sum(gift.qty for gift in told.gifts if gift.sku == line.sku)
        units = line.qty + line.free_qty + gifts
        assert line.net_unit_price == half_up(Fraction(line.amount) / units, "0.0001")
        broken = [
            limit
            for limit in request.limits
            if limit.sku == line.sku
            and not (
                (limit.floor is None or limit.floor <= line.net_unit_price)
                and (limit.ceiling is None or limit.ceiling >= line.net_unit_price)
            )
        ]
        assert line.clauses == tuple(limit.clause for limit in broken)
        assert line.verdict == max(["ok", *[limit.action for limit in broken]], key=VERDICTS.index)
    assert told.verdict == max(["ok", *[line.verdict for line in told.lines]], key=VERDICTS.index)


@settings(max_examples=100)
@given(requests)
def test_one_of_a_group_applies_and_nothing_for_others(request: QuoteRequest) -> None:
    told = quote(request)
    applied = {outcome.code for outcome in told.schemes if outcome.applied}
    named = {code for line in told.lines for code in line.schemes}
    assert applied == named | {gift.scheme for gift in told.gifts}
    assert sorted(outcome.code for outcome in told.schemes) == sorted(
        scheme.code for scheme in request.schemes
    )
    in_groups = [
        (scheme.kind, scheme.group)
        for scheme in request.schemes
        if scheme.group is not None and scheme.code in applied
    ]
    assert len(in_groups) == len(set(in_groups))
    for scheme in request.schemes:
        assert scheme.code not in applied or scheme.audience.value != "other"


def as_told(told: Quote) -> object:
    return replace(told, lines=tuple(sorted(told.lines, key=lambda line: line.sku)))


@settings(max_examples=100)
@given(requests, st.randoms())
def test_the_order_in_which_lists_and_schemes_are_handed_over_changes_nothing(
    request: QuoteRequest, random: Any
) -> None:
    def shuffled(items: Any) -> list[Any]:
        return random.sample(list(items), len(items))

    other = replace(
        request,
        price_lists=shuffled(request.price_lists),
        schemes=shuffled(request.schemes),
    )
    first, second = quote(request), quote(other)
    assert first.lines == second.lines
    assert first.gifts == second.gifts
