"""The checks of a dry run that pricing registers: changes, spreads, the ladder, limits, shadows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from accounts.rights import DEALER, MEMBER
from alliance.queries import MemberPrice, SpreadImpact, advice_impact, spread_impact_by_group
from catalogue.models import Category, Product
from kernel.cases import plain
from kernel.money import ZERO, ZERO_MONEY, exact
from pricing.domain.dry_run.changes import OfferedPrice, PriceChange
from pricing.domain.dry_run.findings import CheckResult, Finding
from pricing.domain.dry_run.ladder import worsened
from pricing.domain.dry_run.shadowing import shadows
from pricing.domain.limits import VERDICTS
from pricing.domain.limits import Limit as LimitRule
from pricing.models import Limit
from pricing.queries.dry_run.impact import BuyerGroup, PriceImpact
from pricing.queries.dry_run.ladders import inversion_facts, inverted_rows

SHARP_PERCENT = Decimal(50)
"""A change beyond this is pointed out: it is more often a slip of the pen than a decision."""
Row = tuple[str, int, OfferedPrice | None, OfferedPrice | None]


@exact
def changed_prices(impact: PriceImpact) -> CheckResult:
    """Return which SKUs change for how many buyers and by how much, the largest change first."""
    buyers: dict[PriceChange, int] = defaultdict(int)
    for group in impact.groups:
        for change in group.changes:
            buyers[change] += len(group.buyers)
    ordered = sorted(buyers, key=lambda one: (-abs(one.percent or ZERO), one.sku, one.from_qty))
    sharp = [one for one in ordered if abs(one.percent or ZERO) >= SHARP_PERCENT]
    weights = [(one.percent, buyers[one]) for one in ordered if one.percent is not None]
    weight = sum(count for _percent, count in weights)
    mean = sum((percent * count for percent, count in weights), ZERO) / weight if weight else None
    return CheckResult(
        [_change_finding(one, buyers[one], impact) for one in ordered],
        {
            "products": len({one.sku for one in ordered}),
            "raised": len({one.sku for one in ordered if one.difference > 0}),
            "lowered": len({one.sku for one in ordered if one.difference < 0}),
            "added": len({one.sku for one in ordered if one.old is None}),
            "dropped": len({one.sku for one in ordered if one.new is None}),
            "sharp": len({one.sku for one in sharp}),
            "buyers": len(impact.buyers),
            "mean_percent": None if mean is None else str(mean.quantize(Decimal("0.1"))),
        },
    )


def _change_finding(change: PriceChange, buyers: int, impact: PriceImpact) -> Finding:
    percent = change.percent
    return Finding(
        {
            "from_qty": change.from_qty,
            "until_qty": change.until_qty,
            "old": _offer_facts(change.old),
            "new": _offer_facts(change.new),
            "percent": None if percent is None else str(percent),
            "buyers": buyers,
        },
        product_id=impact.products[change.sku],
    )


def _offer_facts(offered: OfferedPrice | None) -> dict[str, object] | None:
    if offered is None:
        return None
    return {
        "price": plain(offered.price),
        "per": offered.per,
        "list": offered.price_list,
        "advised": None if offered.advised is None else plain(offered.advised),
    }


@exact
def broken_spreads(impact: PriceImpact) -> CheckResult:
    """Return the guaranteed spreads that the new prices or the new advice break, the dearest first.

    A spread that was broken by as much before is listed but not breaking. Two statements.
    """
    old, new = _highest_prices(impact)
    prices = [MemberPrice(group, product, price) for (group, product), price in new.items()]
    groups = {one: group.number for group in impact.groups if MEMBER in group.levels for one in group.buyers}
    dealers = None if impact.is_manufacturers else [impact.seller.id]
    found = spread_impact_by_group(prices, groups, impact.on, dealer_ids=dealers)
    findings = [
        _spread_finding(one, "price", old.get((groups[one.member_id], one.product_id))) for one in found
    ]
    findings += [_spread_finding(one, "advice", None) for one in _broken_by_advice(impact)]
    owed = sum((one.amount or ZERO for one in findings if one.is_breaking), ZERO_MONEY)
    contracts = {one.facts["contract"] for one in findings if one.is_breaking}
    return CheckResult(
        sorted(findings, key=lambda one: (not one.is_breaking, -(one.amount or ZERO))),
        {"contracts": len(contracts), "owed": str(owed)},
    )


def _highest_prices(impact: PriceImpact) -> tuple[dict[tuple[int, UUID], Decimal], ...]:
    """Return the old and the new price of each group of members and product, at the dearest quantity."""
    old: dict[tuple[int, UUID], Decimal] = {}
    new: dict[tuple[int, UUID], Decimal] = {}
    for group in impact.groups:
        for change in group.changes if MEMBER in group.levels else ():
            key = (group.number, impact.products[change.sku])
            for prices, offered in ((old, change.old), (new, change.new)):
                if offered is not None:
                    prices[key] = max(prices.get(key, ZERO), offered.each)
    return old, new


def _broken_by_advice(impact: PriceImpact) -> list[SpreadImpact]:
    """Return what lower advised resale prices for dealers break in their contracts with members."""
    dealers: dict[UUID, set[UUID]] = defaultdict(set)
    advised: dict[UUID, Decimal] = {}
    for group in impact.groups if impact.is_manufacturers else ():
        for change in group.changes if DEALER in group.levels else ():
            if change.new is None or (price := change.new.advised_each) is None:
                continue
            if change.old is not None and change.old.advised_each == price:
                continue
            product = impact.products[change.sku]
            advised[product] = min(advised.get(product, price), price)
            dealers[product].update(group.buyers)
    everyone = {one for ids in dealers.values() for one in ids}
    found = advice_impact(advised, impact.on, dealer_ids=everyone)
    return [one for one in found if one.dealer_id in dealers[one.product_id]]


def _spread_finding(found: SpreadImpact, cause: str, old: Decimal | None) -> Finding:
    """Return a finding; the `cause` is the new price of the member, or the new advised resale price."""
    advised = found.spread + found.price
    lacked = ZERO if old is None else max(ZERO, found.guaranteed - (advised - old))
    return Finding(
        {
            "cause": cause,
            "contract": found.contract,
            "contract_id": str(found.contract_id),
            "clause": found.citation,
            "dealer_id": str(found.dealer_id),
            "guaranteed": plain(found.guaranteed),
            "price": plain(found.price),
            "advised": plain(advised),
            "before": None if old is None else plain(advised - old),
            "spread": plain(found.spread),
            "shortfall": plain(found.shortfall),
            "units": found.units,
        },
        product_id=found.product_id,
        party_id=found.member_id,
        is_breaking=found.shortfall > lacked,
        amount=found.owed,
    )


def inverted_steps(impact: PriceImpact) -> CheckResult:
    """Return the rows of the draft that invert a step of the price ladder."""
    findings = [
        Finding(
            inversion_facts(row),
            product_id=impact.products[row.sku],
            is_breaking=worsened(row.before, row.after),
        )
        for row in inverted_rows(impact)
    ]
    steps = sum(one.is_breaking for one in findings)
    return CheckResult(sorted(findings, key=lambda one: not one.is_breaking), {"steps": steps})


def broken_limits(impact: PriceImpact) -> CheckResult:
    """Return the limits that new prices of the draft break, the hardest action first. Three statements."""
    limits: dict[str, list[tuple[LimitRule, Limit]]] = defaultdict(list)
    for sku, one in _limits_of_products(impact):
        limits[sku].append((LimitRule(sku, one.action, one.clause, one.floor, one.ceiling), one))
    broken: dict[tuple[LimitRule, int, Decimal], int] = defaultdict(int)
    for group in impact.groups:
        for change in group.changes:
            if change.new is None or not change.new.is_drafts:
                continue
            for rule, limit in limits.get(change.sku, ()):
                if _concerns(limit, group) and rule.broken_by(change.new.each):
                    broken[rule, change.from_qty, change.new.each] += len(group.buyers)
    ordered = sorted(broken, key=lambda key: (-VERDICTS.index(key[0].action), key[0].sku, key[1]))
    return CheckResult(
        [
            Finding(
                {
                    "clause": rule.clause,
                    "action": rule.action,
                    "floor": None if rule.floor is None else plain(rule.floor),
                    "ceiling": None if rule.ceiling is None else plain(rule.ceiling),
                    "price": plain(each),
                    "from_qty": from_qty,
                    "buyers": broken[rule, from_qty, each],
                },
                product_id=impact.products[rule.sku],
            )
            for rule, from_qty, each in ordered
        ]
    )


def _concerns(limit: Limit, group: BuyerGroup) -> bool:
    """Return whether the limit holds for a buyer of the group."""
    return (
        (not limit.contract_code or limit.contract_code in group.contracts)
        and (not limit.level or limit.level in group.levels)
        and (limit.region_id is None or limit.region_id in group.regions)
    )


def _limits_of_products(impact: PriceImpact) -> Iterable[tuple[str, Limit]]:
    """Yield (SKU, limit) for each limit in force on a product of the draft, its categories or all goods."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=impact.on)
    lasting = Q(until__isnull=True) | Q(until__gt=impact.on)
    skus = {product: sku for sku, product in impact.products.items()}
    concerned = Q(product__in=list(skus)) | Q(product__isnull=True)
    limits = list(
        Limit.objects.filter(begun, lasting, concerned, seller_id=impact.seller.id).order_by("clause")
    )
    parents = dict(Category.objects.values_list("id", "parent_id"))
    categories = dict(Product.objects.filter(id__in=list(skus)).values_list("id", "category_id"))
    for product, sku in skus.items():
        above: set[UUID] = set()
        category = categories.get(product)
        while category is not None and category not in above:
            above.add(category)
            category = parents.get(category)
        for limit in limits:
            if limit.product_id == product or (
                limit.product_id is None and (limit.category_id is None or limit.category_id in above)
            ):
                yield sku, limit


def shadowed_rows(impact: PriceImpact) -> CheckResult:
    """Return the rows of the draft that set no price for some or all of its buyers, the latter first."""
    found = sorted(shadows(impact.audience, impact.draft), key=lambda one: (not one.is_total, one.sku))
    return CheckResult(
        [
            Finding(
                {
                    "min_qty": one.min_qty,
                    "buyers": one.buyers,
                    "audience": one.audience,
                    "lists": list(one.lists),
                },
                product_id=impact.products[one.sku],
            )
            for one in found
        ],
        {
            "total": sum(one.is_total for one in found),
            "audience": sum(count for _b, count in impact.audience),
        },
    )
