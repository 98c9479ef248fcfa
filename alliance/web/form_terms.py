"""Reading the rows of the contract form as terms of a draft, with messages on the fields."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.models import ContractRole, GuaranteeKind
from alliance.operations.new_terms import (
    ONE,
    ZERO,
    NewArea,
    NewClause,
    NewGuarantee,
    NewKpi,
    NewPortfolio,
    NewResponsibility,
    NewShare,
    NewSpread,
    NewTerms,
)
from alliance.queries.taken_regions import find_regions
from alliance.web.form_values import FormRow, code_in, decimal_or_none
from catalogue.models import Product
from catalogue.queries import find_products
from dealers.models import Region
from kernel.typed_input import UnreadableInput, read_count
from ui.web.joined_lists import join_list
from ui.web.typed_input import reason_of

HUNDRED = Decimal(100)
Rows = Sequence[FormRow]


def read_areas(rows: Rows) -> list[NewArea]:
    """Return the typed regions, found by code, full name, name or the beginning of a name."""
    filled = _filled(rows)
    regions = _regions({code_in(row.values["region"]) for row in filled})
    found = []
    for row in filled:
        if not row.values["category"]:
            row.wrong["category"] = _("Choose a category.")
        match regions.get(code_in(row.values["region"]), []):
            case [one]:
                found.append(NewArea(row.values["category"], one.code, row.values["channel"]))
            case []:
                row.wrong["region"] = _("There is no such region: give its code or its full name.")
            case several:
                names = join_list(f"{one.full_name} {one.code}" for one in several[:3])
                message = _("There are %(count)s of this name; give the code: %(names)s")
                row.wrong["region"] = message % {"count": len(several), "names": names}
    return found


def read_spreads(rows: Rows, actor: Actor) -> list[NewSpread]:
    """Return the typed spreads; a spread in per cent needs no amount."""
    filled = _filled(rows)
    skus = _skus({code_in(row.values["sku"]) for row in filled} - {""}, actor)
    found = []
    for row in filled:
        given = row.values
        percent = _decimal(row, "percent") if given["percent"] else None
        guaranteed = ZERO if given["percent"] else _price(row, "guaranteed")
        advised = _price(row, "advised_resale")
        typed = code_in(given["sku"])
        if not typed:
            row.wrong["sku"] = _("Name the product by its name or SKU.")
        if not row.wrong:
            sku = skus.get(typed, typed)
            found.append(NewSpread(sku, given["clause"], guaranteed, advised, percent))
    return found


def read_terms(rows: dict[str, list[FormRow]], shares: dict[str, str], wrong: dict[str, str]) -> NewTerms:
    """Return the other typed terms; `shares` are the manufacturer's percentages by field."""
    return NewTerms(
        guarantees=tuple(map(_guarantee, _filled(rows["guarantees"]))),
        shares=tuple(_shares(shares, wrong)),
        responsibilities=tuple(map(_responsibility, _filled(rows["responsibilities"]))),
        kpis=tuple(map(_kpi, _filled(rows["kpis"]))),
        portfolios=tuple(
            NewPortfolio(_needed(row, "portfolio"), row.values["channel"])
            for row in _filled(rows["portfolios"])
        ),
        clauses=tuple(
            NewClause(row.values["heading"], row.values["body"], row.values["number"])
            for row in _filled(rows["clauses"])
        ),
    )


def _guarantee(row: FormRow) -> NewGuarantee:
    given = row.values
    options: dict[str, Any] = {}
    if given["window"]:
        options["window"] = given["window"]
    return NewGuarantee(
        metric=_needed(row, "metric"),  # type: ignore[arg-type]  # the operation checks it
        target=_decimal(row, "target") if given["target"] else None,
        clause=given["clause"],
        category=given["category"],
        cumulative=bool(given["cumulative"]),
        owed_per_event=_decimal(row, "owed_per_event") if given["owed_per_event"] else ZERO,
        months_of_income=_count(row, "months_of_income") if given["months_of_income"] else 0,
        monthly_cap=_decimal(row, "monthly_cap") if given["monthly_cap"] else None,
        **options,
    )


