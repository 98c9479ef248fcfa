"""Rebates by tiers, with interim settlements. Source: rules.md, rebate.

The base is money (rates are fractions of it) or units (rates are money per unit). It counts
delivered, paid goods: net of returns, without tax, freight, free units and rebates themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import ZERO, ZERO_MONEY, cents, exact

METHODS = ("retroactive", "incremental")


@dataclass(frozen=True, slots=True)
class Tier:
    """The `rate` that applies from a cumulative base of `from_`."""

    from_: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Program:
    """A program with ascending tiers.

    Retroactive: the rate of the highest tier reached applies to the total base. Incremental: each part
    of the base earns at its own tier's rate. The part below the first tier earns nothing.
    """

    tiers: tuple[Tier, ...]
    incremental: bool = False
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """One interim settlement. `due` is negative if returns take back what was settled."""

    cumulative: Decimal
    earned: Decimal
    due: Decimal


@exact
def earned(program: Program, cumulative: Decimal) -> Decimal:
    """Return what a cumulative base has earned so far, capped and rounded once. It is never negative."""
    if cumulative <= 0:
        return ZERO_MONEY
    rebate = cents(
        _incremental(program, cumulative)
        if program.incremental
        else cumulative * rate_at(program, cumulative)
    )
    return rebate if program.cap is None else min(rebate, cents(program.cap))


def rate_at(program: Program, cumulative: Decimal) -> Decimal:
    """Return the rate of the highest tier reached; 0 below the first."""
    return next((tier.rate for tier in reversed(program.tiers) if cumulative >= tier.from_), ZERO)


def _incremental(program: Program, cumulative: Decimal) -> Decimal:
    rebate, top = ZERO, cumulative
    for tier in reversed(program.tiers):
        if top > tier.from_:
            rebate += (top - tier.from_) * tier.rate
            top = tier.from_
    return rebate


def next_tier(program: Program, cumulative: Decimal) -> Tier | None:
    """Return the next tier to reach; None on the highest."""
    return next((tier for tier in program.tiers if tier.from_ > cumulative), None)


@exact
def settle(program: Program, bases: Iterable[Decimal]) -> tuple[Settlement, ...]:
    """Return interim settlements, one for each base: due = earned so far − settled so far."""
    cumulative, settled, settlements = ZERO, ZERO_MONEY, []
    for base in bases:
        cumulative += base
        so_far = earned(program, cumulative)
        settlements.append(Settlement(cumulative, so_far, so_far - settled))
        settled = so_far
    return tuple(settlements)
