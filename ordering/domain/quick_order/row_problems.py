"""Rows that cannot be added as they are written, with the products that they may mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Candidate(NamedTuple):
    """A product that a row may mean: `parts` are its quantities with their units, `units` the base units."""

    sku: str
    name: str
    base_unit: str
    parts: tuple[tuple[int, str], ...]
    units: int

    @property
    def quantity(self) -> str:
        """Return the quantity as a person writes it, such as 5箱3桶."""
        return "".join(f"{qty}{unit or self.base_unit}" for qty, unit in self.parts)

    @property
    def is_in_base_units(self) -> bool:
        return len(self.parts) == 1 and self.parts[0] in ((self.units, ""), (self.units, self.base_unit))


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that cannot be added. `field` is row, product, quantity or unit; `choices` may help.

    `reason`: no_quantity, no_product, not_whole, two_meanings, not_positive, too_large, too_many, too_long,
    several, formula, unknown, not_searched, guess, ambiguous, unit or ended. Of the `candidates` a person
    takes one; `more` products match besides.
    """

    number: int
    field: str
    reason: str
    text: str
    choices: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    more: int = 0

    @property
    def only(self) -> Candidate | None:
        """Return the one product that a guessed row may mean; a person confirms all such rows at once."""
        return (
            self.candidates[0]
            if self.reason == "guess" and len(self.candidates) == 1 and not self.more
            else None
        )
