"""The operation that saves an edited draft as one unit, and detects edits by others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.models import Contract
from alliance.operations.contract_text import digest_of, text_of
from alliance.operations.drafting import edit_contract, locked_draft, set_areas, set_spreads, set_terms
from alliance.operations.new_terms import NewArea, NewSpread, NewTerms
from kernel.refusals import Refusal
from tenancy.context import joined_transaction


class ChangedMeanwhile(Refusal):
    """The draft was changed by another user.

    `stored` is its present text, `version` the hash of that, `typed` the text that would be saved.
    """

    code = "conflict"


@dataclass(frozen=True, slots=True)
class Revision:
    """The edited values of a draft; `contract` carries those of its own fields."""

    contract: Contract
    areas: Sequence[NewArea]
    spreads: Sequence[NewSpread]
    terms: NewTerms = field(default_factory=NewTerms)


def version_of(contract: Contract) -> str:
    """Return the hash of a draft's text, which changes with every term."""
    return digest_of(text_of(contract))


def revise_contract(*, revision: Revision, version: str, by: Actor, at: datetime) -> Contract:
    """Save a draft's fields, regions, spreads and other terms together.

    `version` is version_of the draft that the user edited. Raise ChangedMeanwhile if the draft has
    changed since; then nothing is saved. The stored values once more are no conflict.
    """
    contract_id = revision.contract.id
    with joined_transaction():
        stored = locked_draft(contract_id, by=by, at=at)
        before = text_of(stored)
        contract = edit_contract(contract=revision.contract, by=by, at=at)
        set_areas(contract_id=contract_id, areas=revision.areas, by=by, at=at)
        set_spreads(contract_id=contract_id, spreads=revision.spreads, by=by, at=at)
        set_terms(contract_id=contract_id, terms=revision.terms, by=by, at=at)
        typed: dict[str, Any] = text_of(contract)
        if digest_of(before) != version and typed != before:
            raise ChangedMeanwhile(
                _("Someone else changed this draft meanwhile; nothing of theirs is overwritten."),
                field="version",
                stored=before,
                version=digest_of(before),
                typed=typed,
            )
    return contract
