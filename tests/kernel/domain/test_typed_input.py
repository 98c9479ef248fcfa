"""What people type for numbers, amounts, percentages and quantities; what has two meanings is refused."""

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.typed_input import (
    UnreadableInput,
    read_amount,
    read_count,
    read_date,
    read_number,
    read_percentage,
    read_quantity,
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", "12"),
        (" 12.50 ", "12.5"),
        ("1,200", "1200"),
        ("12,345,678.5", "12345678.5"),
        ("１，２００．５０", "1200.5"),
        (".5", "0.5"),
        ("0012", "12"),
        ("+3", "3"),
        ("-0", "0"),
        ("\u30007\u00a0", "7"),
    ],
)
def test_a_number_is_read(typed, value):
    assert read_number(typed) == Decimal(value)


def test_a_sign_is_read_where_it_may_be():
    assert read_number("-3", signed=True) == read_number("−3", signed=True) == -3


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("abc", "not_a_number"),
        ("12 kg", "not_a_number"),
        ("1,5", "two_meanings"),
        ("1,2,3", "two_meanings"),
        ("1,20", "two_meanings"),
        ("1,2345", "two_meanings"),
        ("1e3", "two_meanings"),
        ("1.2.3", "two_meanings"),
        ("1 200", "two_meanings"),
        ("1'200", "two_meanings"),
        ("5.", "two_meanings"),
        (".", "not_a_number"),
        ("-1", "negative"),
        ("0.12345", "too_many_places"),
        ("1234567890123456", "too_large"),
        ("1" * 41, "too_long"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1_000", "not_a_number"),
        ("٣", "not_a_number"),
    ],
)
def test_what_is_no_number_or_has_two_meanings_is_refused(typed, code):
    with pytest.raises(UnreadableInput) as refused:
        read_number(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "typed", ["1,000.00", "¥1,000", "￥1000", "1000元", "1,000.00 CNY", "RMB 1000", "１０００"]
)
def test_an_amount_may_name_its_currency(typed):
    assert read_amount(typed) == 1000


@pytest.mark.parametrize(
    ("typed", "code"), [("1000.005", "too_many_places"), ("1e3", "two_meanings"), ("元", "empty")]
)
def test_an_amount_has_whole_cents(typed, code):
    with pytest.raises(UnreadableInput) as refused:
        read_amount(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(("typed", "value"), [("2.5%", "0.025"), ("２．５％", "0.025"), ("10 %", "0.1")])
def test_a_percentage_is_a_fraction(typed, value):
    assert read_percentage(typed) == Decimal(value)


@pytest.mark.parametrize(("typed", "code"), [("2,5%", "two_meanings"), ("2.5", "no_percent"), ("%", "empty")])
def test_what_is_no_percentage_is_refused(typed, code):
    with pytest.raises(UnreadableInput) as refused:
        read_percentage(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("20", 20),
        ("1,200", 1200),
        ("20.0", 20),
        ("x20", 20),
        ("×20", 20),
        ("*20", 20),
        ("二十", 20),
        ("十二", 12),
        ("二十五", 25),
        ("一百", 100),
        ("一百一十", 110),
        ("一百零五", 105),
        ("两千", 2000),
        ("三千零五十", 3050),
        ("一万二千", 12000),
        ("一萬零五", 10005),
        ("三十万", 300000),
        ("零", 0),
    ],
)
def test_a_count_is_read(typed, count):
    assert read_count(typed) == count


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.5", "not_whole"),
        ("1,5", "two_meanings"),
        ("二二", "two_meanings"),
        ("一百五", "two_meanings"),
        ("一万二", "two_meanings"),
        ("百千", "not_a_number"),
        ("零十", "not_a_number"),
        ("十万万", "two_meanings"),
        ("万", "not_a_number"),
        ("-2", "negative"),
        ("1000000001", "too_large"),
        ("", "empty"),
    ],
)
def test_what_is_no_count_is_refused(typed, code):
    with pytest.raises(UnreadableInput) as refused:
        read_count(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("20箱", [(20, "箱")]),
        ("20 箱", [(20, "箱")]),
        ("二十箱", [(20, "箱")]),
        ("5箱3桶", [(5, "箱"), (3, "桶")]),
        ("五箱三桶", [(5, "箱"), (3, "桶")]),
        ("1,200 桶", [(1200, "桶")]),
        ("×20", [(20, "")]),
        ("20case", [(20, "case")]),
    ],
)
def test_a_quantity_has_one_unit_or_several(typed, parts):
    assert list(read_quantity(typed)) == parts


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1,5箱", "two_meanings"),
        ("1.5箱", "not_whole"),
        ("5箱3", "two_meanings"),
        ("5箱3箱", "two_meanings"),
        ("5 3", "two_meanings"),
        ("箱", "not_a_number"),
        ("-3箱", "negative"),
        ("", "empty"),
    ],
)
def test_what_is_no_quantity_is_refused(typed, code):
    with pytest.raises(UnreadableInput) as refused:
        read_quantity(typed)
    assert refused.value.code == code


@given(st.integers(0, 10**9))
def test_every_count_is_read_back_plain_and_grouped(count):
    assert read_count(str(count)) == read_count(f"{count:,}") == count


@given(st.decimals(0, 10**12, places=4))
def test_every_number_is_read_back_plain_and_grouped(value):
    assert read_number(f"{value:f}") == read_number(f"{value:,f}") == value


@given(st.text(max_size=12))
@pytest.mark.parametrize("read", [read_number, read_amount, read_percentage, read_count, read_quantity])
def test_any_text_is_read_or_refused(read, typed):
    with contextlib.suppress(UnreadableInput):
        read(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-01-05",
        "2026-1-5",
        "2026/1/5",
        "2026.1.5",
        "20260105",
        "2026年1月5日",
        "2026年01月05号",
        "2026 年 1 月 5 日",
        "２０２６－０１－０５",
        "２０２６／１／５",
        " 2026-1-5 ",
        "5 Jan 2026",
        "5 january 2026",
        "5 Jan. 2026",
    ],
)
def test_a_day_is_read_as_people_write_it(typed):
    assert read_date(typed) == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("01/02/2026", "two_dates"),
        ("1-2-2026", "two_dates"),
        ("1.2.2026", "two_dates"),
        ("01/02/26", "two_dates"),
        ("26-1-5", "two_dates"),
        ("2026-13-01", "no_such_day"),
        ("2026-02-30", "no_such_day"),
        ("2025年2月29日", "no_such_day"),
        ("20261301", "no_such_day"),
        ("5 Foo 2026", "no_such_day"),
        ("0001-01-01", "no_such_day"),
        ("9999-12-31", "no_such_day"),
        ("2026-1/5", "not_a_date"),
        ("2026年1月", "not_a_date"),
        ("1月5日", "not_a_date"),
        ("soon", "not_a_date"),
        ("45000", "not_a_date"),
        ("2026-W01-1", "not_a_date"),
        ("", "empty"),
        ("2" * 41, "too_long"),
    ],
)
def test_a_day_with_two_meanings_or_none_is_refused(typed, code):
    with pytest.raises(UnreadableInput) as refused:
        read_date(typed)
    assert refused.value.code == code


def test_an_amount_may_be_negative_where_it_is_wanted():
    assert read_amount("-1,200.5元", signed=True) == Decimal("-1200.5")
