"""The operation that drafts the next version of a contract."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.audit_actions import ContractAction
from alliance.models import Contract
from alliance.operations.drafting import ContractExists, WrongState, draft_contract, locked_contract
from alliance.operations.stored_terms import COPIED, areas_of, spreads_of, terms_of
from alliance.operations.wording import copy_reviews
from audit.operations.recording import record
from tenancy.context import joined_transaction


class VersionOpen(ContractExists):
    """A next version exists that is not signed by all; `contract_id` and `version` are its own."""


def draft_next_version(
    *, contract_id: UUID, starts_on: date, until: date | None = None, by: Actor, at: datetime
) -> Contract:
    """Copy the terms of an active contract to a new draft with the next version number.

    The draft is changed, submitted and signed like any other; the third signature ends the old version
    on the day before `starts_on`. Without `until` (exclusive) the draft ends with the old version. Later
    versions that have ended do not count. Raise WrongState if a later version is active, VersionOpen if
    one is still to be signed, and BadContract for a term that does not begin after the old one.
    """
    with joined_transaction():
        old = locked_contract(contract_id, Contract.State.ACTIVE, right="contract.edit", by=by)
        last = Contract.objects.filter(code=old.code).order_by("-version").first()
        if last.state in (Contract.State.DRAFT, Contract.State.SUBMITTED):
            message = _("Version %(version)s is being written already.") % {"version": last.version}
            raise VersionOpen(message, contract_id=str(last.id), version=last.version)
        if not Contract.objects.unreplaced().filter(id=old.id).exists():
            message = _("There is a later version of this contract; begin from that one.")
            raise WrongState(message, state=old.state, version=last.version)
        made = Contract(
            code=old.code,
            version=last.version + 1,
            manufacturer_id=old.manufacturer_id,
            dealer_id=old.dealer_id,
            member_id=old.member_id,
            starts_on=starts_on,
            until=until or old.until,
            **{name: getattr(old, name) for name in COPIED},
        )
        draft_contract(
            contract=made, areas=areas_of(old), spreads=spreads_of(old), terms=terms_of(old), by=by, at=at
        )
        copy_reviews(old, made)
        record(ContractAction.DRAFT_NEXT, old, by=by, at=at, code=old.code, version=made.version)
    return made
