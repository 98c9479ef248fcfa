"""Operations that submit, reopen, sign, activate and end a contract."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rights import Actor, NotAllowed
from alliance.audit_actions import ContractAction
from alliance.models import Contract, Signature
from alliance.operations.contract_text import PARTIES, digest_of, text_of
from alliance.operations.drafting import check_succession, locked_contract, locked_draft
from alliance.operations.region_holds import hold_areas, shorten_earlier
from alliance.operations.wording import check_wording
from alliance.queries import TakenArea, taken_areas
from approvals.domain.rules import FieldChange
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

_EXCLUSION, _DEADLOCK, _TRIES = "23P01", "40P01", 5
END = "alliance.end"
LAST_DAY, REASON = gettext_noop("Valid through"), gettext_noop("Reason")


class EmptyContract(Refusal):
    code = "promises_nothing"


class TextChanged(Refusal):
    """The signed digest is not the digest of the present text."""

    code = "old_digest"


class RegionTaken(Refusal):
    """Another contract holds a region.

    `region` and `category` say where, `until` when that contract ends. `contract` and `member` are
    present only if the actor may see it.
    """

    code = "region_taken"


def submit_contract(*, contract_id: UUID, by: Actor, at: datetime) -> Contract:
    """Freeze the text and the hash of a draft for signature.

    Raise EmptyContract, BadContract or FixesResalePrice.
    """
    with joined_transaction():
        by.must("contract.edit")
        contract = locked_draft(contract_id, by=by, at=at)
        text = text_of(contract)
        if not (text["areas"] or text["spreads"] or text["service"] or text["guarantees"]):
            raise EmptyContract(_("A contract guarantees a region, a spread or a service."))
        check_succession(contract)
        check_wording(text)
        contract.text, contract.digest = text, digest_of(text)
        contract.state, contract.submitted_at = Contract.State.SUBMITTED, at
        contract.save(update_fields=["text", "digest", "state", "submitted_at"])
        record(ContractAction.SUBMIT, contract, by=by, at=at, code=contract.code, digest=contract.digest)
        announce("alliance.submitted", {"contract_id": str(contract.id)}, at=at)
    return contract


def reopen_contract(*, contract_id: UUID, by: Actor, at: datetime) -> Contract:
    """Return a submitted contract to draft; signatures over the old text become void."""
    with joined_transaction():
        contract = locked_contract(contract_id, Contract.State.SUBMITTED, right="contract.edit", by=by)
        contract.text, contract.digest = {}, ""
        contract.state, contract.submitted_at = Contract.State.DRAFT, None
        contract.save(update_fields=["text", "digest", "state", "submitted_at"])
        record(ContractAction.REOPEN, contract, by=by, at=at, code=contract.code)
    return contract


def sign_contract(*, contract_id: UUID, digest: str, by: Actor, at: datetime) -> Contract:
    """Sign the text with this hash for the actor's party; the third signature activates the contract.

    A repeated call changes nothing. Raise TextChanged for another hash, NotAllowed for a fourth party, and
    RegionTaken if another contract holds a region; that undoes the third signature, too.
    """
    with joined_transaction():
        contract = locked_contract(contract_id, Contract.State.SUBMITTED, right="contract.sign", by=by)
        parties = [getattr(contract, f"{party}_id") for party in PARTIES]
        if by.party_id not in parties:
            raise NotAllowed(_("Only the three parties of a contract sign it."), right="contract.sign")
        if digest != contract.digest:
            message = _("The text was changed since: read it again and sign what it says now.")
            raise TextChanged(message, field="digest")
        signed = set(contract.signatures.filter(digest=digest).values_list("party_id", flat=True))
        if by.party_id in signed:
            return contract
        Signature.objects.create(
            contract=contract, party_id=by.party_id, user_id=by.user_id, digest=digest, at=at
        )
        record(ContractAction.SIGN, contract, by=by, at=at, code=contract.code, digest=digest)
        signing = {"contract_id": str(contract.id), "party_id": str(by.party_id), "digest": digest}
        announce("alliance.signed", signing, at=at)
        if signed | {by.party_id} == set(parties):
            _activate(contract, by=by, at=at)
    return contract


def end_contract(*, contract_id: UUID, reason: str, by: Actor, at: datetime) -> Contract | Approval:
    """End an active contract, or request it: a second person approves the end of a contract."""
    with joined_transaction():
        contract = locked_contract(contract_id, Contract.State.ACTIVE, right="contract.edit", by=by)
        values = {"contract_id": str(contract.id), "reason": reason}
        waiting = request_approval(
            END,
            contract,
            title=f"{contract.code} {contract.member.name}",
            values=values,
            changes=[
                FieldChange(LAST_DAY, str(contract.until - timedelta(days=1)), str(day_of_tenant(at))),
                FieldChange(REASON, "—", reason),
            ],
            about=contract.member_id,
            by=by,
            at=at,
        )
        return waiting or apply_end(values, by=by, at=at)


def contract_now(values: dict[str, Any]) -> dict[str, Any]:
    """Lock a contract and return its state and text's hash as JSON; {} if it is gone."""
    found = Contract.objects.select_for_update(no_key=True).filter(id=values["contract_id"]).first()
    return {} if found is None else {"state": found.state, "digest": found.digest, "until": str(found.until)}


