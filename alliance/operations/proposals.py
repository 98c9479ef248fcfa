"""The operation by which a dealer proposes a contract; the manufacturer takes it over and submits it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import DEALER, MANUFACTURER, Actor, NotAllowed
from alliance.audit_actions import ContractAction
from alliance.models import Contract
from alliance.operations.drafting import locked_draft, save_draft
from alliance.operations.new_terms import NO_TERMS, NewArea, NewSpread, NewTerms
from dealers.models import Party
from jobs.operations.outbox import announce
from tenancy.context import joined_transaction


def propose_contract(
    *,
    contract: Contract,
    areas: Sequence[NewArea] = (),
    spreads: Sequence[NewSpread] = (),
    terms: NewTerms = NO_TERMS,
    by: Actor,
    at: datetime,
) -> Contract:
    """Save a draft that a dealer proposes for one of its members, and notify the manufacturer."""
    by.must("contract.propose")
    if by.party_kind != DEALER:
        raise NotAllowed(_("Only a dealer proposes a contract."), right="contract.propose")
    contract.dealer = contract.proposed_by = Party.objects.get(id=by.party_id)
    contract.manufacturer = Party.objects.get(kind=MANUFACTURER)
    with joined_transaction():
        saved = save_draft(contract, areas, spreads, terms, action=ContractAction.PROPOSE, by=by, at=at)
        announce("alliance.proposed", {"contract_id": str(saved.id)}, at=at)
    return saved


def take_over_proposal(*, contract_id: UUID, by: Actor, at: datetime) -> Contract:
    """Take over a dealer's proposal, which the dealer changes no more. A repeated call changes nothing."""
    by.must("contract.edit")
    with joined_transaction():
        return locked_draft(contract_id, by=by, at=at)
