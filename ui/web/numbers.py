"""Numbers for people: thousands grouped by commas, as in Chinese and English books alike."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language

MINUS = "\N{MINUS SIGN}"
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$"}
# What large figures are counted in, the largest first, by the language's first two or seven letters.
COUNTED_IN = {
    "zh-hans": ((10**8, "亿"), (10**4, "万")),
    "zh-hant": ((10**8, "億"), (10**4, "萬")),
    "en": ((10**9, "bn"), (10**6, "m"), (10**3, "k")),
}
SHORTENED_FROM = 10_000


def grouped(value: Decimal | int | float, places: int = 0) -> str:
    """1,234.50 with a real minus sign; rounded half up."""
    exact = _rounded(Decimal(str(value)), places)
    return f"{exact:,}".replace("-", MINUS)


def money(value: Decimal | int | float, currency: str, places: int = 2) -> str:
    """¥1,234.50, and −¥1,234.50; a currency without a sign of its own as CHF 1,234.50."""
    return _signed(grouped(value, places), currency)


def shortened(value: Decimal | int | float, currency: str = "") -> tuple[str, str]:
    """A large figure and what it is counted in: 12.3 万, in English 12.3 k; a small one whole.

    With a currency it is money: 12.3 万元 where Chinese speaks of yuan, else ¥12.3 k.
    """
    exact, language = Decimal(str(value)), get_language() or ""
    number, unit = _counted(exact, COUNTED_IN["en" if language[:2] != "zh" else _script(language)])
    if currency == "CNY" and language.startswith("zh"):
        return number, f"{unit}元"
    return (_signed(number, currency) if currency else number), unit


def _script(language: str) -> str:
    return language if language in COUNTED_IN else "zh-hans"


def _counted(exact: Decimal, units: tuple[tuple[int, str], ...]) -> tuple[str, str]:
    """The largest unit of which there is one after rounding: 999,960 is 1.0 m, not 1,000.0 k."""
    if abs(_rounded(exact, 0)) >= SHORTENED_FROM:
        for size, unit in units:
            counted = _rounded(exact / size, 1)
            if abs(counted) >= 1:
                return grouped(counted, 1), unit
    return grouped(exact), ""


def _rounded(exact: Decimal, places: int) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _signed(number: str, currency: str) -> str:
    sign = SYMBOLS.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    return f"{MINUS}{sign}{number[1:]}" if number.startswith(MINUS) else f"{sign}{number}"
