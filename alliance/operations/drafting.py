"""Operations on a draft contract: its parties, term, regions, spreads and service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts.rights import DEALER, MANUFACTURER, MEMBER, Actor
from alliance.audit_actions import ContractAction
from alliance.models import (
    Clause,
    Contract,
    ContractPortfolio,
    GuaranteeShare,
    GuaranteeTerm,
    Kpi,
    Responsibility,
)
from alliance.operations.new_terms import NO_TERMS, BadContract, NewArea, NewSpread, NewTerms
from alliance.operations.writing_duties import (
    write_clauses,
    write_kpis,
    write_portfolios,
    write_responsibilities,
)
from alliance.operations.writing_terms import write_areas, write_guarantees, write_shares, write_spreads
from audit.operations.recording import record
from dealers.models import Party
from kernel.refusals import Refusal
from kernel.search import search_tokens
from tenancy.context import joined_transaction
from ui.operations import search_index

__all__ = [
    "BadContract",
    "ContractExists",
    "NewArea",
    "NewSpread",
    "UnknownContract",
    "WrongState",
    "check_succession",
    "draft_contract",
    "edit_contract",
    "index_contracts",
    "locked_contract",
    "locked_draft",
    "reindex_contracts",
    "replaced_by",
    "save_draft",
    "set_areas",
    "set_spreads",
    "set_terms",
]

MAX_DAYS = 366
NOT_EDITED = ("code", "version", "state", "proposed_by_id", "taken_over_at")
TERM_MODELS: tuple[Any, ...] = (
    GuaranteeTerm,
    GuaranteeShare,
    Responsibility,
    Kpi,
    ContractPortfolio,
    Clause,
)


class ContractExists(Refusal):
    code = "conflict"


class UnknownContract(Refusal):
    code = "not_found"


class WrongState(Refusal):
    code = "wrong_state"


def draft_contract(
    *,
    contract: Contract,
    areas: Sequence[NewArea] = (),
    spreads: Sequence[NewSpread] = (),
    terms: NewTerms = NO_TERMS,
    by: Actor,
    at: datetime,
) -> Contract:
    """Save a new draft; `terms` are its other guarantees, duties, KPIs, portfolios and clauses.

    Raise BadContract with the field, such as `areas[1].region`, or ContractExists for a code in use.
    """
    by.must("contract.edit")
    return save_draft(contract, areas, spreads, terms, action=ContractAction.DRAFT, by=by, at=at)


def save_draft(
    contract: Contract,
    areas: Sequence[NewArea],
    spreads: Sequence[NewSpread],
    terms: NewTerms,
    *,
    action: ContractAction,
    by: Actor,
    at: datetime,
) -> Contract:
    """Check and write a new draft; its caller has checked the right."""
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
        write_areas(contract, areas, may_be_gone=contract.version > 1)
        write_spreads(contract, spreads)
        _write_terms(contract, terms)
        index_contracts([contract])
        record(action, contract, by=by, at=at, code=contract.code)
    return contract


def edit_contract(*, contract: Contract, by: Actor, at: datetime) -> Contract:
    """Save the changed fields of a draft; its regions take over the term."""
    with joined_transaction():
        stored = locked_draft(contract.id, by=by, at=at)
        for name in NOT_EDITED:
            setattr(contract, name, getattr(stored, name))
        if by.party_kind == DEALER and contract.dealer_id != by.party_id:
            raise BadContract(_("You propose contracts of your own company only."), field="dealer")
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
        contract = locked_draft(contract_id, by=by, at=at)
        contract.areas.all().delete()
        write_areas(contract, areas)
        record(ContractAction.SET_AREAS, contract, by=by, at=at, code=contract.code, areas=len(areas))
    return len(areas)


def set_spreads(*, contract_id: UUID, spreads: Sequence[NewSpread], by: Actor, at: datetime) -> int:
    """Replace the spread guarantees of a draft; return their number."""
    with joined_transaction():
        contract = locked_draft(contract_id, by=by, at=at)
        contract.spreads.all().delete()
        write_spreads(contract, spreads)
        record(ContractAction.SET_SPREADS, contract, by=by, at=at, code=contract.code, spreads=len(spreads))
    return len(spreads)


def set_terms(*, contract_id: UUID, terms: NewTerms, by: Actor, at: datetime) -> None:
    """Replace a draft's guarantees with their shares, responsibilities, KPIs, portfolios and clauses."""
    with joined_transaction():
        contract = locked_draft(contract_id, by=by, at=at)
        for model in TERM_MODELS:
            model.objects.filter(contract=contract).delete()
        _write_terms(contract, terms)
        counts = {"guarantees": len(terms.guarantees), "duties": len(terms.responsibilities)}
        record(ContractAction.SET_TERMS, contract, by=by, at=at, code=contract.code, **counts)


def _write_terms(contract: Contract, terms: NewTerms) -> None:
    write_guarantees(contract, terms.guarantees)
    write_shares(contract, terms.shares)
    write_responsibilities(contract, terms.responsibilities)
    write_kpis(contract, terms.kpis)
    write_portfolios(contract, terms.portfolios)
    write_clauses(contract, terms.clauses)


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


def locked_draft(contract_id: UUID, *, by: Actor, at: datetime) -> Contract:
    """Lock and return a draft that the actor may change.

    A dealer changes its own proposal until the manufacturer has taken it over, which the manufacturer's
    first change does.
    """
    if not by.may("contract.edit") and by.may("contract.propose"):
        found = locked_contract(contract_id, Contract.State.DRAFT, right="contract.propose", by=by)
        if found.proposed_by_id != by.party_id:
            raise UnknownContract(_("There is no such contract."), field="contract")
        if found.taken_over_at is not None:
            message = _("The manufacturer has taken over this proposal: ask it for changes.")
            raise WrongState(message, state=found.state)
        return found
    found = locked_contract(contract_id, Contract.State.DRAFT, right="contract.edit", by=by)
    if found.proposed_by_id is not None and found.taken_over_at is None:
        found.taken_over_at = at
        found.save(update_fields=["taken_over_at"])
        record(ContractAction.TAKE_OVER, found, by=by, at=at, code=found.code)
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
    for name in ("late_fee", "book_up_to", "security_deposit"):
        if Decimal(getattr(contract, name) or 0) < 0:
            raise BadContract(_("This may not be negative."), field=name)
    for name in ("notice_days", "reply_days"):
        if not 0 <= getattr(contract, name) <= MAX_DAYS:
            message = _("This must be 0 to %(days)s days.") % {"days": MAX_DAYS}
            raise BadContract(message, field=name)
    wanted = {"manufacturer": MANUFACTURER, "dealer": DEALER, "member": MEMBER}
    ids = {field: getattr(contract, f"{field}_id") for field in wanted}
    kinds = dict(Party.objects.filter(id__in=[one for one in ids.values() if one]).values_list("id", "kind"))
    for field, kind in wanted.items():
        if kinds.get(ids[field]) != kind:
            message = _("This must be a party of the kind “%(kind)s”.") % {"kind": Party.Kind(kind).label}
            raise BadContract(message, field=field)
    check_succession(contract)
