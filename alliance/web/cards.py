"""The four guarantees of a contract as cards: figure, clause, and the results of six months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.models import Contract, ContractArea, GuaranteeMonth, SpreadTerm
from alliance.models.guarantee import GuaranteeKind
from alliance.web.labels import GUARANTEES, guarantee_name, result_badge
from kernel.periods import months_after
from ui.web.components import Badge
from ui.web.numbers import number

CARD_MONTHS = 6


@dataclass(frozen=True, slots=True)
class MonthMark:
    label: str
    badge: Badge
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """One guarantee: a figure with its unit, its meaning, and the result of the last measured month."""

    kind: str
    name: str
    icon: str
    badge: Badge
    figure: str
    unit: str
    lines: list[str]
    url: str
    owed: Decimal | None = None
    months: list[MonthMark] = field(default_factory=list)

    @property
    def is_broken(self) -> bool:
        return self.badge.mood == "bad"


def cards_of(
    contract: Contract,
    areas: Sequence[ContractArea],
    spreads: Sequence[SpreadTerm],
    months: Sequence[GuaranteeMonth],
    today: date,
) -> list[Card]:
    """Return the cards of region, term, spread and service from all measured months of the contract."""
    last = max((one.month for one in months), default=None)
    measured = {(one.kind, one.month): one for one in months}
    found = []
    for kind in GuaranteeKind:
        row = measured.get((kind, last)) if last else None
        figure, unit, lines = _figure_of(kind, contract, areas, spreads, today, row)
        if row is not None and row.measured:
            lines.append(_measured(row))
        address = f"{reverse('contract-evidence', args=[contract.id])}?kind={kind}"
        found.append(
            Card(
                kind,
                guarantee_name(kind),
                GUARANTEES[kind][1],
                _badge(kind, contract, row, areas, spreads),
                figure,
                unit,
                lines,
                address,
                row.owed if row is not None and row.owed else None,
                _marks(kind, last, measured, address),
            )
        )
    return found


def _badge(
    kind: str,
    contract: Contract,
    row: GuaranteeMonth | None,
    areas: Sequence[ContractArea],
    spreads: Sequence[SpreadTerm],
) -> Badge:
    promised = {
        GuaranteeKind.REGION: bool(areas),
        GuaranteeKind.TERM: True,
        GuaranteeKind.SPREAD: bool(spreads),
        GuaranteeKind.SERVICE: contract.delivery_hours is not None,
    }
    if not promised[GuaranteeKind(kind)]:
        return Badge(_("not promised"), "", "minus")
    return result_badge(row)


def _figure_of(
    kind: str,
    contract: Contract,
    areas: Sequence[ContractArea],
    spreads: Sequence[SpreadTerm],
    today: date,
    row: GuaranteeMonth | None,
) -> tuple[str, str, list[str]]:
    """Return (figure, unit, lines)."""
    if kind == GuaranteeKind.REGION:
        return _region(areas)
    if kind == GuaranteeKind.TERM:
        return _term(contract, today)
    if kind == GuaranteeKind.SPREAD:
        return _spread(spreads)
    return _service(contract, row)


def _region(areas: Sequence[ContractArea]) -> tuple[str, str, list[str]]:
    if not areas:
        return "—", "", [_("No exclusive region.")]
    count = len({area.region_id for area in areas})
    unit = ngettext("%(n)d region", "%(n)d regions", count) % {"n": count}
    held = any(area.holds for area in areas)
    message = _("No other contract can claim it.") if held else _("Exclusive from the third signature on.")
    return _("exclusive"), unit, [message]


def _term(contract: Contract, today: date) -> tuple[str, str, list[str]]:
    last = contract.until - timedelta(days=1)
    ends = _("to %(day)s") % {"day": date_format(last, "SHORT_DATE_FORMAT")}
    if contract.state == Contract.State.ENDED or contract.until <= today:
        return "0", _("days left"), [_("The contract has ended.")]
    if contract.starts_on > today:
        days = (contract.starts_on - today).days
        return number(days), _("days until it begins"), [ends]
    return number((contract.until - today).days), _("days left"), [ends]


def _spread(spreads: Sequence[SpreadTerm]) -> tuple[str, str, list[str]]:
    if not spreads:
        return "—", "", [_("No spread is guaranteed.")]
    if len(spreads) == 1:
        one = spreads[0]
        return (
            number(one.guaranteed),
            _("per unit"),
            [_("%(product)s · clause %(clause)s") % {"product": one.product.name, "clause": one.clause}],
        )
    clauses = sorted({one.clause for one in spreads})
    lowest, highest = min(one.guaranteed for one in spreads), max(one.guaranteed for one in spreads)
    figures = _("%(low)s to %(high)s per unit") % {"low": number(lowest), "high": number(highest)}
    named = _("clauses %(first)s – %(last)s") % {"first": clauses[0], "last": clauses[-1]}
    return number(len(spreads)), _("products"), [f"{figures} · {named}"]


def _service(contract: Contract, row: GuaranteeMonth | None) -> tuple[str, str, list[str]]:
    if contract.delivery_hours is None:
        return "—", "", [_("No delivery time is promised.")]
    fee = _("%(fee)s for each late delivery") % {"fee": number(contract.late_fee)}
    hours = {"hours": contract.delivery_hours}
    if row is None or not row.measured:
        return number(contract.delivery_hours), _("hours to deliver"), [fee]
    share = Decimal(100) * (row.measured - row.broken) / row.measured
    return number(round(share, 1)), _("%% within %(hours)s hours") % hours, [fee]


def _measured(row: GuaranteeMonth) -> str:
    message = _("%(month)s: %(measured)s measured, %(broken)s not met")
    month = date_format(row.month, "YEAR_MONTH_FORMAT")
    return message % {"month": month, "measured": row.measured, "broken": row.broken}


def _marks(
    kind: str, last: date | None, measured: dict[tuple[str, date], GuaranteeMonth], address: str
) -> list[MonthMark]:
    if last is None:
        return []
    months = [months_after(last, at) for at in range(1 - CARD_MONTHS, 1)]
    return [
        MonthMark(
            date_format(month, "YEAR_MONTH_FORMAT"),
            result_badge(measured.get((kind, month))),
            f"{address}&month={month:%Y-%m}",
        )
        for month in months
    ]
