from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import translation

from kernel import cases
from kernel.cases import Case, InvalidCase, load


def refused(read: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(InvalidCase) as caught:
        read()
    assert caught.value.message
    return caught.value.code, caught.value.field


@pytest.mark.parametrize(
    ("written", "read"),
    [("12", "12"), ("-0", "0"), ("0.50", "0.50"), (7, "7"), ("007", "7"), ("1.0000000000000", "1")],
)
def test_decimals_travel_as_strings_and_keep_their_places(written: object, read: str) -> None:
    places = 0 if read == "1" else 12
    assert cases.plain(cases.number(signed=True, places=places)(written, "x")) == read


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (1.5, "json_float"),
        (1.0, "json_float"),
        (float("nan"), "json_float"),
        (True, "not_a_number"),
        ("", "not_a_number"),
        (" 1", "not_a_number"),
        ("1 ", "not_a_number"),
        ("1\n", "not_a_number"),
        ("+1", "not_a_number"),
        (".5", "not_a_number"),
        ("5.", "not_a_number"),
        ("1e3", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1,000", "not_a_number"),
        ("1_000", "not_a_number"),
        ("１２", "not_a_number"),
        ("twelve", "not_a_number"),
        ([], "not_a_number"),
        ({}, "not_a_number"),
        ("-0.01", "negative"),
        (-1, "negative"),
        ("1000000000000000000", "too_large"),
        ("0000000000000000001", "too_large"),
        (10**18, "too_large"),
        ("0.1234567890123", "too_many_places"),
    ],
)
def test_what_is_no_amount_is_refused(written: object, code: str) -> None:
    assert refused(lambda: cases.amount(written, "limit")) == (code, "limit")


def test_nothing_is_an_amount_too() -> None:
    assert cases.amount("0", "x") == cases.amount(0, "x") == cases.amount("-0.00", "x") == 0


def test_the_largest_amount_is_read_exactly() -> None:
    assert cases.amount("999999999999999999.123456789012", "x") == D("999999999999999999.123456789012")
    assert cases.amount(10**18 - 1, "x") == 10**18 - 1
    assert cases.signed_amount(-(10**18) + 1, "x") == 1 - 10**18


def test_a_price_has_at_most_four_places() -> None:
    assert str(cases.price("1.2345", "x")) == "1.2345"
    assert str(cases.price("1.23450", "x")) == "1.2345"
    assert refused(lambda: cases.price("1.23456", "price")) == ("too_many_places", "price")


def test_a_fraction_is_at_most_one() -> None:
    assert cases.fraction("1", "x") == 1
    assert refused(lambda: cases.fraction("1.01", "x")) == ("out_of_range", "x")
    assert refused(lambda: cases.fraction("-0.1", "x")) == ("negative", "x")


def test_quantities_are_whole() -> None:
    assert cases.count("10", "x") == cases.count(10, "x") == cases.count("10.0", "x") == 10
    assert cases.integer("-3", "x") == -3
    assert cases.positive(1, "x") == 1
    assert refused(lambda: cases.count("1.5", "x")) == ("not_whole", "x")
    assert refused(lambda: cases.count(-1, "x")) == ("negative", "x")
    assert refused(lambda: cases.positive(0, "x")) == ("zero", "x")
    assert refused(lambda: cases.positive("ten", "x")) == ("not_a_number", "x")
    assert refused(lambda: cases.count(True, "x")) == ("not_a_number", "x")


def test_a_date_is_written_in_one_way() -> None:
    assert cases.day("2026-02-28", "on") == date(2026, 2, 28)
    for written in ("2026-02-29", "20260228", "2026-W09-6", "28.02.2026", "2026-2-28", 20260228):
        assert refused(lambda written=written: cases.day(written, "on")) == ("not_a_date", "on")


def test_text_is_text_and_not_empty() -> None:
    assert cases.text("联盟", "x") == "联盟"
    assert refused(lambda: cases.text(1, "x")) == ("not_text", "x")
    assert refused(lambda: cases.text("", "x")) == ("empty", "x")


def test_a_flag_is_true_or_false() -> None:
    assert cases.flag(True, "x") is True
    assert refused(lambda: cases.flag(1, "x")) == ("not_a_boolean", "x")
    assert refused(lambda: cases.flag("true", "x")) == ("not_a_boolean", "x")


