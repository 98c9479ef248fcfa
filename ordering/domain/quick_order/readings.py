"""The ways to read a line of goods: its whole text as a name, or a quantity split off at an end.

The products that there are decide between them (`matching`): `鸡粉 908` may be a name, `生抽 908` a quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from kernel.typed_input import TypedQuantity, UnreadableInput, read_count
from ordering.domain.quick_order.chat_text import KNOWN_UNITS, narrow, without_polite_words

NAME, SPLIT, REDUCED, DOUBTFUL = range(4)
"""How a reading came about: the whole text, a quantity split off, something left out before, and a guess."""
MAX_PARTS = 3
QUANTITY_REASONS = {"two_meanings": "two_meanings", "too_large": "too_large", "negative": "not_positive"}
_NUMERALS = "〇零一二三四五六七八九十百千万两兩"
_LETTER = rf"[^\W\d_{_NUMERALS}]"
_DIGITS = r"[0-9](?:[0-9,.]*[0-9])?"
_AT_END = re.compile(
    rf"(?P<count>(?<=\s)-{_DIGITS}|{_DIGITS}|[{_NUMERALS}]+)\s*(?P<unit>{_LETTER}{{0,10}})\s*$"
)
_ENGLISH_UNIT = r"(?:cases?|ctns?|cartons?|box(?:es)?|bottles?|btls?|bags?|packs?|pcs?)(?![a-z])"
_AT_START = re.compile(
    rf"\s*(?P<count>{_DIGITS}|[{_NUMERALS}]+)\s*(?P<unit>[{KNOWN_UNITS}]|{_ENGLISH_UNIT}|)(?P<rest>.*)$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"[\s:=,;、()×*x\u3400-\u9fff]$", re.IGNORECASE)
_ALONE_NUMERAL = re.compile(r"[\s:=×*x]$", re.IGNORECASE)
_BEFORE_NAME = re.compile(r"(?<=[0-9])(?:\s|[xX×*])")
_SEPARATOR = re.compile(
    r"(?:[\s:=×*,;、|@/-]|数量|qty|[各要来订拿共]|(?<=[\s0-9)\u3400-\u9fff])x|(?<=[0-9a-z])x(?=$))+$",
    re.IGNORECASE,
)
_ENDING = " \t.,;:!?~、。;…"
_BRACKETS = re.compile(r"\s*[(\[【]\s*(?P<content>[^()\[\]【】]*?)\s*[)\]】]\s*$")
_QUANTITY = re.compile(
    rf"(?:(?:{_DIGITS}|[{_NUMERALS}]+)\s*(?:[{KNOWN_UNITS}]|{_ENGLISH_UNIT})?\s*){{1,{MAX_PARTS}}}",
    re.IGNORECASE,
)
_REMARK_AFTER = re.compile(rf"^(?P<goods>.*[0-9{_NUMERALS}]\s*[{KNOWN_UNITS}])[\s,;。]+(?P<remark>[^0-9]+)$")
_PRICE_AFTER = re.compile(
    rf"^(?P<goods>.*\S)\s*(?:[@¥￥]\s*{_DIGITS}|(?<=\s){_DIGITS}\s*元)(?:\s*/\s*\S{{1,4}})?$"
)
_CUT = re.compile(rf"(?:{_DIGITS}|[{_NUMERALS}]+)\s*[{KNOWN_UNITS}](?=\s)")
_SEVERAL_GOODS = re.compile(
    rf"[^\W\d].*?[0-9{_NUMERALS}]\s*[{KNOWN_UNITS}]\s*(?=[^\W\d]).*[0-9{_NUMERALS}]"
    rf"|^\s*[0-9{_NUMERALS}]+\s*[{KNOWN_UNITS}]\s*[^\W\d].*[0-9{_NUMERALS}]\s*[{KNOWN_UNITS}]"
)
_SERIAL = re.compile(r"[0-9]{1,3}\s+(?=\S)")


class Reading(NamedTuple):
    """A product's name and a quantity, () for none; `reason` says why a quantity is refused."""

    reference: str
    quantity: tuple[TypedQuantity, ...] = ()
    reason: str = ""
    rank: int = NAME


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line of goods as it is written, with its readings; a remark is no goods unless one is named so."""

    number: int
    text: str
    readings: tuple[Reading, ...]
    is_remark: bool = False


def readings_of(text: str) -> list[Reading]:
    """Return the readings of a line, its whole text first."""
    found = [Reading(text)]
    body = without_polite_words(text)
    for part, rank in _bodies(text, body):
        found += [one._replace(rank=rank) for one in (*_at_end(part), *_at_start(part))]
    found += _without_serial(body)
    return list(dict.fromkeys(found))


def has_quantity(text: str) -> bool:
    """Return whether a part of a line names goods and their quantity: not 生抽500ml."""
    units = {one.quantity[-1].unit for one in (*_at_end(text), *_at_start(text))}
    return any(unit in KNOWN_UNITS for unit in units)


def goods_without_commas(text: str) -> list[str]:
    """Return the parts of `生抽500 20箱 鸡精 5箱`, where each names goods and their quantity; else none.

    The quantities stand behind all names, or before all of them.
    """
    plain = narrow(text)
    cuts = list(_CUT.finditer(plain))
    parts: list[str] = []
    for start, end in pairwise([0, *(cut.end() for cut in cuts), len(text)]):
        part = text[start:end].strip()
        if parts and _QUANTITY.fullmatch(narrow(part)):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part)
    if not all(map(_is_goods, parts)):
        starts = [cut.start() for cut in cuts]
        parts = [text[start:end].strip() for start, end in pairwise([*starts, len(text)])]
        if starts[:1] != [0] or not all(
            any(_has_letter(one.reference) for one in _at_start(p)) for p in parts
        ):
            return []
    return parts if len(parts) > 1 else []


def _is_goods(part: str) -> bool:
    return any(one.quantity[-1].unit in KNOWN_UNITS and _has_letter(one.reference) for one in _at_end(part))


def _has_letter(reference: str) -> bool:
    return any(char.isalpha() for char in reference)


def names_several_goods(text: str) -> bool:
    """Return whether a line seems to name more goods after a quantity: 生抽20箱鸡精5箱."""
    return _SEVERAL_GOODS.search(narrow(text)) is not None


def _bodies(text: str, body: str) -> Iterator[tuple[str, int]]:
    """Yield the text, its `body` without polite words, and that without what may stand around the goods."""
    yield text, SPLIT
    if body not in ("", text):
        yield body, REDUCED
    plain = narrow(body)
    if found := _PRICE_AFTER.match(plain):
        yield body[: found.end("goods")], DOUBTFUL
    if plain[-1:] in KNOWN_UNITS:
        return
    if found := _BRACKETS.search(plain):
        content = found["content"]
        if _QUANTITY.fullmatch(content):
            yield f"{body[: found.start()]} {content}", SPLIT
        else:
            yield body[: found.start()], DOUBTFUL if re.search("[0-9]", content) else REDUCED
    if found := _REMARK_AFTER.match(plain):
        yield body[: found.end("goods")], DOUBTFUL


def _at_end(text: str) -> Iterator[Reading]:
    """Yield the readings with the quantity behind the name, of one part and of more."""
    plain = narrow(text)
    parts: tuple[TypedQuantity, ...] = ()
    end, reason = len(plain.rstrip(_ENDING)), ""
    for _part in range(MAX_PARTS):
        found = _AT_END.search(plain, 0, end)
        if found is None or (not found["unit"] and (parts or not _stands_alone(found, plain))):
            return
        part, why = _read(found["count"], found["unit"])
        parts, reason = (part, *parts), why or reason
        for reference in _references(text[: found.start()]):
            yield Reading(reference, parts, reason, SPLIT)
        if not found["unit"]:
            return
        end = len(plain[: found.start()].rstrip(" +,、加和又"))


def _stands_alone(found: re.Match[str], plain: str) -> bool:
    """Return whether a number without a unit is no part of the word before it: not in LZ-CE-25."""
    before = plain[: found.start()]
    alone = _ALONE if found["count"][-1] in "0123456789" else _ALONE_NUMERAL
    return alone.search(before) is not None


def _at_start(text: str) -> Iterator[Reading]:
    """Yield the readings with the quantity before the name: 20箱 生抽, 二十箱生抽, 20 LZ-CE-25."""
    parts: tuple[TypedQuantity, ...] = ()
    plain, start, reason = narrow(text), 0, ""
    for _part in range(MAX_PARTS):
        found = _AT_START.match(plain, start)
        if found is None or (
            not found["unit"] and (parts or not _BEFORE_NAME.match(plain, found.end("count")))
        ):
            return
        part, why = _read(found["count"], found["unit"])
        parts, reason = (*parts, part), why or reason
        start = found.start("rest")
        rest = text[start:].lstrip(" xX×*:：,，的+加")
        if rest:
            yield Reading(rest, parts, reason, SPLIT)
        if not found["unit"]:
            return


def _read(count: str, unit: str) -> tuple[TypedQuantity, str]:
    """Return a part of a quantity, and the reason of one that is refused."""
    try:
        qty = read_count(count)
    except UnreadableInput as error:
        return TypedQuantity(0, unit), QUANTITY_REASONS.get(error.code, "not_whole")
    return TypedQuantity(qty, unit), "" if qty else "not_positive"


def _references(before: str) -> list[str]:
    """Return the name before a quantity, as it is and without what separates both."""
    plain = narrow(before)
    found = _SEPARATOR.search(plain)
    bare = before[: found.start()].strip() if found else ""
    is_punctuation = found is not None and not found[0].strip(" :=,;、|@")
    return [name for name in dict.fromkeys((bare, "" if is_punctuation else before.strip())) if name]


def _without_serial(body: str) -> Iterator[Reading]:
    """Yield the readings of `1 LZ-CE-25 20箱` without its first number; without a unit it is a guess."""
    found = _SERIAL.match(body)
    if found is not None:
        for one in _at_end(body[found.end() :]):
            yield one._replace(rank=REDUCED if one.quantity[-1].unit else DOUBTFUL)