def _responsibility(row: FormRow) -> NewResponsibility:
    given = row.values
    options = {name: given[name] for name in ("rhythm", "proof") if given[name]}
    return NewResponsibility(
        link=_needed(row, "link"),  # type: ignore[arg-type]  # the form offers the links only
        role=_needed(row, "role"),  # type: ignore[arg-type]  # the form offers the sides only
        duty=given["duty"],
        owner_role=given["owner_role"],
        is_lead=bool(given["is_lead"]),
        **options,  # type: ignore[arg-type]  # the form offers the rhythms and proofs only
    )


def _kpi(row: FormRow) -> NewKpi:
    weight = _decimal(row, "weight") / HUNDRED
    metric: Any = _needed(row, "metric")
    return NewKpi(metric, _decimal(row, "target"), weight)


def _shares(shares: dict[str, str], wrong: dict[str, str]) -> list[NewShare]:
    """Return the shares of each kind: what the manufacturer pays, and the rest for the dealer."""
    found = []
    for name, text in shares.items():
        if not text:
            continue
        part = decimal_or_none(text.rstrip("%％ "))
        if part is None or not 0 <= part <= HUNDRED or part != round(part, 2):
            wrong[name] = _("Give a percentage from 0 to 100.")
            continue
        kind = GuaranteeKind(name.removeprefix("share_"))
        maker = part / HUNDRED
        sides = ((ContractRole.MANUFACTURER, maker), (ContractRole.DEALER, ONE - maker))
        found += [NewShare(kind, role, share) for role, share in sides if share]
    return found


def _needed(row: FormRow, name: str) -> str:
    if not row.values[name]:
        row.wrong[name] = _("Choose one.")
    return row.values[name]


def _decimal(row: FormRow, name: str) -> Decimal:
    amount = decimal_or_none(row.values[name].rstrip("%％ "))
    if amount is None or amount < 0:
        row.wrong[name] = _("Give an amount of zero or more with at most 4 places.")
        return ZERO
    return amount


def _price(row: FormRow, name: str) -> Decimal:
    price = decimal_or_none(row.values[name])
    if price is None or not 0 <= price < 10**10 or price != round(price, 4):
        row.wrong[name] = _("Give a price of zero or more with at most 4 places.")
        return ZERO
    return price


def _count(row: FormRow, name: str) -> int:
    try:
        return read_count(row.values[name], max_count=1000)
    except UnreadableInput as error:
        row.wrong[name] = reason_of(error)
        return 0


def _filled(rows: Rows) -> list[FormRow]:
    return [row for row in rows if not row.is_blank]


def _skus(typed: set[str], actor: Actor) -> dict[str, str]:
    """Return the SKU of each text that is none itself and finds exactly one product."""
    known = set(Product.objects.filter(sku__in=typed).values_list("sku", flat=True))
    found = {}
    for text in sorted(typed - known)[:20]:
        rows = find_products(actor, text, 2)
        if len(rows) == 1:
            found[text] = rows[0].subtitle
    return found


def _regions(typed: set[str]) -> dict[str, list[Region]]:
    """Return regions by the typed text: by code, otherwise by full name, name, or their beginnings."""
    names = typed - {""}
    rows = list(
        Region.objects.filter(code__in=names).union(
            Region.objects.filter(full_name__in=names), Region.objects.filter(name__in=names)
        )
    )
    found: dict[str, list[Region]] = {}
    for text in names:
        for attribute in ("code", "full_name", "name"):
            fitting = [row for row in rows if getattr(row, attribute) == text]
            if fitting:
                found[text] = sorted(fitting, key=lambda row: row.code)
                break
        else:
            found[text] = find_regions(text, 4)
    return found
