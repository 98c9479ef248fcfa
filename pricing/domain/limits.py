"""Price protection of the seller's own prices, and the verdict. Source: rules.md, quote 3."""

from dataclasses import dataclass
from decimal import Decimal

ACTIONS = ("advise", "review", "block")
VERDICTS = ("ok", *ACTIONS, "no_price")
_WEIGHT = {verdict: weight for weight, verdict in enumerate(VERDICTS)}


@dataclass(frozen=True, slots=True)
class Limit:
    """A SKU whose net unit price, for one base unit, must stay within [floor, ceiling]."""

    sku: str
    action: str
    clause: str
    floor: Decimal | None = None
    ceiling: Decimal | None = None

    def broken_by(self, net_unit_price: Decimal) -> bool:
        return (self.floor is not None and net_unit_price < self.floor) or (
            self.ceiling is not None and net_unit_price > self.ceiling
        )


def worse(first: str, second: str) -> str:
    """Return the worse of two verdicts: ok < advise < review < block < no_price."""
    return first if _WEIGHT[first] >= _WEIGHT[second] else second
