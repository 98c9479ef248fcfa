"""The operation that re-maps the regions of a contract after regions changed; nothing changes silently."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.audit_actions import ContractAction
from alliance.models import Contract, ContractArea
from alliance.operations.drafting import NewArea, UnknownContract, WrongState, set_areas
from alliance.operations.versions import draft_next_version
from alliance.queries.region_changes import ConcernedContract, concerned_contracts
from audit.operations.recording import record
from kernel.periods import months_after
from kernel.refusals import Refusal
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant


class NothingToRemap(Refusal):
    code = "nothing_to_remap"


def remap_contract(*, contract_id: UUID, starts_on: date | None = None, by: Actor, at: datetime) -> Contract:
    """Draft a contract with the regions that the changes propose, and return the draft.

    Of an active contract it is the next version, which begins on `starts_on`, by default on the first day of
    next month, and which the three parties sign; a draft gets the regions itself. Raise UnknownContract,
    WrongState for a submitted contract, VersionOpen if a next version is being written, NothingToRemap.
    """
    by.must("contract.edit")
    today = day_of_tenant(at)
    with joined_transaction():
        found = Contract.objects.visible_to(by).filter(id=contract_id).first()
        if found is None:
            raise UnknownContract(_("There is no such contract."), field="contract")
        concerned = _concerned(found, by, today)
        if found.state == Contract.State.SUBMITTED:
            message = _("This contract waits for signatures: return it to draft first, then re-map it.")
            raise WrongState(message, state=found.state)
        if found.state == Contract.State.DRAFT:
            draft = found
        else:
            draft = draft_next_version(
                contract_id=found.id, starts_on=starts_on or _first_day(found, today), by=by, at=at
            )
        areas = _remapped(found, concerned)
        set_areas(contract_id=draft.id, areas=areas, by=by, at=at)
        changed = {one.area.region_id: list(one.remap.proposed) for one in concerned.areas}
        record(
            ContractAction.REMAP, draft, by=by, at=at, code=draft.code, version=draft.version, regions=changed
        )
    return draft


def _concerned(contract: Contract, by: Actor, day: date) -> ConcernedContract:
    for one in concerned_contracts(by, day=day, codes=[contract.code]):
        if one.contract.id == contract.id and one.needs_amendment:
            return one
    raise NothingToRemap(_("No change of regions concerns this contract."), field="contract")


def _first_day(contract: Contract, today: date) -> date:
    """Return the first day of next month, or the day after a start that is later or would be too late."""
    first = max(months_after(today.replace(day=1), 1), contract.starts_on + timedelta(days=1))
    return first if first < contract.until else max(today, contract.starts_on) + timedelta(days=1)


def _remapped(contract: Contract, concerned: ConcernedContract) -> list[NewArea]:
    """Return the regions of a contract with the proposed ones in place of those that changed."""
    proposed = {one.area.id: one.remap.proposed for one in concerned.areas}
    rows = ContractArea.objects.filter(contract=contract).select_related("category", "channel")
    found: dict[NewArea, None] = {}
    for row in rows.order_by("category__code", "region_id"):
        for code in proposed.get(row.id, (row.region_id,)):
            channel = row.channel.code if row.channel is not None else ""
            found[NewArea(row.category.code, code, channel)] = None
    return list(found)
