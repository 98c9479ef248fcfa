"""Checking and writing the rows of a draft's terms: regions, spreads, guarantees and their shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange
from django.utils.translation import gettext as _

from alliance.domain.clause_numbers import CHAPTER_OF_KIND, Chapter, number_clauses
from alliance.domain.spread import guaranteed_of
from alliance.models import (
    Contract,
    ContractArea,
    ContractRole,
    GuaranteeKind,
    GuaranteeShare,
    GuaranteeTerm,
    Metric,
    SpreadTerm,
    Window,
)
from alliance.models.contract import channel_range
from alliance.models.terms import KIND_OF_METRIC
from alliance.operations.gone_regions import check_regions_exist
from alliance.operations.new_terms import ONE, BadContract, NewArea, NewGuarantee, NewShare, NewSpread
from catalogue.models import Category, Product
from dealers.models import Channel, Region

_MAX_PRICE = Decimal(10) ** 10
_MAX_AMOUNT = Decimal(10) ** 10
MAX_MONTHS_OF_INCOME = 24
COUNTED = {Metric.VISITS, Metric.MATERIAL, Metric.TRAINING}
TIMED = {Metric.NOTICE, Metric.RENEWAL, Metric.ANSWER_HOURS, Metric.REPLACEMENT_DAYS}
WITHOUT_TARGET = {Metric.EXCLUSIVE, Metric.EARLY_END}
PAYERS = (ContractRole.MANUFACTURER, ContractRole.DEALER)


def channels_of(codes: Iterable[str]) -> dict[str, UUID]:
    """Return the ids of channels by code."""
    return dict(Channel.objects.filter(code__in=set(codes) - {""}).values_list("code", "id"))


def channel_id(code: str, channels: dict[str, UUID], field: str) -> UUID | None:
    """Return the id of a channel, None without a code. Raise BadContract for an unknown one."""
    if not code:
        return None
    if code not in channels:
        raise BadContract(_("There is no such channel."), field=field)
    return channels[code]


def checked_amount(amount: Decimal, places: int, field: str) -> Decimal:
    """Return an amount of zero or more with at most `places` places, or raise BadContract."""
    if not 0 <= amount < _MAX_AMOUNT or amount != round(amount, places):
        message = _("This must be an amount of zero or more with at most %(places)s places.")
        raise BadContract(message % {"places": places}, field=field)
    return amount


def write_areas(contract: Contract, areas: Sequence[NewArea], *, may_be_gone: bool = False) -> None:
    """Write the regions of a draft in the order in which they are locked."""
    codes = {one.category for one in areas}
    categories = dict(Category.objects.filter(code__in=codes).values_list("code", "id"))
    regions = Region.objects.in_bulk({one.region for one in areas})
    channels = channels_of(one.channel for one in areas)
    used = set()
    rows = []
    for place, one in enumerate(areas):
        where = f"areas[{place}]"
        if one.category not in categories:
            raise BadContract(_("There is no such category."), field=f"{where}.category")
        if one.region not in regions:
            raise BadContract(_("There is no such region."), field=f"{where}.region")
        channel = channel_id(one.channel, channels, f"{where}.channel")
        if one in used:
            raise BadContract(_("This is there twice."), field=f"{where}.region")
        used.add(one)
        region = regions[one.region]
        rows.append(
            ContractArea(
                contract=contract,
                category_id=categories[one.category],
                region=region,
                channel_id=channel,
                channels=channel_range(channel),
                area=NumericRange(region.start, region.end),
                term=DateRange(contract.starts_on, contract.until),
            )
        )
    if not may_be_gone:
        fields = {one.region: f"areas[{place}].region" for place, one in enumerate(areas)}
        check_regions_exist(fields, day=contract.starts_on)
    rows.sort(key=lambda row: (row.category_id, row.area.lower, row.area.upper))
    ContractArea.objects.bulk_create(rows)


def write_spreads(contract: Contract, spreads: Sequence[NewSpread]) -> None:
    """Write the guaranteed spreads of a draft with the numbers of their clauses."""
    skus = {one.sku for one in spreads}
    products = dict(Product.objects.filter(sku__in=skus).values_list("sku", "id"))
    used = set()
    for place, one in enumerate(spreads):
        where = f"spreads[{place}]"
        if one.sku not in products:
            message = _("There is no product with the SKU %(sku)s.") % {"sku": one.sku}
            raise BadContract(message, field=f"{where}.sku")
        if one.sku in used:
            raise BadContract(_("This is there twice."), field=f"{where}.sku")
        for name, amount in (("guaranteed", one.guaranteed), ("advised_resale", one.advised_resale)):
            if not 0 <= amount < _MAX_PRICE or amount != round(amount, 4):
                message = _("This must be a price of zero or more with at most 4 places.")
                raise BadContract(message, field=f"{where}.{name}")
        if one.percent is not None and not (0 <= one.percent <= 100 and one.percent == round(one.percent, 4)):
            message = _("This must be a percentage from 0 to 100 with at most 4 places.")
            raise BadContract(message, field=f"{where}.percent")
        used.add(one.sku)
    taken = list(contract.terms.filter(metric=Metric.MINIMUM_INCOME).values_list("clause", flat=True))
    numbers = number_clauses(Chapter.SPREAD, [one.clause for one in spreads], taken)
    SpreadTerm.objects.bulk_create(
        SpreadTerm(
            contract=contract,
            product_id=products[one.sku],
            clause=clause,
            guaranteed=guaranteed_of(one.guaranteed, one.percent, one.advised_resale),
            percent=one.percent,
            advised_resale=one.advised_resale,
        )
        for one, clause in zip(spreads, numbers, strict=True)
    )


def write_guarantees(contract: Contract, guarantees: Sequence[NewGuarantee]) -> None:
    """Write the other guarantees of a draft with the numbers of their clauses."""
    codes = {one.category for one in guarantees} - {""}
    categories = dict(Category.objects.filter(code__in=codes).values_list("code", "id"))
    used = set()
    for place, one in enumerate(guarantees):
        where = f"guarantees[{place}]"
        if one.category and one.category not in categories:
            raise BadContract(_("There is no such category."), field=f"{where}.category")
        if (one.metric, one.category) in used:
            raise BadContract(_("This is there twice."), field=f"{where}.metric")
        used.add((one.metric, one.category))
        _check_guarantee(one, where)
    numbers = _guarantee_numbers(contract, guarantees)
    GuaranteeTerm.objects.bulk_create(
        GuaranteeTerm(
            contract=contract,
            clause=clause,
            metric=one.metric,
            category_id=categories.get(one.category),
            target=contract.notice_days if _is_notice_without_days(one) else one.target,
            window=one.window,
            cumulative=one.cumulative,
            owed_per_event=one.owed_per_event,
            months_of_income=one.months_of_income,
            monthly_cap=one.monthly_cap,
        )
        for one, clause in zip(guarantees, numbers, strict=True)
    )


def _is_notice_without_days(one: NewGuarantee) -> bool:
    return one.metric == Metric.NOTICE and one.target is None


def _guarantee_numbers(contract: Contract, guarantees: Sequence[NewGuarantee]) -> list[str]:
    places = defaultdict(list)
    for place, one in enumerate(guarantees):
        places[CHAPTER_OF_KIND[KIND_OF_METRIC[one.metric]]].append(place)
    found = [""] * len(guarantees)
    for chapter, mine in places.items():
        taken = list(contract.spreads.values_list("clause", flat=True)) if chapter == Chapter.SPREAD else []
        numbers = number_clauses(chapter, [guarantees[at].clause for at in mine], taken)
        for at, number in zip(mine, numbers, strict=True):
            found[at] = number
    return found


def _check_guarantee(one: NewGuarantee, where: str) -> None:
    checked_amount(one.owed_per_event, 2, f"{where}.owed_per_event")
    if one.monthly_cap is not None:
        checked_amount(one.monthly_cap, 2, f"{where}.monthly_cap")
    if one.window not in Window.values:
        raise BadContract(_("This must be a month, a quarter or a year."), field=f"{where}.window")
    if one.months_of_income and KIND_OF_METRIC[one.metric] != GuaranteeKind.TERM:
        message = _("Only the term guarantee owes months of income.")
        raise BadContract(message, field=f"{where}.months_of_income")
    if not 0 <= one.months_of_income <= MAX_MONTHS_OF_INCOME:
        message = _("This must be 0 to %(months)s months.") % {"months": MAX_MONTHS_OF_INCOME}
        raise BadContract(message, field=f"{where}.months_of_income")
    if one.metric == Metric.MINIMUM_INCOME and one.owed_per_event:
        message = _("What is short of a minimum income is owed itself, without a sum for each event.")
        raise BadContract(message, field=f"{where}.owed_per_event")
    _check_target(one, f"{where}.target")


def _check_target(one: NewGuarantee, field: str) -> None:
    if one.metric in WITHOUT_TARGET:
        if one.target is not None:
            raise BadContract(_("This guarantee has no target."), field=field)
        return
    if one.target is None:
        if one.metric != Metric.NOTICE:
            raise BadContract(_("This guarantee needs a target."), field=field)
        return
    if one.metric == Metric.MINIMUM_INCOME:
        checked_amount(one.target, 2, field)
    elif not 0 < one.target <= 10**4 or one.target != round(one.target):
        raise BadContract(_("This must be a whole number from 1 to 10,000."), field=field)


def write_shares(contract: Contract, shares: Sequence[NewShare]) -> None:
    """Write who owes which part of each kind; of a kind without shares the dealer owes all."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    used = set()
    for place, one in enumerate(shares):
        where = f"shares[{place}]"
        if one.role not in PAYERS:
            message = _(
                "What a guarantee owes is owed to the member: the manufacturer or the dealer pays it."
            )
            raise BadContract(message, field=f"{where}.role")
        if (one.kind, one.role) in used:
            raise BadContract(_("This is there twice."), field=f"{where}.role")
        used.add((one.kind, one.role))
        if not 0 < one.share <= 1 or one.share != round(one.share, 4):
            message = _("This must be a share of more than 0 and at most 1.")
            raise BadContract(message, field=f"{where}.share")
        sums[one.kind] += one.share
    for kind, total in sums.items():
        if total != ONE:
            message = _("The shares of the %(kind)s guarantee sum to %(sum)s instead of 100 %%.")
            figures = {"kind": GuaranteeKind(kind).label, "sum": f"{total * 100:f} %"}
            place = max(at for at, one in enumerate(shares) if one.kind == kind)
            raise BadContract(message % figures, field=f"shares[{place}].share")
    rest = [NewShare(kind, ContractRole.DEALER, ONE) for kind in GuaranteeKind if kind not in sums]
    GuaranteeShare.objects.bulk_create(
        GuaranteeShare(contract=contract, kind=one.kind, role=one.role, share=one.share)
        for one in (*shares, *rest)
    )
