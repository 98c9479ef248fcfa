"""The life cycle of a product: its stages, the moves between them, and who may order in each."""

from __future__ import annotations

from dataclasses import dataclass

DEVELOPMENT, TRIAL, ACTIVE, ENDING, ENDED = "development", "trial", "active", "ending", "ended"

NEXT_STAGES: dict[str, tuple[str, ...]] = {
    DEVELOPMENT: (TRIAL, ACTIVE, ENDED),
    TRIAL: (ACTIVE, DEVELOPMENT, ENDED),
    ACTIVE: (ENDING, ENDED),
    ENDING: (ACTIVE, ENDED),
    ENDED: (ACTIVE,),
}
# Moves that surprise the buyers of a product, or undo an earlier move, state their reason.
PLAIN_MOVES = frozenset({(DEVELOPMENT, TRIAL), (DEVELOPMENT, ACTIVE), (TRIAL, ACTIVE)})


def may_move(old: str, new: str) -> bool:
    """Return whether a product of stage `old` may move to stage `new`."""
    return new in NEXT_STAGES[old]


def needs_reason(old: str, new: str) -> bool:
    """Return whether the move is made only with a reason."""
    return (old, new) not in PLAIN_MOVES


@dataclass(frozen=True, slots=True)
class Purchase:
    """What decides whether a buyer may order a product.

    `is_on_trial`: an open trial of the product names the buyer. `is_listed`: a portfolio in force for the
    buyer's channel has the product, or the channel has no portfolio in force.
    """

    stage: str
    is_on_trial: bool = False
    is_listed: bool = True
    from_manufacturer: bool = False
    has_stock_figures: bool = True


def refusal_reason(purchase: Purchase) -> str:
    """Return why the product cannot be ordered: development, not_on_trial, phased_out, ended or not_listed.

    The empty string means that it can. Of a product that is being phased out the existing stock is sold:
    dealers and members sell what they have, and the manufacturer sells up to its stock. A manufacturer
    without stock figures would have to produce more, so it takes no order.
    """
    if purchase.stage in (DEVELOPMENT, ENDED):
        return purchase.stage
    if purchase.stage == TRIAL:
        return "" if purchase.is_on_trial else "not_on_trial"
    if purchase.stage == ENDING and purchase.from_manufacturer and not purchase.has_stock_figures:
        return "phased_out"
    return "" if purchase.is_listed else "not_listed"
