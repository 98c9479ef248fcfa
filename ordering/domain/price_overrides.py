"""The price that a person of the seller set for a line, with its reason, as drafts and orders store it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kernel.money import cents, exact
from pricing.domain.base_price import Candidate
from pricing.domain.manual_price import ManualPrice, price_for_units


@dataclass(frozen=True, slots=True)
class PriceOverride:
    """A price of `price` for `per` base units. `at` is a moment in ISO 8601, `set_by` an id or empty."""

    price: Decimal
    per: int
    reason: str
    set_by: str
    set_by_name: str
    at: str

    @property
    def manual(self) -> ManualPrice:
        return ManualPrice(self.price, self.per)

    def as_json(self) -> dict[str, Any]:
        return {
            "price": str(self.price),
            "per": self.per,
            "reason": self.reason,
            "set_by": self.set_by,
            "set_by_name": self.set_by_name,
            "at": self.at,
        }

    def price_of(self, units: int) -> Decimal:
        """Return the price of so many base units, to 4 places."""
        return price_for_units(self.price, self.per, units)


def override_of(stored: Mapping[str, Any] | None) -> PriceOverride | None:
    """Return the override that a line of a draft or of an order stores, None for none."""
    if not stored:
        return None
    return PriceOverride(
        Decimal(stored["price"]),
        stored["per"],
        stored["reason"],
        stored["set_by"],
        stored["set_by_name"],
        stored["at"],
    )


@exact
def list_price_of(found: Candidate | None, per: int) -> Decimal | None:
    """Return the price of the lists for `per` base units; None where no list has one."""
    return None if found is None else price_for_units(found.entry.price, found.entry.per, per)


@exact
def difference_of(price: Decimal, list_price: Decimal | None, *, per: int, qty: int) -> Decimal | None:
    """Return by how much `qty` base units cost more than at the list price; both prices are for `per`."""
    return None if list_price is None else cents((price - list_price) * qty / per)
