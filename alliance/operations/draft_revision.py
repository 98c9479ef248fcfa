"""A draft changed as a whole by someone who saw it in one state: nothing of others is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.models import Contract
from alliance.operations.drafting import (
    NewArea,
    NewSpread,
    edit_contract,
    locked_contract,
    set_areas,
    set_spreads,
)
from alliance.operations.signing import digest_of, text_of
from kernel.refusals import Refusal
from tenancy.context import joined_transaction


class ChangedMeanwhile(Refusal):
    """`stored` is the text as it stands now, `version` its hash, `typed` what the text would become."""

    code = "conflict"


@dataclass(frozen=True, slots=True)
class Revision:
    """`contract` carries the new values of the draft's own fields."""

    contract: Contract
    areas: Sequence[NewArea]
    spreads: Sequence[NewSpread]


def version_of(contract: Contract) -> str:
    """What a draft says, as a hash: it changes with each promise."""
    return digest_of(text_of(contract))


def revise_contract(*, revision: Revision, seen: str, by: Actor, at: datetime) -> Contract:
    """Saves a draft's fields, regions and spreads together.

    `seen` is version_of what the person had before them. Raises ChangedMeanwhile where the draft
    says something else by now; what was to be saved is undone.
    """
    contract_id = revision.contract.id
    with joined_transaction():
        stored = locked_contract(contract_id, Contract.State.DRAFT, right="contract.edit", by=by)
        before = text_of(stored)
        contract = edit_contract(contract=revision.contract, by=by, at=at)
        set_areas(contract_id=contract_id, areas=revision.areas, by=by, at=at)
        set_spreads(contract_id=contract_id, spreads=revision.spreads, by=by, at=at)
        if digest_of(before) != seen:
            typed: dict[str, Any] = text_of(contract)
            raise ChangedMeanwhile(
                _("Someone else changed this draft meanwhile; nothing of theirs is overwritten."),
                field="version",
                stored=before,
                version=digest_of(before),
                typed=typed,
            )
    return contract
