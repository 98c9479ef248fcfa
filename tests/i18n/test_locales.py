"""Dates, numbers and money as each language writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.forms import DateField
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.formats import date_format

from ui.templatetags.display import day, money, short

SATURDAY = date(2026, 7, 18)


@pytest.mark.parametrize(
    ("language", "written"),
    [("zh-hans", "7月18日 周六"), ("zh-hant", "7月18日 週六"), ("en", "18 Jul, Sat")],
)
def test_a_day_says_its_weekday(language, written):
    with translation.override(language):
        assert day(SATURDAY) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("zh-hans", ["2026年7月18日", "2026-07-18", "7月18日", "2026年7月"]),
        ("zh-hant", ["2026年7月18日", "2026-07-18", "7月18日", "2026年7月"]),
        ("en", ["18 Jul 2026", "18 Jul 2026", "18 Jul", "July 2026"]),
    ],
)
def test_dates_are_written_as_the_language_does(language, written):
    with translation.override(language):
        names = ("DATE_FORMAT", "SHORT_DATE_FORMAT", "MONTH_DAY_FORMAT", "YEAR_MONTH_FORMAT")
        assert [date_format(SATURDAY, name) for name in names] == written


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_date_field_is_given_what_a_browser_takes(language):
    with translation.override(language):
        assert DateField().widget.format_value(SATURDAY) == "2026-07-18"
        assert DateField().clean("2026-07-18") == SATURDAY


def test_a_moment_is_shown_in_the_tenants_time_zone():
    late = datetime(2026, 7, 17, 20, 0, tzinfo=UTC)
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        assert Template("{{ at|day }}").render(Context({"at": late})) == "18 Jul, Sat"


@pytest.mark.parametrize(
    ("language", "value", "written"),
    [
        ("zh-hans", 9999, "9,999"),
        ("zh-hans", 123_456, "12.3万"),
        ("zh-hans", 99_999_999, "1.0亿"),
        ("zh-hant", 123_456, "12.3萬"),
        ("zh-hant", 250_000_000, "2.5億"),
        ("en", 9999, "9,999"),
        ("en", 123_456, "123.5k"),
        ("en", -999_960, "\N{MINUS SIGN}1.0m"),
        ("en", None, "—"),
    ],
)
def test_large_figures_are_short(language, value, written):
    with translation.override(language):
        assert short(value) == written


@pytest.mark.parametrize(
    ("language", "currency", "written"),
    [
        ("zh-hans", "CNY", "12.3万元"),
        ("zh-hant", "CNY", "12.3萬元"),
        ("en", "CNY", "¥123.5k"),
        ("zh-hans", "USD", "$12.3万"),
        ("en", "CHF", "CHF\N{NO-BREAK SPACE}123.5k"),
    ],
)
def test_large_money_is_short_in_its_currency(language, currency, written):
    with translation.override(language):
        assert short(Decimal("123456.78"), currency) == written


def test_money_has_its_sign_before_the_number_and_the_minus_before_that():
    assert money(Decimal("1234.5")) == "¥1,234.50"
    assert money(Decimal("-1234.5"), "USD") == "\N{MINUS SIGN}$1,234.50"
    assert money(None) == "—"
