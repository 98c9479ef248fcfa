"""Operations on a draft contract: its parties, term, regions, spreads and service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange
from django.utils.translation import gettext as _

from accounts.rights import DEALER, MANUFACTURER, MEMBER, Actor
from alliance.audit_actions import ContractAction
from alliance.models import Contract, ContractArea, SpreadTerm
from alliance.models.contract import channel_range
from alliance.operations.gone_regions import check_regions_exist
from audit.operations.recording import record
from catalogue.models import Category, Product
from dealers.models import Channel, Party, Region
from kernel.refusals import Refusal
from kernel.search import search_tokens
from tenancy.context import active_tenant_id, joined_transaction
from ui.operations import search_index

_MAX_PRICE = Decimal(10) ** 10


class BadContract(Refusal):
    code = "bad_contract"


class ContractExists(Refusal):
    code = "conflict"


class UnknownContract(Refusal):
    code = "not_found"


class WrongState(Refusal):
    code = "wrong_state"


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
    """A guaranteed spread. Prices are for one base unit, with at most 4 places."""

    sku: str
    clause: str
    guaranteed: Decimal
    advised_resale: Decimal


def draft_contract(
    *,
    contract: Contract,
    areas: Sequence[NewArea] = (),
    spreads: Sequence[NewSpread] = (),
    by: Actor,
    at: datetime,
) -> Contract:
    """Save a new draft.

    Raise BadContract with the field, such as `areas[1].region`, or ContractExists for a code in use.
    """
    by.must("contract.edit")
    _check(contract)
    contract.state = Contract.State.DRAFT
    with joined_transaction():
        _must_see(contract.member_id, by)
        try:
            with transaction.atomic():
                contract.save(force_insert=True)
        except IntegrityError as error:
            message = _("There is a contract with the code %(code)s already.") % {"code": contract.code}
            raise ContractExists(message, field="code") from error
        # A next version begins with what the old one grants; a region that is gone is refused when submitted.
        _write_areas(contract, areas, may_be_gone=contract.version > 1)
        _write_spreads(contract, spreads)
        index_contracts([contract])
        record(ContractAction.DRAFT, contract, by=by, at=at, code=contract.code)
    return contract


def edit_contract(*, contract: Contract, by: Actor, at: datetime) -> Contract:
    """Save the changed fields of a draft; its regions take over the term."""
    with joined_transaction():
        stored = locked_contract(contract.id, Contract.State.DRAFT, right="contract.edit", by=by)
        contract.code, contract.version, contract.state = stored.code, stored.version, stored.state
        _check(contract)
        _must_see(contract.member_id, by)
        contract.save(force_update=True)
        contract.areas.update(term=DateRange(contract.starts_on, contract.until))
        record(ContractAction.EDIT, contract, by=by, at=at, code=contract.code)
    return contract


def index_contracts(contracts: Iterable[Contract]) -> None:
    """Write the search tokens of contracts; the code of a contract never changes."""
    search_index.index("contract", ((one.id, search_tokens(names=[], codes=[one.code])) for one in contracts))


def reindex_contracts() -> None:
    """Rewrite the search tokens of all contracts of the active tenant."""
    index_contracts(Contract.objects.iterator(chunk_size=2000))


def set_areas(*, contract_id: UUID, areas: Sequence[NewArea], by: Actor, at: datetime) -> int:
    """Replace the regions of a draft; return their number."""
    with joined_transaction():
        contract = locked_contract(contract_id, Contract.State.DRAFT, right="contract.edit", by=by)
        contract.areas.all().delete()
        _write_areas(contract, areas)
        record(ContractAction.SET_AREAS, contract, by=by, at=at, code=contract.code, areas=len(areas))
    return len(areas)


def set_spreads(*, contract_id: UUID, spreads: Sequence[NewSpread], by: Actor, at: datetime) -> int:
    """Replace the spread guarantees of a draft; return their number."""
    with joined_transaction():
        contract = locked_contract(contract_id, Contract.State.DRAFT, right="contract.edit", by=by)
        contract.spreads.all().delete()
        _write_spreads(contract, spreads)
        record(ContractAction.SET_SPREADS, contract, by=by, at=at, code=contract.code, spreads=len(spreads))
    return len(spreads)


def locked_contract(contract_id: UUID, state: Contract.State, *, right: str, by: Actor) -> Contract:
    """Lock and return a contract that the actor may see. Raise UnknownContract or WrongState."""
    by.must(right)
    visible = Contract.objects.visible_to(by).filter(id=contract_id).values("id")
    found = Contract.objects.select_for_update().filter(id__in=visible).first()
    if found is None:
        raise UnknownContract(_("There is no such contract."), field="contract")
    if found.state != state:
        message = _("The contract is %(state)s.") % {"state": Contract.State(found.state).label}
        raise WrongState(message, state=found.state)
    return found


def replaced_by(contract: Contract) -> Contract | None:
    """Return the active version that this contract will replace; None for a first version."""
    if contract.version == 1:
        return None
    earlier = Contract.objects.filter(
        code=contract.code, version__lt=contract.version, state=Contract.State.ACTIVE
    )
    found: Contract | None = earlier.order_by("-version").first()
    return found


def check_succession(contract: Contract) -> None:
    """Raise BadContract unless a next version has the same parties and begins after its predecessor."""
    old = replaced_by(contract)
    if old is None:
        return
    for role in ("manufacturer", "dealer", "member"):
        if getattr(contract, f"{role}_id") != getattr(old, f"{role}_id"):
            message = _("A next version is between the same three parties.")
            raise BadContract(message, field=role)
    if contract.starts_on <= old.starts_on:
        message = _("The next version begins after the one it replaces: later than %(day)s.")
        raise BadContract(message % {"day": old.starts_on.isoformat()}, field="starts_on")


def _must_see(member_id: UUID, by: Actor) -> None:
    """Raise BadContract unless the actor may see the member: managers are bound to their territory."""
    if not Party.objects.visible_to(by).filter(id=member_id).exists():
        raise BadContract(_("There is no such member."), field="member")


def _check(contract: Contract) -> None:
    if contract.until <= contract.starts_on:
        raise BadContract(_("It ends no later than it starts."), field="until")
    if Decimal(contract.late_fee or 0) < 0:
        raise BadContract(_("This may not be negative."), field="late_fee")
    wanted = {"manufacturer": MANUFACTURER, "dealer": DEALER, "member": MEMBER}
    ids = {field: getattr(contract, f"{field}_id") for field in wanted}
    kinds = dict(Party.objects.filter(id__in=[one for one in ids.values() if one]).values_list("id", "kind"))
    for field, kind in wanted.items():
        if kinds.get(ids[field]) != kind:
            message = _("This must be a party of the kind “%(kind)s”.") % {"kind": Party.Kind(kind).label}
            raise BadContract(message, field=field)
    check_succession(contract)


def _write_areas(contract: Contract, areas: Sequence[NewArea], *, may_be_gone: bool = False) -> None:
    categories = dict(
        Category.objects.filter(code__in={one.category for one in areas}).values_list("code", "id")
    )
    regions = Region.objects.in_bulk({one.region for one in areas})
    channels = dict(Channel.objects.filter(code__in={one.channel for one in areas}).values_list("code", "id"))
    used = set()
    rows = []
    for place, one in enumerate(areas):
        where = f"areas[{place}]"
        if one.category not in categories:
            raise BadContract(_("There is no such category."), field=f"{where}.category")
        if one.region not in regions:
            raise BadContract(_("There is no such region."), field=f"{where}.region")
        if one.channel and one.channel not in channels:
            raise BadContract(_("There is no such channel."), field=f"{where}.channel")
        if one in used:
            raise BadContract(_("This is there twice."), field=f"{where}.region")
        used.add(one)
        region = regions[one.region]
        channel_id = channels.get(one.channel)
        rows.append(
            ContractArea(
                contract=contract,
                category_id=categories[one.category],
                region=region,
                channel_id=channel_id,
                channels=channel_range(channel_id),
                area=NumericRange(region.start, region.end),
                term=DateRange(contract.starts_on, contract.until),
            )
        )
    if not may_be_gone:
        fields = {one.region: f"areas[{place}].region" for place, one in enumerate(areas)}
        check_regions_exist(fields, day=contract.starts_on)
    rows.sort(key=lambda row: (row.category_id, row.area.lower, row.area.upper))
    ContractArea.objects.bulk_create(rows)


def _write_spreads(contract: Contract, spreads: Sequence[NewSpread]) -> None:
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
        if not one.clause:
            raise BadContract(_("A guarantee names its clause."), field=f"{where}.clause")
        for name, amount in (("guaranteed", one.guaranteed), ("advised_resale", one.advised_resale)):
            if not 0 <= amount < _MAX_PRICE or amount != round(amount, 4):
                message = _("This must be a price of zero or more with at most 4 places.")
                raise BadContract(message, field=f"{where}.{name}")
        used.add(one.sku)
    SpreadTerm.objects.bulk_create(
        SpreadTerm(
            contract=contract,
            product_id=products[one.sku],
            clause=one.clause,
            guaranteed=one.guaranteed,
            advised_resale=one.advised_resale,
        )
        for one in spreads
    )


def shorten_earlier(contract: Contract) -> list[tuple[UUID, int]]:
    """End the earlier active versions on the day this one begins; return (id, version) of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH mine AS MATERIALIZED (SELECT id FROM alliance_contract"
            "  WHERE tenant_id = %s AND code = %s AND version < %s AND state = 'active' AND until > %s"
            "  ORDER BY id FOR UPDATE)"
            " UPDATE alliance_contract one SET until = %s FROM mine"
            " WHERE one.tenant_id = %s AND one.id = mine.id RETURNING one.id, one.version",
            [
                active_tenant_id(),
                contract.code,
                contract.version,
                contract.starts_on,
                contract.starts_on,
                active_tenant_id(),
            ],
        )
        found = cursor.fetchall()
        cursor.execute(
            "WITH mine AS MATERIALIZED (SELECT id FROM alliance_contractarea"
            "  WHERE tenant_id = %s AND contract_id = ANY(%s::uuid[]) ORDER BY category_id, area FOR UPDATE)"
            " UPDATE alliance_contractarea one SET term = daterange(lower(one.term), %s) FROM mine"
            " WHERE one.tenant_id = %s AND one.id = mine.id",
            [active_tenant_id(), [str(row[0]) for row in found], contract.starts_on, active_tenant_id()],
        )
    return found


def hold_areas(contract_id: UUID, holds: bool) -> None:
    """Set or release the exclusive hold on a contract's regions, locked in one common order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH mine AS MATERIALIZED (SELECT id FROM alliance_contractarea"
            "  WHERE tenant_id = %s AND contract_id = %s ORDER BY category_id, area FOR UPDATE)"
            " UPDATE alliance_contractarea one SET holds = %s FROM mine"
            " WHERE one.tenant_id = %s AND one.id = mine.id",
            [active_tenant_id(), contract_id, holds, active_tenant_id()],
        )
