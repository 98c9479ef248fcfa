"""Answer a shipment whose outside number was used before: with the first one, or with what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from kernel.sources import Values, differing_lines, differing_values
from ordering.models import Shipment
from ordering.operations.sources import SourceTaken, must_be_same
from ordering.queries.shipments import ShipmentDetail, shipment_facts

CONSTRAINT = "shipment_source_once"


class Part(NamedTuple):
    """Units of one line to ship. `free` None: the free units earned by the paid units shipped so far."""

    position: int
    qty: int
    free: int | None = None


@dataclass(frozen=True, slots=True)
class ShipmentContent:
    """What a shipment asks for; `lines` None is everything that is open."""

    order_number: str
    seller_id: UUID
    lines: Sequence[Part] | None

    @property
    def stored(self) -> str | None:
        return None if self.lines is None else json.dumps(self.lines)


def find_shipment(source: str) -> UUID | None:
    """Return the shipment with an outside number. One statement; none without a number."""
    if not source:
        return None
    found: UUID | None = Shipment.objects.filter(source=source).values_list("id", flat=True).first()
    return found


def repeated_shipment(shipment_id: UUID, requested: ShipmentContent) -> ShipmentDetail:
    """Return the first shipment of a source, marked as a replay. Raises SourceTaken if it was another one.

    What differs is not named where another seller shipped.
    """
    known = shipment_facts(shipment_id)
    if known.seller_id != requested.seller_id:
        raise SourceTaken(_("Another shipment has this outside number."), field="source")
    stored = Shipment.objects.values_list("requested", flat=True).get(id=shipment_id)
    booked = None if stored is None else [Part(*one) for one in stored]
    differs = differing_values({"order": known.order_number}, {"order": requested.order_number})
    if booked is None or requested.lines is None:
        scope = {"lines": _scope(booked)}
        differs += differing_values(scope, {"lines": _scope(requested.lines)})
    else:
        differs += differing_lines(_compared(booked), _compared(requested.lines))
    must_be_same(differs, number=known.number, booked=("shipment", known.id))
    return replace(known, replayed=True)


def _scope(lines: Sequence[Part] | None) -> str:
    return "all" if lines is None else ", ".join(f"{one.position}: {one.qty}" for one in lines)


def _compared(lines: Sequence[Part]) -> list[tuple[str, Values]]:
    return [(str(one.position), {"qty": one.qty, "free": one.free}) for one in lines]


@contextmanager
def source_taken_meanwhile() -> Iterator[None]:
    """Raise SourceTaken for an outside number that a shipment of another order took at the same time."""
    try:
        yield
    except IntegrityError as error:
        if CONSTRAINT not in str(error):
            raise
        raise SourceTaken(_("Another shipment has this outside number."), field="source") from error
