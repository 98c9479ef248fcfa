"""Strict reading of JSON cases: every value is checked, and every refusal names the value's path.

Source: rules.md. Decimals are strings (integers are accepted, floats refused), quantities are whole
numbers, a key with null counts as absent, and an unknown key is refused at any depth. A reader is a
function `(value, path) -> T`; readers compose: `case.need("qty", positive)`,
`case.each("lines", read_line)`.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from types import TracebackType
from typing import TypeVar

from kernel.refusals import Refusal
from kernel.translation import gettext as _

T = TypeVar("T")
D = TypeVar("D")
Reader = Callable[[object, str], T]

MAX_DIGITS = 18
MAX_PLACES = 12
PRICE_PLACES = 4
_NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MAX_NUMBER_CHARACTERS = 64


class InvalidCase(Refusal):
    """A case that is not valid; `code` says what is wrong with the value at the path `field`."""

    def __init__(self, code: str, message: str, *, field: str = "", **details: object) -> None:
        super().__init__(message, field=field, **details)
        self.code = code


class JsonObject(dict[str, object]):
    """A JSON object; `repeated` is a key that occurs twice in the document."""

    repeated: str | None = None


def load(document: str | bytes) -> object:
    """Parse a JSON document to be read as a case. Raises InvalidCase `bad_json`."""
    try:
        text = document.decode("utf-8-sig") if isinstance(document, bytes) else document
        return json.loads(text, object_pairs_hook=json_object, parse_int=_integer)
    except RecursionError:
        raise InvalidCase("bad_json", _("The JSON is nested too deeply.")) from None
    except ValueError as error:  # also raised for bytes that are not UTF-8
        raise InvalidCase("bad_json", _("This is no valid JSON: %(error)s.") % {"error": error}) from error


def json_object(pairs: list[tuple[str, object]]) -> JsonObject:
    """Return a JSON object of these keys and values; `json.loads` calls it as `object_pairs_hook`."""
    result = JsonObject()
    for key, value in pairs:
        if key in result:
            result.repeated = key
        result[key] = value
    return result


def _integer(digits: str) -> int:
    return int(digits[:_MAX_NUMBER_CHARACTERS])  # what is longer is too large either way


class Case:
    """One object of a case and its path. Use it as a context manager:

        with Case(value, path) as line:
            return Line(sku=line.need("sku", text), qty=line.need("qty", positive))

    On exit, a key that was not read is refused with `unknown_key`.
    """

    __slots__ = ("_requested", "_values", "path")

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, Mapping):
            raise InvalidCase("not_an_object", _("This must be an object in braces."), field=path)
        self.path = path
        self._values: Mapping[str, object] = value
        self._requested: set[str] = set()
        repeated = getattr(value, "repeated", None)
        if repeated is not None:
            raise InvalidCase("duplicate_key", _("This key is there twice."), field=self.at(repeated))

    def at(self, key: str) -> str:
        """Return the path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        self._requested.add(key)
        return self._values.get(key) is not None

    def need(self, key: str, read: Reader[T]) -> T:
        """Return the value of a required key."""
        if not self.has(key):
            raise InvalidCase("missing", _("This is missing."), field=self.at(key))
        return read(self._values[key], self.at(key))

    def take(self, key: str, read: Reader[T], default: D) -> T | D:
        """Return the value of an optional key, or the default."""
        return read(self._values[key], self.at(key)) if self.has(key) else default

    def each(self, key: str, read: Reader[T], *, least: int = 0) -> list[T]:
        """Return the items of a required list with at least `least` items."""
        found = self.need(key, list_of(read))
        if len(found) < least:
            raise InvalidCase("empty", _("This may not be empty."), field=self.at(key))
        return found

    def some(self, key: str, read: Reader[T]) -> list[T]:
        """Return the items of an optional list; an absent list is empty."""
        return self.take(key, list_of(read), None) or []

    def __enter__(self) -> "Case":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            return
        for key, value in self._values.items():
            if key not in self._requested and value is not None:
                near = get_close_matches(str(key), self._requested, n=1)
                message = (
                    _("This key is not known here. Did you mean “%(near)s”?") % {"near": near[0]}
                    if near
                    else _("This key is not known here.")
                )
                raise InvalidCase("unknown_key", message, field=self.at(str(key)))


def list_of(read: Reader[T]) -> Reader[list[T]]:
    """Return a reader of lists; `read` reads each item."""

    def read_list(value: object, path: str) -> list[T]:
        if not isinstance(value, list | tuple):
            raise InvalidCase("not_a_list", _("This must be a list in brackets."), field=path)
        return [_present(item, f"{path}[{i}]", read) for i, item in enumerate(value)]

    return read_list


