"""Reading JSON cases strictly: every value is checked, every refusal names its path.

A case is written by a person, a form or another system, so it is read as the rules say:
decimals travel as strings (integers are taken too, floats refused), quantities are whole, a null
key is an absent one, an unknown key is refused at any depth. Readers are small functions
`(value, path) -> T` that compose: `case.need("qty", positive)`, `case.each("lines", read_line)`.
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

T = TypeVar("T")
D = TypeVar("D")
Reader = Callable[[object, str], T]

MAX_DIGITS = 18
MAX_PLACES = 12
PRICE_PLACES = 4
_NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_NUMBER = 64


class InvalidCase(Refusal):
    """A case that makes no sense; `code` says what is wrong with the value at `field`."""

    def __init__(self, code: str, message: str, *, field: str = "", **details: object) -> None:
        super().__init__(message, field=field, **details)
        self.code = code


class JsonObject(dict[str, object]):
    """An object as it was written: it remembers a key that was there twice."""

    repeated: str | None = None


def load(document: str | bytes) -> object:
    """The JSON `document`, ready to be read as a case. Raises InvalidCase `bad_json`."""
    try:
        text = document.decode("utf-8-sig") if isinstance(document, bytes) else document
        return json.loads(text, object_pairs_hook=json_object, parse_int=_integer)
    except RecursionError:
        raise InvalidCase("bad_json", "The JSON is nested too deeply.") from None
    except ValueError as error:  # also what bytes that are no UTF-8 raise
        raise InvalidCase("bad_json", f"This is no JSON document: {error}.") from error


def json_object(pairs: list[tuple[str, object]]) -> JsonObject:
    """What `json.loads` makes of an object's keys and values."""
    made = JsonObject()
    for key, value in pairs:
        if key in made:
            made.repeated = key
        made[key] = value
    return made


def _integer(digits: str) -> object:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


class Case:
    """One object of a case, and the path that leads to it. Used as a context:

        with Case(value, path) as line:
            return Line(sku=line.need("sku", text), qty=line.need("qty", positive))

    On leaving, a key that nobody asked for is refused.
    """

    __slots__ = ("_asked", "_values", "path")

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, Mapping):
            raise InvalidCase("not_an_object", "This must be an object.", field=path)
        self.path = path
        self._values: Mapping[str, object] = value
        self._asked: set[str] = set()
        repeated = getattr(value, "repeated", None)
        if repeated is not None:
            raise InvalidCase("duplicate_key", "This key is there twice.", field=self.at(repeated))

    def at(self, key: str) -> str:
        """The path of one of its keys."""
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        self._asked.add(key)
        return self._values.get(key) is not None

    def need(self, key: str, read: Reader[T]) -> T:
        """The value of a key that must be there."""
        if not self.has(key):
            raise InvalidCase("missing", f"“{key}” is missing.", field=self.at(key))
        return read(self._values[key], self.at(key))

    def take(self, key: str, read: Reader[T], default: D) -> T | D:
        """The value of a key that may be absent."""
        return read(self._values[key], self.at(key)) if self.has(key) else default

    def each(self, key: str, read: Reader[T], *, least: int = 0) -> list[T]:
        """The items of a list that must be there, with at least `least` of them."""
        found = self.need(key, list_of(read))
        if len(found) < least:
            raise InvalidCase("empty", f"“{key}” needs at least {least}.", field=self.at(key))
        return found

    def some(self, key: str, read: Reader[T]) -> list[T]:
        """The items of a list that may be absent, which is the same as empty."""
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
            if key not in self._asked and value is not None:
                near = get_close_matches(str(key), self._asked, n=1)
                hint = f" Did you mean “{near[0]}”?" if near else ""
                raise InvalidCase("unknown_key", f"“{key}” is not known here.{hint}", field=self.at(str(key)))


def list_of(read: Reader[T]) -> Reader[list[T]]:
    """A reader of lists whose items `read` reads."""

    def read_list(value: object, path: str) -> list[T]:
        if not isinstance(value, list | tuple):
            raise InvalidCase("not_a_list", "This must be a list.", field=path)
        return [_present(item, f"{path}[{i}]", read) for i, item in enumerate(value)]

    return read_list


def _present(item: object, path: str, read: Reader[T]) -> T:
    if item is None:
        raise InvalidCase("missing", "This may not be null.", field=path)
    return read(item, path)


