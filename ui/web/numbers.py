"""Formatting of numbers: thousands are grouped by commas in Chinese and in English."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language

from kernel.quantities import Packing
from ui.web.local_names import unit_name

MINUS = "\N{MINUS SIGN}"
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$"}
# The units of large figures, the largest first, by language.
UNITS = {
    "zh-hans": ((10**8, "亿"), (10**4, "万")),
    "zh-hant": ((10**8, "億"), (10**4, "萬")),
    "en": ((10**9, "bn"), (10**6, "m"), (10**3, "k")),
}
SHORTENED_FROM = 10_000


def grouped(value: Decimal | int | float, places: int = 0) -> str:
    """Format a number as 1,234.50, rounded half up, with the character MINUS SIGN."""
    exact = _rounded(Decimal(str(value)), places)
    return f"{exact:,}".replace("-", MINUS)


def number(value: Decimal | int | float | str) -> str:
    """Format a number as 1,234.5: grouped, exact, without the zeros that end its fraction."""
    text = f"{Decimal(str(value)):,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


def in_units(qty: int, packing: Packing | None) -> str:
    """Format a quantity in cases and the remainder: 5 箱 3 桶; without a packing the number alone."""
    if packing is None:
        return grouped(qty)
    parts = [(grouped(count), unit_name(unit, count)) for count, unit in packing.parts(qty)]
    return " ".join(f"{count}\N{NO-BREAK SPACE}{unit}" for count, unit in parts)


def percent(fraction: Decimal | float | str) -> str:
    """Format a fraction as per cent: 0.125 is 12.5%."""
    return f"{number(Decimal(str(fraction)) * 100)}%"


def money(value: Decimal | int | float, currency: str, places: int = 2) -> str:
    """Format an amount as ¥1,234.50 or −¥1,234.50; a currency without a symbol as CHF 1,234.50."""
    return _with_symbol(grouped(value, places), currency)


def shortened(value: Decimal | int | float, currency: str = "") -> tuple[str, str]:
    """Return a large figure and its unit: 12.3 万, in English 12.3 k; a small one is not shortened.

    With a currency the figure is money: 12.3 万元 for CNY in Chinese, else ¥12.3 k.
    """
    exact, language = Decimal(str(value)), get_language() or ""
    number, unit = _in_unit(exact, UNITS["en" if language[:2] != "zh" else _script(language)])
    if currency == "CNY" and language.startswith("zh"):
        return number, f"{unit}元"
    return (_with_symbol(number, currency) if currency else number), unit


def _script(language: str) -> str:
    return language if language in UNITS else "zh-hans"


def _in_unit(exact: Decimal, units: tuple[tuple[int, str], ...]) -> tuple[str, str]:
    """Return the figure in the largest unit in which it rounds to at least 1: 999,960 is 1.0 m."""
    if abs(_rounded(exact, 0)) >= SHORTENED_FROM:
        for size, unit in units:
            figure = _rounded(exact / size, 1)
            if abs(figure) >= 1:
                return grouped(figure, 1), unit
    return grouped(exact), ""


def _rounded(exact: Decimal, places: int) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _with_symbol(number: str, currency: str) -> str:
    symbol = SYMBOLS.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    return f"{MINUS}{symbol}{number[1:]}" if number.startswith(MINUS) else f"{symbol}{number}"