def _present(item: object, path: str, read: Reader[T]) -> T:
    if item is None:
        raise InvalidCase("missing", _("This is missing."), field=path)
    return read(item, path)


def text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise InvalidCase("not_text", _("This must be text in quotation marks."), field=path)
    if not value:
        raise InvalidCase("empty", _("This may not be empty."), field=path)
    return value


def flag(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidCase("not_a_boolean", _("This must be true or false."), field=path)
    return value


def day(value: object, path: str) -> date:
    """Read a date like 2026-06-01; other forms of ISO 8601 are refused."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise InvalidCase("not_a_date", _("This must be a date like 2026-06-01."), field=path)


def one_of(*known: str) -> Reader[str]:
    """Return a reader of one of the words in `known`."""

    def read_word(value: object, path: str) -> str:
        if not isinstance(value, str) or value not in known:
            message = _("This must be one of: %(choices)s.") % {"choices": ", ".join(known)}
            raise InvalidCase("unknown_choice", message, field=path)
        return value

    return read_word


def number(
    *, signed: bool = False, max_value: int | None = None, places: int = MAX_PLACES
) -> Reader[Decimal]:
    """Return a reader of decimals with at most MAX_DIGITS digits before the point and `places` after it."""

    def read_number(value: object, path: str) -> Decimal:
        found = _decimal(value, path, places)
        if found < 0 and not signed:
            raise InvalidCase("negative", _("This may not be negative."), field=path)
        if max_value is not None and found > max_value:
            message = _("This may be at most %(max)s.") % {"max": max_value}
            raise InvalidCase("out_of_range", message, field=path)
        return found

    return read_number


def _decimal(value: object, path: str, places: int) -> Decimal:
    if isinstance(value, float):
        message = _("Write a decimal in quotation marks: it stays exact.")
        raise InvalidCase("json_float", message, field=path)
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 10**MAX_DIGITS:
            raise _too_large(path)
        return Decimal(value)
    match = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        message = _("This must be a number like 12 or “12.50”.")
        raise InvalidCase("not_a_number", message, field=path)
    sign, integer_digits, fraction_digits = match.groups(default="")
    if len(integer_digits) > MAX_DIGITS:
        raise _too_large(path)
    if len(fraction_digits.rstrip("0")) > places:
        message = _("This may have at most %(places)s decimal places.") % {"places": places}
        raise InvalidCase("too_many_places", message, field=path)
    digits = fraction_digits[:places]
    found = Decimal(f"{sign}{integer_digits}.{digits}" if digits else f"{sign}{integer_digits}")
    return found or abs(found)


def _too_large(path: str) -> InvalidCase:
    message = _("This may have at most %(digits)s digits before the point.") % {"digits": MAX_DIGITS}
    return InvalidCase("too_large", message, field=path)


def integer(value: object, path: str) -> int:
    """Read a whole number, which may be negative."""
    found = _decimal(value, path, MAX_PLACES)
    if found != int(found):
        raise InvalidCase("not_whole", _("This must be a whole number."), field=path)
    return int(found)


def count(value: object, path: str) -> int:
    """Read a whole number of zero or more: a quantity in base units, a number of days."""
    found = integer(value, path)
    if found < 0:
        raise InvalidCase("negative", _("This may not be negative."), field=path)
    return found


def positive(value: object, path: str) -> int:
    """Read a whole number of at least one."""
    found = count(value, path)
    if not found:
        raise InvalidCase("zero", _("This must be at least 1."), field=path)
    return found


amount = number()
signed_amount = number(signed=True)
price = number(places=PRICE_PLACES)
fraction = number(max_value=1)


def ascending(thresholds: Sequence[Decimal], path: str) -> None:
    """Refuse tiers, steps or bands whose `from` is not greater than the previous one."""
    for i in range(1, len(thresholds)):
        if thresholds[i] == thresholds[i - 1]:
            message = _("Two start at the same value.")
            raise InvalidCase("duplicate", message, field=f"{path}[{i}].from")
        if thresholds[i] < thresholds[i - 1]:
            message = _("This must be more than the one before it.")
            raise InvalidCase("out_of_order", message, field=f"{path}[{i}].from")


def unique(keys: Iterable[object], path: str, field: str) -> None:
    """Refuse the second of two items with the same key in the list at `path`."""
    earlier = set()
    for i, key in enumerate(keys):
        if key in earlier:
            message = _("This is there twice.")
            raise InvalidCase("duplicate", message, field=f"{path}[{i}].{field}")
        earlier.add(key)


def plain(x: Decimal) -> str:
    """Return a decimal as text in its own places, without exponent and without a negative zero."""
    text = str(x)  # several times faster than format
    return format(x if x else abs(x), "f") if not x or "E" in text else text
