"""Rebates for growth over a baseline. Source: rules.md, growth.

Baseline and actual are money of two comparable periods; a band starts at a multiple of the
baseline (1.10: ten per cent more).
"""

from dataclasses import dataclass
from decimal import Decimal

from kernel.money import ZERO, ZERO_MONEY, cents, exact

MODES = ("full", "excess", "banded")


@dataclass(frozen=True, slots=True)
class Band:
    from_: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class GrowthProgram:
    """A program with ascending bands.

    Full: the highest band's rate applies to the total actual; excess: to the part above the baseline;
    banded: each part above the first band earns at its own band's rate. With `strict` the actual must
    exceed the start of a band, not only reach it.
    """

    bands: tuple[Band, ...]
    mode: str
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Growth:
    """The amount earned. The highest band reached starts at `reached` (or None) and pays `rate` (or 0)."""

    eligible: bool
    rate: Decimal
    earned: Decimal
    reached: Decimal | None = None


@exact
def growth(program: GrowthProgram, baseline: Decimal, actual: Decimal) -> Growth:
    """Return what growth from `baseline` to `actual` earns. Without a baseline nothing is eligible."""
    if baseline <= 0:
        return Growth(False, ZERO, ZERO_MONEY)
    reached = [band for band in program.bands if _reaches(program, actual, band.from_ * baseline)]
    if not reached:
        return Growth(True, ZERO, ZERO_MONEY)
    rate = reached[-1].rate
    match program.mode:
        case "full":
            rebate = rate * actual
        case "excess":
            rebate = rate * max(actual - baseline, ZERO)
        case _:
            rebate = _banded(reached, baseline, actual)
    return Growth(True, rate, cents(rebate), reached[-1].from_)


def _reaches(program: GrowthProgram, actual: Decimal, start: Decimal) -> bool:
    return actual > start if program.strict else actual >= start


def _banded(reached: list[Band], baseline: Decimal, actual: Decimal) -> Decimal:
    rebate, top = ZERO, actual
    for band in reversed(reached):
        start = band.from_ * baseline
        rebate += (top - start) * band.rate
        top = start
    return rebate
