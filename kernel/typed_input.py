"""Read numbers, amounts, percentages, quantities and dates that people type; never guess a meaning.

Accepted are full-width characters, spaces around, thousands separators in groups of three, a currency
sign, and Chinese numerals in counts. What may mean two things (1,5 1,2,3 1e3 1.5.0 01/02/2026) is refused,
as is what has more places than its column.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from unicodedata import normalize

from kernel.quantities import MAX_UNITS

MAX_CHARACTERS = 40
MAX_DIGITS = 15

_NUMBER = re.compile(r"(?P<sign>[-−+]?)(?P<integer>\d{1,3}(?:,\d{3})+|\d+)?(?:\.(?P<places>\d+))?", re.ASCII)
_CURRENCY = re.compile(r"^(?:¥|CNY|RMB|\$|€|£)\s*|\s*(?:元|圆|CNY|RMB)$", re.IGNORECASE)
_NUMERALS: Mapping[str, int] = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "兩": 2,
}
_POWERS: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = ("万", "萬")
_CHINESE = "".join((*_NUMERALS, *_POWERS, *_MYRIADS))
_PART = re.compile(rf"(?P<count>[\d,.]+|[{_CHINESE}]+)\s*(?P<unit>[^\d,.\s{_CHINESE}]*)\s*", re.ASCII)
_DATE = re.compile(
    r"(?P<year>\d{4})(?:(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
    r"|(?P<month8>\d\d)(?P<day8>\d\d)"
    r"|\s*年\s*(?P<month_cn>\d{1,2})\s*月\s*(?P<day_cn>\d{1,2})\s*[日号])",
    re.ASCII,
)
_ENGLISH_DATE = re.compile(r"(?P<day>\d{1,2}) (?P<name>[a-z]{3,9})\.? (?P<year>\d{4})", re.ASCII | re.I)
_DATE_OF_TWO_MEANINGS = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d{4}|\d{1,2})", re.ASCII)
_MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_TIMES = re.compile(r"^[xX×*]\s*(?=[0-9])")


class UnreadableInput(ValueError):
    """Typed text that is no value of its kind; `code` says why."""

    def __init__(self, code: str, typed: str) -> None:
        super().__init__(f"{typed!r} cannot be read: {code.replace('_', ' ')}.")
        self.code, self.typed = code, typed


class TypedQuantity(NamedTuple):
    """One part of a quantity: 5箱3桶 has two. The unit is "" where none was typed."""

    qty: int
    unit: str


def read_number(typed: str, *, places: int = 4, signed: bool = False) -> Decimal:
    """Return the number. Raise UnreadableInput: empty, not_a_number, two_meanings, negative, too_large, …"""
    plain = _plain(typed)
    found = _NUMBER.fullmatch(plain)
    if found is None or not (found["integer"] or found["places"]):
        raise UnreadableInput(_reason(plain), typed)
    integer, fraction = (found["integer"] or "0").replace(",", ""), found["places"] or ""
    if len(integer.lstrip("0")) > MAX_DIGITS:
        raise UnreadableInput("too_large", typed)
    if len(fraction.rstrip("0")) > places:
        raise UnreadableInput("not_whole" if places == 0 else "too_many_places", typed)
    fraction = fraction[:places]
    value = Decimal(f"{integer}.{fraction}" if fraction else integer)
    if found["sign"] in ("-", "−") and value:
        if not signed:
            raise UnreadableInput("negative", typed)
        value = -value
    return value


def read_amount(typed: str, *, places: int = 2, signed: bool = False) -> Decimal:
    """Return an amount of money or a price, with or without its currency. Raise UnreadableInput."""
    return read_number(_CURRENCY.sub("", _plain(typed), count=1), places=places, signed=signed)


def read_percentage(typed: str, *, places: int = 2) -> Decimal:
    """Return the fraction of "2.5%": 0.025. Raise UnreadableInput, also without the sign (no_percent)."""
    plain = _plain(typed)
    if not plain.endswith("%"):
        raise UnreadableInput("no_percent", typed)
    return read_number(plain[:-1], places=places) / 100


def read_count(typed: str, *, max_count: int = MAX_UNITS) -> int:
    """Return a number of units, zero or more: 20, 1,200, 二十, ×20. Raise UnreadableInput."""
    plain = _TIMES.sub("", _plain(typed))
    count = _chinese_count(plain, typed) if plain and set(plain) <= set(_CHINESE) else None
    if count is None:
        count = int(read_number(plain, places=0))
    if count > max_count:
        raise UnreadableInput("too_large", typed)
    return count


def read_quantity(typed: str, *, max_count: int = MAX_UNITS) -> tuple[TypedQuantity, ...]:
    """Return the parts of a quantity with their units: 20箱, 5箱3桶, ×20. Raise UnreadableInput.

    Only one part may lack its unit: then it is the whole quantity.
    """
    plain = _TIMES.sub("", _plain(typed))
    parts, at = [], 0
    while at < len(plain):
        found = _PART.match(plain, at)
        if found is None:
            raise UnreadableInput("negative" if plain[0] in "-−" else _reason(plain), typed)
        parts.append(TypedQuantity(read_count(found["count"], max_count=max_count), found["unit"]))
        at = found.end()
    if not parts:
        raise UnreadableInput("empty", typed)
    if len(parts) > 1 and (not all(part.unit for part in parts) or len({p.unit for p in parts}) < len(parts)):
        raise UnreadableInput("two_meanings", typed)
    return tuple(parts)


def read_date(typed: str) -> date:
    """Return the day of 2026-01-05, 2026/1/5, 2026.1.5, 20260105, 2026年1月5日, 5 Jan 2026.

    Raise UnreadableInput: two_dates for 01/02/2026, no_such_day for 2026-02-30, not_a_date for other text.
    """
    plain = _plain(typed)
    if not plain:
        raise UnreadableInput("empty", typed)
    year, month, day = _date_parts(plain, typed)
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise UnreadableInput("no_such_day", typed) from error
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise UnreadableInput("no_such_day", typed)
    return found


def _date_parts(plain: str, typed: str) -> tuple[int, int, int]:
    """Return year, month and day; the month is 0 if its name is none. Raise UnreadableInput."""
    if found := _DATE.fullmatch(plain):
        month = found["month"] or found["month8"] or found["month_cn"]
        day = found["day"] or found["day8"] or found["day_cn"]
        return int(found["year"]), int(month), int(day)
    if found := _ENGLISH_DATE.fullmatch(plain):
        name = found["name"].lower()
        named = (place for place, full in enumerate(_MONTH_NAMES, start=1) if name in (full, full[:3]))
        return int(found["year"]), next(named, 0), int(found["day"])
    raise UnreadableInput("two_dates" if _DATE_OF_TWO_MEANINGS.fullmatch(plain) else "not_a_date", typed)


def _plain(typed: str) -> str:
    if len(typed) > MAX_CHARACTERS:
        raise UnreadableInput("too_long", typed[:MAX_CHARACTERS])
    return normalize("NFKC", typed).strip()


def _reason(plain: str) -> str:
    if not plain:
        return "empty"
    has_digits = any(char in "0123456789" for char in plain)
    return "two_meanings" if has_digits and re.fullmatch(r"[-−+]?[0-9,.eE'’ ]+", plain) else "not_a_number"


def _chinese_count(plain: str, typed: str) -> int:
    """Return the value of 二十五, 一百零五, 两千, 一万二千. 一百五 and 一万二 mean 150 or 105: refused."""
    for char in _MYRIADS:
        high, myriad, low = plain.partition(char)
        if myriad:
            if low and low[0] not in "零〇" and "千" not in low:
                raise UnreadableInput("two_meanings", typed)
            below = _below_ten_thousand(low, typed) if low else 0
            return _below_ten_thousand(high, typed) * 10_000 + below
    return _below_ten_thousand(plain, typed)


def _below_ten_thousand(plain: str, typed: str) -> int:
    total, power, digit, has_zero = 0, 10_000, -1, False
    for char in plain:
        if char in _NUMERALS and digit <= 0:
            digit = _NUMERALS[char]
            has_zero = has_zero or digit == 0
        elif char in _NUMERALS:
            raise UnreadableInput("two_meanings", typed)
        elif char in _MYRIADS or _POWERS[char] >= power or digit == 0:
            raise UnreadableInput("not_a_number", typed)
        else:
            power = _POWERS[char]
            total, digit, has_zero = total + abs(digit) * power, -1, False
    if not plain:
        raise UnreadableInput("not_a_number", typed)
    if digit > 0 and 100 <= power < 10_000 and not has_zero:
        raise UnreadableInput("two_meanings", typed)
    return total + max(digit, 0)