def text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise InvalidCase("not_text", "This must be text.", field=path)
    if not value:
        raise InvalidCase("empty", "This may not be empty.", field=path)
    return value


def flag(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidCase("not_a_boolean", "This must be true or false.", field=path)
    return value


def day(value: object, path: str) -> date:
    """A date like 2026-06-01; nothing else that ISO 8601 also allows."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise InvalidCase("not_a_date", "This must be a date like 2026-06-01.", field=path)


def one_of(*known: str) -> Reader[str]:
    """A reader of a word out of `known`."""

    def read_word(value: object, path: str) -> str:
        if not isinstance(value, str) or value not in known:
            raise InvalidCase("unknown_choice", f"This must be one of: {', '.join(known)}.", field=path)
        return value

    return read_word


def number(*, signed: bool = False, most: int | None = None, places: int = MAX_PLACES) -> Reader[Decimal]:
    """A reader of decimals, of at most 18 digits before the point and `places` after it."""

    def read_number(value: object, path: str) -> Decimal:
        found = _decimal(value, path, places)
        if found < 0 and not signed:
            raise InvalidCase("negative", "This may not be negative.", field=path)
        if most is not None and found > most:
            raise InvalidCase("out_of_range", f"This may be at most {most}.", field=path)
        return found

    return read_number


def _decimal(value: object, path: str, places: int) -> Decimal:
    if isinstance(value, float):
        raise InvalidCase("json_float", "A float is not exact: write a decimal as a string.", field=path)
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 10**MAX_DIGITS:
            raise _too_large(path)
        return Decimal(value)
    match = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise InvalidCase("not_a_number", "This must be a number like 12 or “12.50”.", field=path)
    sign, whole, fraction = match.groups(default="")
    if len(whole.lstrip("0")) > MAX_DIGITS:
        raise _too_large(path)
    if len(fraction.rstrip("0")) > places:
        message = f"This may have at most {places} places."
        raise InvalidCase("too_many_places", message, field=path)
    kept = fraction[:places]
    found = Decimal(f"{sign}{whole}.{kept}" if kept else f"{sign}{whole}")
    return found or abs(found)


def _too_large(path: str) -> InvalidCase:
    message = f"This may have at most {MAX_DIGITS} digits before the point."
    return InvalidCase("too_large", message, field=path)


def integer(value: object, path: str) -> int:
    """A whole number, also a negative one."""
    found = _decimal(value, path, MAX_PLACES)
    if found != int(found):
        raise InvalidCase("not_whole", "This must be a whole number.", field=path)
    return int(found)


def count(value: object, path: str) -> int:
    """A whole number of zero or more: a quantity in base units, a number of days."""
    found = integer(value, path)
    if found < 0:
        raise InvalidCase("negative", "This may not be negative.", field=path)
    return found


def positive(value: object, path: str) -> int:
    """A whole number of at least one."""
    found = count(value, path)
    if not found:
        raise InvalidCase("zero", "This must be at least 1.", field=path)
    return found


amount = number()
signed_amount = number(signed=True)
price = number(places=PRICE_PLACES)
fraction = number(most=1)


def ascending(thresholds: Sequence[Decimal], path: str) -> None:
    """Refuses tiers, steps or bands whose `from` is not above the one before it."""
    for i in range(1, len(thresholds)):
        if thresholds[i] == thresholds[i - 1]:
            message = "Two start at the same value."
            raise InvalidCase("duplicate", message, field=f"{path}[{i}].from")
        if thresholds[i] < thresholds[i - 1]:
            message = "This starts below the one before it."
            raise InvalidCase("out_of_order", message, field=f"{path}[{i}].from")


def unique(keys: Iterable[object], path: str, field: str) -> None:
    """Refuses the second of two items of the list at `path` with the same key."""
    seen = set()
    for i, key in enumerate(keys):
        if key in seen:
            message = f"“{field}” is there twice."
            raise InvalidCase("duplicate", message, field=f"{path}[{i}].{field}")
        seen.add(key)


def plain(x: Decimal) -> str:
    """A decimal in its own places, without exponent and without a negative zero."""
    text = str(x)  # several times faster than format
    return format(x if x else abs(x), "f") if not x or "E" in text else text