def test_a_word_is_one_of_the_known_ones() -> None:
    read = cases.one_of("full", "excess")
    assert read("full", "mode") == "full"
    assert refused(lambda: read("half", "mode")) == ("unknown_choice", "mode")
    assert refused(lambda: read(["full"], "mode")) == ("unknown_choice", "mode")


def test_a_null_key_is_an_absent_one() -> None:
    with Case({"cap": None, "other": None}) as case:
        assert case.take("cap", cases.amount, D(7)) == 7
        assert case.some("cap", cases.amount) == []
        assert refused(lambda: case.need("cap", cases.amount)) == ("missing", "cap")


def test_a_key_that_nobody_asked_for_is_refused_with_a_hint() -> None:
    def read() -> None:
        with Case({"qty": 1, "quantity": 2}, "lines[0]") as case:
            case.need("qty", cases.count)

    assert refused(read) == ("unknown_key", "lines[0].quantity")

    def misspelt() -> None:
        with Case({"shipment": []}) as case:
            case.some("shipments", cases.count)

    with translation.override("en"), pytest.raises(InvalidCase, match="Did you mean “shipments”"):
        misspelt()


def test_the_first_thing_wrong_is_the_one_that_is_told() -> None:
    def read() -> None:
        with Case({"colour": "red"}) as case:
            case.need("qty", cases.count)

    assert refused(read) == ("missing", "qty")


def test_lists_know_the_place_of_their_items() -> None:
    case = Case({"tiers": [1, "x"], "none": [], "word": "abc", "null": [1, None]}, "program")
    assert refused(lambda: case.each("tiers", cases.count)) == ("not_a_number", "program.tiers[1]")
    assert refused(lambda: case.each("none", cases.count, least=1)) == ("empty", "program.none")
    assert refused(lambda: case.each("word", cases.count)) == ("not_a_list", "program.word")
    assert refused(lambda: case.each("null", cases.count)) == ("missing", "program.null[1]")
    assert case.each("none", cases.count) == []


@pytest.mark.parametrize("value", [None, [], "x", 1])
def test_a_case_is_an_object(value: object) -> None:
    assert refused(lambda: Case(value, "lines[0]")) == ("not_an_object", "lines[0]")


def test_thresholds_ascend() -> None:
    cases.ascending([D(0), D(1)], "tiers")
    cases.ascending([], "tiers")
    assert refused(lambda: cases.ascending([D(1), D(0)], "tiers")) == (
        "out_of_order",
        "tiers[1].from",
    )
    assert refused(lambda: cases.ascending([D(0), D(1), D("1.0")], "tiers")) == (
        "duplicate",
        "tiers[2].from",
    )


def test_names_are_unique() -> None:
    cases.unique(["a", "b"], "lines", "sku")
    assert refused(lambda: cases.unique(["a", "b", "a"], "lines", "sku")) == (
        "duplicate",
        "lines[2].sku",
    )


def test_documents_are_json_in_utf_8_with_or_without_a_mark() -> None:
    assert load('{"a": [1, "二"]}') == {"a": [1, "二"]}
    assert load(b"\xef\xbb\xbf[1]") == [1]


@pytest.mark.parametrize("document", ["", "{", "[1,]", b"\xff\xfe", "[" * 100_000])
def test_what_is_no_json_is_refused(document: str | bytes) -> None:
    assert refused(lambda: load(document)) == ("bad_json", "")


def test_an_endless_number_is_too_large_rather_than_no_json() -> None:
    document = load('{"limit": ' + "9" * 10_000 + ', "sku": -' + "9" * 99 + "}")
    assert refused(lambda: Case(document).need("sku", cases.text)) == ("not_text", "sku")
    assert refused(lambda: Case(document).need("limit", cases.amount)) == ("too_large", "limit")


def test_a_key_that_is_there_twice_is_refused() -> None:
    document = load('{"line": {"qty": 1, "qty": 2}}')
    assert refused(lambda: Case(document).need("line", Case)) == ("duplicate_key", "line.qty")


def test_a_decimal_is_written_plainly() -> None:
    assert cases.plain(D("1E+3")) == "1000"
    assert cases.plain(D("-0.00")) == "0.00"
    assert cases.plain(D("-0.10")) == "-0.10"
