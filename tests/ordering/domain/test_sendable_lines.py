"""A sheet asked again with the prices that its lines won answers alike, and its bad lines stand aside."""

from dataclasses import replace

from hypothesis import given, settings

from ordering.domain.sendable_lines import BLOCKING, split_sendable, with_winning_prices
from pricing.domain.quote import Line, QuoteRequest, quote
from tests.pricing.domain.test_quote_properties import requests


@settings(max_examples=200)
@given(requests)
def test_the_prices_that_were_won_answer_as_all_of_them_do(request: QuoteRequest) -> None:
    found = quote(request)
    assert quote(with_winning_prices(request, found.lines)) == found


@settings(max_examples=200)
@given(requests)
def test_a_line_that_keeps_its_prices_may_be_asked_in_another_quantity(request: QuoteRequest) -> None:
    if not request.lines:
        return
    first, *others = request.lines
    more = [Line(first.sku, first.qty + 60), *others]
    again = with_winning_prices(request, quote(request).lines, {first.sku})
    assert quote(replace(again, lines=more)) == quote(replace(request, lines=more))


@settings(max_examples=200)
@given(requests)
def test_what_is_left_can_be_sent_and_is_priced_by_itself(request: QuoteRequest) -> None:
    skus = {line.sku for line in request.lines} | {
        s.gift_sku for s in request.schemes if getattr(s, "gift_sku", None)
    }
    bad, left, found = split_sendable(request, quote(request), dict.fromkeys(skus, 100))
    assert quote(left) == found
    assert not any(line.verdict in BLOCKING for line in found.lines)
    assert {line.sku for line in request.lines} == {line.sku for line in found.lines} | bad.keys()
    for line in found.lines:
        given_too = sum(gift.qty for gift in found.gifts if gift.sku == line.sku)
        assert line.qty + line.free_qty + given_too <= 100
