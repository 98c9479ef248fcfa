"""Operations on contract templates: the terms that the contracts of a kind of member begin with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.audit_actions import ContractAction
from alliance.models import Contract, ContractTemplate
from alliance.operations.drafting import BadContract, ContractExists, UnknownContract
from alliance.operations.terms_json import write_terms_json
from audit.operations.recording import record
from tenancy.context import joined_transaction

MAX_NAME = 100


def save_template(
    *, contract_id: UUID, name: str, member_kind: str = "", by: Actor, at: datetime
) -> ContractTemplate:
    """Save the terms of a contract, without its parties, term and regions, as a template.

    The terms passed the checks of the contract's own draft. Raise BadContract or ContractExists for the
    name.
    """
    by.must("contract.edit")
    name, member_kind = name.strip(), member_kind.strip()
    if not name or len(name) > MAX_NAME or len(member_kind) > MAX_NAME:
        message = _("Write a name of 1 to %(max)s characters.") % {"max": MAX_NAME}
        raise BadContract(message, field="name")
    with joined_transaction():
        contract = Contract.objects.visible_to(by).filter(id=contract_id).first()
        if contract is None:
            raise UnknownContract(_("There is no such contract."), field="contract")
        made = ContractTemplate(
            name=name, member_kind=member_kind, content=write_terms_json(contract), changed_at=at
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            message = _("There is a template of this name already.")
            raise ContractExists(message, field="name") from error
        record(ContractAction.SAVE_TEMPLATE, made, by=by, at=at, name=name, code=contract.code)
    return made


def delete_template(*, template_id: UUID, by: Actor, at: datetime) -> None:
    """Delete a template; contracts made from it stay as they are. A repeated call changes nothing."""
    by.must("contract.edit")
    with joined_transaction():
        found = ContractTemplate.objects.visible_to(by).select_for_update().filter(id=template_id).first()
        if found is not None:
            record(ContractAction.DELETE_TEMPLATE, found, by=by, at=at, name=found.name)
            found.delete()
