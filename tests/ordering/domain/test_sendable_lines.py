"""A sheet priced again with the prices that its lines won answers alike, and its bad lines stand aside."""

from dataclasses import replace

from hypothesis import given, settings

from ordering.domain.sendable_lines import BLOCKING, split_sendable, with_winning_prices
from pricing.domain.quote import Line, Quote, QuoteRequest, quote
from tests.pricing.domain.test_quote_properties import requests


@settings(max_examples=200)
@given(requests)
def test_winning_prices_answer_alike_and_what_is_left_can_be_sent(request: QuoteRequest) -> None:
    """Each request is tried for all three properties: drawing it takes longer than pricing it."""
    found = quote(request)
    check_that_the_winning_prices_answer_as_all_of_them_do(request, found)
    check_that_a_line_with_all_its_prices_may_be_priced_in_another_quantity(request, found)
    check_that_what_is_left_can_be_sent_and_is_priced_by_itself(request, found)


def check_that_the_winning_prices_answer_as_all_of_them_do(request: QuoteRequest, found: Quote) -> None:
    assert quote(with_winning_prices(request, found.lines)) == found


def check_that_a_line_with_all_its_prices_may_be_priced_in_another_quantity(
    request: QuoteRequest, found: Quote
) -> None:
    if not request.lines:
        return
    first, *others = request.lines
    more = [Line(first.sku, first.qty + 60), *others]
    again = with_winning_prices(request, found.lines, {first.sku})
    assert quote(replace(again, lines=more)) == quote(replace(request, lines=more))


def check_that_what_is_left_can_be_sent_and_is_priced_by_itself(request: QuoteRequest, found: Quote) -> None:
    skus = {line.sku for line in request.lines} | {
        s.gift_sku for s in request.schemes if getattr(s, "gift_sku", None)
    }
    bad, left, sendable = split_sendable(request, found, dict.fromkeys(skus, 100))
    assert quote(left) == sendable
    assert not any(line.verdict in BLOCKING for line in sendable.lines)
    assert {line.sku for line in request.lines} == {line.sku for line in sendable.lines} | bad.keys()
    for line in sendable.lines:
        given_too = sum(gift.qty for gift in sendable.gifts if gift.sku == line.sku)
        assert line.qty + line.free_qty + given_too <= 100
