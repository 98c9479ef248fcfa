"""The explanation of a price: equation, candidates, schemes, limits and versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from alliance.models import SpreadTerm
from catalogue.models import Product
from kernel.money import exact
from kernel.quantities import line_amount
from pricing.domain.explain import Considered, considered
from pricing.domain.quote import QuotedLine, SchemeOutcome
from pricing.domain.schemes import FreeGoods, Scheme
from pricing.queries.quotes import PricedOrder
from tenancy.context import active_tenant_id


class Named(NamedTuple):
    """A price list or a scheme with its name. `until` is exclusive."""

    code: str
    name: str
    version: int
    starts_on: date | None
    until: date | None


class Term(NamedTuple):
    """A term of the equation: its effect on the price of `per` base units, and on the line."""

    code: str
    kind: str
    each: Decimal
    amount: Decimal
    free_qty: int = 0


class SchemeResult(NamedTuple):
    """A scheme that covers the SKU, its outcome, and the amount that it saved on this line."""

    scheme: Scheme
    outcome: SchemeOutcome
    saved: Decimal


class LimitResult(NamedTuple):
    """A floor or ceiling of the net price. `figure` is None if the reader may not see it.

    A limit of the action `advise` is advice: outside it the order can be placed.
    """

    clause: str
    is_floor: bool
    action: str
    is_fulfilled: bool
    figure: Decimal | None

    @property
    def is_advice(self) -> bool:
        return self.action == "advise"


class Spread(NamedTuple):
    """The spread that the contract guarantees on this product, per base unit."""

    contract: str
    clause: str
    guaranteed: Decimal
    advised_resale: Decimal
    spread: Decimal

    @property
    def citation(self) -> str:
        """Return the clause as other rooms cite it: "C-0007/3.2"."""
        return f"{self.contract}/{self.clause}" if self.clause else self.contract

    @property
    def is_fulfilled(self) -> bool:
        return self.spread >= self.guaranteed


@dataclass(frozen=True, slots=True)
class WhyPrice:
    """The explanation of one quoted line."""

    line: QuotedLine
    base_unit: str
    units: tuple[tuple[str, int], ...]
    base_amount: Decimal
    terms: tuple[Term, ...]
    net_each: Decimal
    considered: tuple[Considered, ...]
    schemes: tuple[SchemeResult, ...]
    limits: tuple[LimitResult, ...]
    spread: Spread | None
    lists: dict[str, Named]
    names: dict[str, Named]


@exact
def why_price(priced: PricedOrder, sku: str, *, figures: bool) -> WhyPrice:
    """Return the explanation of one line of a quote. Three statements; four with a guaranteed spread.

    `figures` says whether the reader may see the figures of the limits. Raise KeyError if the quote
    has no line of the SKU.
    """
    line = next((one for one in priced.quote.lines if one.sku == sku), None)
    if line is None:
        raise KeyError(sku)
    product = priced.products[sku]
    base_unit, units = _units_of(product.id)
    terms = tuple(_terms(priced, line)) if line.is_priced else ()
    given = sum(gift.qty for gift in priced.quote.gifts if gift.sku == sku)
    found = _alone(priced, sku, line.qty)
    scheme_results = tuple(_scheme_results(priced, line))
    codes = [one.price_list.code for one in found]
    on = priced.request.on
    return WhyPrice(
        line=line,
        base_unit=base_unit,
        units=units,
        base_amount=line_amount(line.base_price, line.qty, line.per),
        terms=terms,
        net_each=line.amount * line.per / (line.qty + line.free_qty + given),
        considered=found,
        schemes=scheme_results,
        limits=tuple(_limit_results(priced, line, figures=figures)) if line.is_priced else (),
        spread=_spread(priced, product.id, line),
        lists=lists_named(priced.seller.id, codes, on),
        names=schemes_named(priced.seller.id, [one.scheme.code for one in scheme_results], on),
    )


def _alone(priced: PricedOrder, sku: str, qty: int) -> tuple[Considered, ...]:
    """Return the candidates of one SKU, reading only the entries of this SKU."""
    request = priced.request
    lists = [
        replace(one, entries=[entry for entry in one.entries if entry.sku == sku])
        for one in request.price_lists
    ]
    return considered(replace(request, price_lists=lists), sku, qty)


def _terms(priced: PricedOrder, line: QuotedLine) -> Iterable[Term]:
    schemes = {one.code: one for one in priced.request.schemes}
    units = line.qty
    for code, saved in zip(line.schemes, line.saved, strict=True):
        kind = schemes[code].kind
        if kind == FreeGoods.kind:
            more = units + line.free_qty
            each = line.amount * line.per / more - line.amount * line.per / units
            yield Term(code, kind, each, Decimal(0), line.free_qty)
        elif saved:
            yield Term(code, kind, -saved * line.per / line.qty, -saved)


def _scheme_results(priced: PricedOrder, line: QuotedLine) -> Iterable[SchemeResult]:
    schemes = {one.code: one for one in priced.request.schemes}
    saved = dict(zip(line.schemes, line.saved, strict=True))
    for outcome in priced.quote.schemes:
        scheme = schemes[outcome.code]
        if line.manual is None and (scheme.skus is None or line.sku in scheme.skus):
            yield SchemeResult(scheme, outcome, saved.get(outcome.code, Decimal(0)))


def _limit_results(priced: PricedOrder, line: QuotedLine, *, figures: bool) -> Iterable[LimitResult]:
    """Return one result for each floor and each ceiling of the product."""
    net = line.net_unit_price
    for limit in priced.request.limits:
        if limit.sku == line.sku and limit.floor is not None:
            figure = limit.floor if figures else None
            yield LimitResult(limit.clause, True, limit.action, net >= limit.floor, figure)
        if limit.sku == line.sku and limit.ceiling is not None:
            figure = limit.ceiling if figures else None
            yield LimitResult(limit.clause, False, limit.action, net <= limit.ceiling, figure)


def _spread(priced: PricedOrder, product_id: UUID, line: QuotedLine) -> Spread | None:
    contract = priced.buyer.contract
    if contract is None or not line.is_priced:
        return None
    term = SpreadTerm.objects.filter(contract_id=contract.id, product_id=product_id).first()
    if term is None:
        return None
    margin = term.advised_resale - line.net_unit_price
    return Spread(contract.code, term.clause, term.guaranteed, term.advised_resale, margin)


def _units_of(product_id: UUID) -> tuple[str, tuple[tuple[str, int], ...]]:
    product = Product.objects.filter(id=product_id).order_by("units__factor")
    rows = list(product.values_list("base_unit", "units__name", "units__factor"))
    return rows[0][0], tuple([(name, factor) for _base, name, factor in rows if name])


def _named(noun: str, seller_id: UUID, codes: Sequence[str], on: date) -> dict[str, Named]:
    """Return by code the lists or schemes that are in force on the day, or were on a past one."""
    ends = "coalesce(ended_on, until)" if on < timezone.localdate() else "until"
    state = "(state = 'published' OR ended_on IS NOT NULL)" if ends != "until" else "state = 'published'"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT code, name, version, starts_on, {ends} FROM pricing_{noun}"
            f" WHERE tenant_id = %s AND seller_id = %s AND code = ANY(%s) AND {state}"
            f" AND (starts_on IS NULL OR starts_on <= %s) AND ({ends} IS NULL OR {ends} > %s)"
            " ORDER BY version DESC",
            [active_tenant_id(), seller_id, list(codes), on, on],
        )
        # Of two versions on a past day the older one, which comes last here, was in force.
        return {row[0]: Named(*row) for row in cursor.fetchall()}


def lists_named(seller_id: UUID, codes: Sequence[str], on: date) -> dict[str, Named]:
    """Return by code the price lists of a day, with version and term; one statement."""
    return _named("pricelist", seller_id, codes, on)


def schemes_named(seller_id: UUID, codes: Sequence[str], on: date) -> dict[str, Named]:
    """Return by code the schemes of a day, with their terms; one statement."""
    return _named("scheme", seller_id, codes, on)
