"""Reading and writing comparisons as JSON cases, in the shape of rules.md, duplicate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dealers.domain.duplicate import Likeness, Position, Record, compare, core, place_cores
from kernel.cases import Case, InvalidCase, Reader, signed_amount, text
from kernel.translation import gettext as _

Json = dict[str, Any]
MAX_LAT, MAX_LON = 90, 180


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records and the names of the city and districts."""

    a: Record
    b: Record
    places: tuple[str, ...]


def read(value: object, path: str = "") -> Comparison:
    """Read a comparison. Raise InvalidCase with the path of the invalid value."""
    with Case(value, path) as case:
        return Comparison(case.need("a", _record), case.need("b", _record), tuple(case.some("places", text)))


def _record(value: object, path: str) -> Record:
    with Case(value, path) as record:
        return Record(
            name=record.need("name", text),
            address=record.take("address", text, ""),
            position=_position(record),
            phone=record.take("phone", text, ""),
            licence=record.take("licence", text, ""),
        )


def _position(record: Case) -> Position | None:
    if not (record.has("lat") or record.has("lon")):
        return None
    return Position(record.need("lat", _degrees(MAX_LAT)), record.need("lon", _degrees(MAX_LON)))


def _degrees(max_value: int) -> Reader[Decimal]:
    def read_degrees(value: object, path: str) -> Decimal:
        found = signed_amount(value, path)
        if abs(found) > max_value:
            message = _("This must be from −%(max)s to %(max)s degrees.") % {"max": max_value}
            raise InvalidCase("out_of_range", message, field=path)
        return found

    return read_degrees


def answer(request: Comparison) -> Likeness:
    """Return how alike the two records are."""
    return compare(request.a, request.b, request.places)


def write(request: Comparison, likeness: Likeness) -> Json:
    """Return the result as JSON, with the cores that were compared."""
    places = place_cores(request.places)
    return {
        "name": str(likeness.name),
        "address": str(likeness.address),
        "metres": None if likeness.metres is None else str(likeness.metres),
        "same_phone": likeness.same_phone,
        "same_licence": likeness.same_licence,
        "score": str(likeness.score),
        "band": likeness.band,
        "explanation": {
            "names": [core(one.name, places, is_name=True) for one in (request.a, request.b)],
            "addresses": [core(one.address, places) for one in (request.a, request.b)],
        },
    }
