"""What stands in the way of a draft contract, and what its author should look at before submitting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

GOOD, INFO, WARN, BAD = "good", "info", "warn", "bad"
ENDS_SOON = timedelta(days=30)
SHORTEST_KPI = timedelta(days=28)
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """The facts of a draft that its checks need.

    `outside` are the regions that the dealer's territory does not contain; with `has_territory` false the
    dealer's own region is not recorded; `unauthorised` are those outside its authorisations. `volume` is the
    weight of purchases among the KPIs, `unled` the links of the channel without a duty. `taken` and `flagged`
    count regions that other contracts hold and unreviewed clauses that fix a resale price.
    """

    today: date
    starts_on: date | None = None
    until: date | None = None
    guarantees: frozenset[str] = frozenset()
    unled: tuple[str, ...] = ()
    has_kpis: bool = False
    volume: Decimal = Decimal(0)
    has_territory: bool = True
    outside: tuple[str, ...] = ()
    unauthorised: tuple[str, ...] = ()
    taken: int = 0
    flagged: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """A result; `names` are the links or regions that it is about."""

    code: str
    level: str
    names: tuple[str, ...] = field(default=())


def check_draft(facts: DraftFacts) -> list[Check]:
    """Return the checks of a draft that did not pass, the worst first; a good one if all passed."""
    found = [
        *_blocking(facts),
        *term_checks(facts),
        *_missing(facts),
    ]
    order = (BAD, WARN, INFO)
    return sorted(found, key=lambda one: order.index(one.level)) or [Check("complete", GOOD)]


def term_checks(facts: DraftFacts) -> list[Check]:
    """Return what its readers should know of the term before they sign."""
    found = []
    if facts.starts_on is not None and facts.starts_on < facts.today:
        found.append(Check("starts_in_past", WARN))
    if facts.until is not None and facts.until - facts.today <= ENDS_SOON:
        found.append(Check("ends_soon", WARN))
    return found


def _blocking(facts: DraftFacts) -> list[Check]:
    found = []
    if facts.taken:
        found.append(Check("taken", BAD))
    if facts.unauthorised:
        found.append(Check("unauthorised", BAD, facts.unauthorised))
    elif facts.outside:
        found.append(Check("outside_territory", WARN, facts.outside))
    elif not facts.has_territory:
        found.append(Check("no_territory", INFO))
    if facts.flagged:
        found.append(Check("price_fixing", BAD))
    return found


def _missing(facts: DraftFacts) -> list[Check]:
    found = [
        Check(f"no_{kind}", INFO)
        for kind in ("region", "term", "spread", "service")
        if kind not in facts.guarantees
    ]
    if facts.unled:
        found.append(Check("links_without_duty", INFO, facts.unled))
    if not facts.has_kpis:
        found.append(Check("no_kpis", INFO))
    elif facts.volume > HALF:
        found.append(Check("volume_alone", WARN))
    short = facts.starts_on and facts.until and facts.until - facts.starts_on < SHORTEST_KPI
    if facts.has_kpis and short:
        found.append(Check("term_without_month", WARN))
    return found
