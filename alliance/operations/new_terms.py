"""The terms of a draft as they are given to its operations: by codes, not yet checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from alliance.models import Clause, ContractRole, GuaranteeKind, Link, Metric, ProofKind, Rhythm, Window
from alliance.models.terms import KpiMetric
from kernel.refusals import Refusal

ZERO = Decimal(0)
ONE = Decimal(1)
MAX_CLAUSE_TEXT = Clause._meta.get_field("body").max_length or 0


class BadContract(Refusal):
    """A value of a contract is not valid; `field` names it, such as `areas[1].region`."""

    code = "bad_contract"


@dataclass(frozen=True, slots=True)
class NewArea:
    """A region (a code of GB/T 2260) to be exclusive to the member for a category and a channel (codes).

    Without a channel it is exclusive in every channel.
    """

    category: str
    region: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class NewSpread:
    """A guaranteed spread. Prices are for one base unit, with at most 4 places.

    With `percent` (of the advised resale price) the spread is computed from it. `clause` is the number
    that the clause has in an earlier version or draft; a new one gets the next number.
    """

    sku: str
    clause: str
    guaranteed: Decimal
    advised_resale: Decimal
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NewGuarantee:
    """A guarantee measured by a metric, in the unit of that metric; `category` is a code or ""."""

    metric: Metric
    target: Decimal | None = None
    clause: str = ""
    category: str = ""
    window: Window = Window.MONTH
    cumulative: bool = False
    owed_per_event: Decimal = ZERO
    months_of_income: int = 0
    monthly_cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NewShare:
    """The part of what a guarantee of a kind owes that the manufacturer or the dealer pays."""

    kind: GuaranteeKind
    role: ContractRole
    share: Decimal


@dataclass(frozen=True, slots=True)
class NewResponsibility:
    """The duty of one side in one link; `owner_role` is a role of that side's people."""

    link: Link
    role: ContractRole
    duty: str
    owner_role: str
    is_lead: bool = False
    rhythm: Rhythm = Rhythm.MONTHLY
    proof: ProofKind = ProofKind.DOCUMENT


@dataclass(frozen=True, slots=True)
class NewKpi:
    metric: KpiMetric
    target: Decimal
    weight: Decimal


@dataclass(frozen=True, slots=True)
class NewPortfolio:
    """The portfolio (a code) of a channel (a code); without a channel, of all."""

    portfolio: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class NewClause:
    """A clause in words; `number` is the number that it has already, or ""."""

    heading: str
    body: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What a contract promises beside its regions and spreads. Without shares the dealer owes all."""

    guarantees: tuple[NewGuarantee, ...] = ()
    shares: tuple[NewShare, ...] = ()
    responsibilities: tuple[NewResponsibility, ...] = ()
    kpis: tuple[NewKpi, ...] = ()
    portfolios: tuple[NewPortfolio, ...] = ()
    clauses: tuple[NewClause, ...] = field(default=())


NO_TERMS = NewTerms()
