"""Whether two records are one company or outlet. Source: rules.md, duplicate."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from kernel.money import exact, figure

EARTH_RADIUS_METRES = 6371008.8
MIN_CORE = 2
MIN_PHONE_DIGITS, MAX_PHONE_DIGITS = 7, 11
# In the order in which a cut is tried: the longest first.
GENERIC_WORDS = (
    *("粮油店", "副食店", "便利店", "杂货店", "食品店", "烟酒店", "批发部", "经营部", "小卖部"),
    *("粮油", "副食", "便利", "杂货", "食品", "烟酒", "百货", "超市", "商店", "商行", "商贸"),
    "店",
)
NAME_WEIGHT, METRES_WEIGHT = Fraction(45, 100), Fraction(25, 100)
ADDRESS_WEIGHT, PHONE_WEIGHT = Fraction(20, 100), Fraction(10, 100)
SAME_PHONE_SCORE = Fraction(90, 100)
FAR_METRES = 200
PHONE_NAME, PHONE_METRES = Decimal("0.5"), 100
SAME_DOOR_METRES, SAME_DOOR_ADDRESS, OTHER_NAME = 30, Decimal("0.9"), Decimal("0.5")
DUPLICATE, SUCCESSOR, ASK, NEW = "duplicate", "successor", "ask", "new"
DUPLICATE_SCORE, ASK_SCORE = Decimal("0.85"), Decimal("0.60")


@dataclass(frozen=True, slots=True)
class Position:
    """A position in degrees."""

    lat: Decimal
    lon: Decimal


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a company or outlet; "" is unknown."""

    name: str
    address: str = ""
    position: Position | None = None
    phone: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two records are. Name, address and score are figures to 4 places, metres to 1."""

    name: Decimal
    address: Decimal
    metres: Decimal | None
    same_phone: bool
    same_licence: bool
    score: Decimal
    band: str


@exact
def compare(a: Record, b: Record, places: Sequence[str] = ()) -> Likeness:
    """Return how alike two records are, and whether they are one; `places` are cut from the texts."""
    cut = place_cores(places)
    name = similarity(core(a.name, cut, is_name=True), core(b.name, cut, is_name=True))
    address = similarity(core(a.address, cut), core(b.address, cut))
    metres = None
    if a.position is not None and b.position is not None:
        metres = figure(Decimal(haversine(a.position, b.position)), 1)
    same_phone = _same(phone_digits(a.phone), phone_digits(b.phone))
    same_licence = _same(letters_and_digits(a.licence), letters_and_digits(b.licence))
    written_name, written_address = _figure(name), _figure(address)
    score = NAME_WEIGHT * name + ADDRESS_WEIGHT * address
    if metres is not None:
        score += METRES_WEIGHT * max(Fraction(0), 1 - Fraction(metres) / FAR_METRES)
    if same_phone:
        score += PHONE_WEIGHT
        if written_name >= PHONE_NAME or (metres is not None and metres <= PHONE_METRES):
            score = max(score, SAME_PHONE_SCORE)
    written = _figure(Fraction(1) if same_licence else score)
    return Likeness(
        written_name,
        written_address,
        metres,
        same_phone,
        same_licence,
        written,
        _band(written, written_name, written_address, metres),
    )


def _band(score: Decimal, name: Decimal, address: Decimal, metres: Decimal | None) -> str:
    if score >= DUPLICATE_SCORE:
        return DUPLICATE
    same_door = metres is not None and metres <= SAME_DOOR_METRES
    if same_door and address >= SAME_DOOR_ADDRESS and name < OTHER_NAME:
        return SUCCESSOR
    return ASK if score >= ASK_SCORE else NEW


def core(text: str, places: Sequence[str] = (), *, is_name: bool = False) -> str:
    """Return the letters and digits of a text that tell it from others.

    `places` are cores themselves, in the order of cutting (`place_cores`). A cut that would leave fewer
    than MIN_CORE letters or digits is not made.
    """
    plain = _plain(text)
    found = _letters(plain)
    if is_name:
        found = _cut_or(found, _letters(_without_brackets(plain)))
    for place in places:
        found = _cut_or(found, found.replace(place, ""))
    return _without_generic_words(found) if is_name else found


def place_cores(places: Sequence[str]) -> tuple[str, ...]:
    """Return the cores of the places, each once, the longest first."""
    found = {letters_and_digits(place) for place in places} - {""}
    return tuple(sorted(found, key=lambda place: (-len(place), place)))


def letters_and_digits(text: str) -> str:
    """Return a text in NFKC and lower case, its letters and digits only."""
    return _letters(_plain(text))


def phone_digits(text: str) -> str:
    """Return the last digits of a phone number; "" for fewer than MIN_PHONE_DIGITS."""
    digits = "".join(one for one in unicodedata.normalize("NFKC", text) if one in "0123456789")
    return digits[-MAX_PHONE_DIGITS:] if len(digits) >= MIN_PHONE_DIGITS else ""


def similarity(a: str, b: str) -> Fraction:
    """Return Dice's coefficient on the pairs of neighbouring characters: 1 when equal, 0 when one is ""."""
    if not a or not b:
        return Fraction(0)
    if a == b:
        return Fraction(1)
    pairs, others = Counter(pairwise(a)), Counter(pairwise(b))
    if not pairs or not others:
        return Fraction(0)
    return Fraction(2 * (pairs & others).total(), pairs.total() + others.total())


def haversine(a: Position, b: Position) -> float:
    """Return the great circle between two positions in metres."""
    lat, other_lat = math.radians(a.lat), math.radians(b.lat)
    across = math.sin((other_lat - lat) / 2) ** 2
    along = math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    h = across + math.cos(lat) * math.cos(other_lat) * along
    return 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(min(1.0, h)))


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _figure(x: Fraction) -> Decimal:
    return figure(Decimal(x.numerator) / Decimal(x.denominator))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _letters(text: str) -> str:
    return "".join(one for one in text if unicodedata.category(one)[0] in "LN")


def _cut_or(before: str, after: str) -> str:
    return after if len(after) >= MIN_CORE else before


def _without_brackets(text: str) -> str:
    """Cut what stands from each ( to the next ); an opening bracket without a closing one cuts nothing."""
    parts, start = [], 0
    while (opening := text.find("(", start)) >= 0 and (closing := text.find(")", opening)) >= 0:
        parts.append(text[start:opening])
        start = closing + 1
    return "".join([*parts, text[start:]])


def _without_generic_words(text: str) -> str:
    end = len(text)
    while True:
        word = next(
            (one for one in GENERIC_WORDS if end - len(one) >= MIN_CORE and text.endswith(one, 0, end)), ""
        )
        if not word:
            return text[:end]
        end -= len(word)