def apply_end(values: dict[str, Any], *, by: Actor, at: datetime) -> Contract:
    """End an active contract, and release its regions."""
    contract_id, reason = UUID(values["contract_id"]), values["reason"]
    with joined_transaction():
        contract = locked_contract(contract_id, Contract.State.ACTIVE, right="contract.edit", by=by)
        contract.state = Contract.State.ENDED
        contract.save(update_fields=["state"])
        hold_areas(contract.id, holds=False)
        record(ContractAction.END, contract, by=by, at=at, code=contract.code, reason=reason)
        announce("alliance.ended", {"contract_id": str(contract.id)}, at=at)
    return contract


def _activate(contract: Contract, *, by: Actor, at: datetime) -> None:
    contract.state, contract.activated_at = Contract.State.ACTIVE, at
    contract.save(update_fields=["state", "activated_at"])
    for tries_left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                replaced = shorten_earlier(contract)
                hold_areas(contract.id, holds=True)
            break
        except IntegrityError as error:
            if _sqlstate(error) != _EXCLUSION:
                raise
            raise _taken(taken_areas(contract.id), by) from error
        except OperationalError as error:
            # Contracts with two regions in common may deadlock; the savepoint releases the locks for a retry.
            if _sqlstate(error) != _DEADLOCK or not tries_left:
                raise
    for old_id, version in replaced:
        facts = {"code": contract.code, "version": version, "until": contract.starts_on.isoformat()}
        record(ContractAction.REPLACE, (Contract, old_id), by=by, at=at, **facts)
    record(ContractAction.ACTIVATE, contract, by=by, at=at, code=contract.code)
    announce("alliance.activated", {"contract_id": str(contract.id)}, at=at)


def _taken(found: list[TakenArea], by: Actor) -> RegionTaken:
    """Return the refusal, with the other contract and its member only if the actor may see it."""
    if not found:
        return RegionTaken(_("The region was just taken by another contract."), field="areas")
    first = found[0]
    where = {"region": first.region_name, "category": first.category_name, "until": first.until}
    if not Contract.objects.visible_to(by).filter(id=first.contract_id).exists():
        message = _("%(region)s is taken for %(category)s until %(until)s.")
        return RegionTaken(message % where, field="areas", **where)
    named = {"contract": first.contract_code, "member": first.member_name}
    message = _("%(region)s is taken for %(category)s until %(until)s: contract %(contract)s.")
    return RegionTaken(message % (where | named), field="areas", **where, **named)


def _sqlstate(error: Exception) -> str:
    return str(getattr(error.__cause__, "pgcode", ""))
