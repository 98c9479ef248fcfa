"""Operations that submit, reopen, sign and activate a contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.rights import Actor, NotAllowed
from alliance.audit_actions import ContractAction
from alliance.models import Contract, Signature
from alliance.operations.contract_text import PARTIES, digest_of, text_of
from alliance.operations.drafting import check_succession, locked_contract, locked_draft
from alliance.operations.gone_regions import check_regions_of
from alliance.operations.region_holds import hold_areas, shorten_earlier
from alliance.operations.wording import check_wording
from alliance.queries.guarded_regions import unauthorised_regions
from alliance.queries.taken_regions import TakenArea, taken_areas
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from ledger.operations.books import open_book
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

_EXCLUSION, _DEADLOCK, _TRIES = "23P01", "40P01", 5


@dataclass(frozen=True, slots=True)
class SignedFrom:
    """How and from where a signature came: the provider's code, its certificate, address and browser."""

    method: str = "click"
    certificate: str = ""
    ip_address: str | None = None
    agent: str = ""


CLICKED = SignedFrom()


class EmptyContract(Refusal):
    code = "promises_nothing"


class OutsideAuthorisation(Refusal):
    """Regions lie outside the dealer's authorisations; `regions` has their codes."""

    code = "outside_territory"


class TextChanged(Refusal):
    """The signed digest is not the digest of the present text."""

    code = "old_digest"


class RegionTaken(Refusal):
    """Another contract holds a region.

    `region` and `category` say where, `until` when that contract ends. `contract` and `member` are
    present only if the actor may see it.
    """

    code = "region_taken"


class MemberTaken(RegionTaken):
    """The member already has a contract with another dealer for the region and category."""

    code = "member_taken"


def submit_contract(*, contract_id: UUID, by: Actor, at: datetime) -> Contract:
    """Freeze the text and the hash of a draft for signature.

    Raise EmptyContract, BadContract, OutsideAuthorisation or FixesResalePrice.
    """
    with joined_transaction():
        by.must("contract.edit")
        contract = locked_draft(contract_id, by=by, at=at)
        text = text_of(contract)
        if not (text["areas"] or text["spreads"] or text["service"] or text["guarantees"]):
            raise EmptyContract(_("A contract guarantees a region, a spread or a service."))
        check_succession(contract)
        check_regions_of(contract)
        check_territory_of(contract, at=at)
        check_wording(text)
        contract.text, contract.digest = text, digest_of(text)
        contract.proposed_text = contract.proposed_text or text
        contract.state, contract.submitted_at = Contract.State.SUBMITTED, at
        contract.save(update_fields=["text", "digest", "proposed_text", "state", "submitted_at"])
        record(ContractAction.SUBMIT, contract, by=by, at=at, code=contract.code, digest=contract.digest)
        announce("alliance.submitted", {"contract_id": str(contract.id)}, at=at)
    return contract


def check_territory_of(contract: Contract, *, at: datetime) -> None:
    """Raise OutsideAuthorisation unless the dealer's authorisations contain the regions that it grants on.

    They are compared on the contract's first day, or today for one that has begun. A dealer without an
    authorisation has no territory, which the check of the draft says.
    """
    on = max(contract.starts_on, day_of_tenant(at))
    regions = contract.areas.values_list("region_id", flat=True)
    if outside := unauthorised_regions(contract.dealer_id, regions, on=on):
        names = [one.full_name for one in outside]
        message = _("The dealer is not authorised for %(names)s: authorise it there, or take them out.")
        raise OutsideAuthorisation(
            message % {"names": ", ".join(names)}, field="areas", regions=[one.code for one in outside]
        )


def reopen_contract(*, contract_id: UUID, by: Actor, at: datetime) -> Contract:
    """Return a submitted contract to draft; signatures over the old text become void."""
    with joined_transaction():
        contract = locked_contract(contract_id, Contract.State.SUBMITTED, right="contract.edit", by=by)
        contract.text, contract.digest = {}, ""
        contract.state, contract.submitted_at = Contract.State.DRAFT, None
        contract.save(update_fields=["text", "digest", "state", "submitted_at"])
        record(ContractAction.REOPEN, contract, by=by, at=at, code=contract.code)
    return contract


def sign_contract(
    *, contract_id: UUID, digest: str, by: Actor, at: datetime, signed_from: SignedFrom = CLICKED
) -> Contract:
    """Sign the text with this hash for the actor's party; the third signature activates the contract.

    It is in force at once, or from its first day on if that is to come. A repeated call changes nothing.
    Raise TextChanged for another hash, NotAllowed for a fourth party, and RegionTaken if another contract
    holds a region; that undoes the third signature, too.
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
            contract=contract,
            party_id=by.party_id,
            user_id=by.user_id,
            digest=digest,
            at=at,
            method=signed_from.method,
            certificate=signed_from.certificate,
            ip_address=signed_from.ip_address,
            agent=signed_from.agent,
        )
        record(ContractAction.SIGN, contract, by=by, at=at, code=contract.code, digest=digest)
        signing = {"contract_id": str(contract.id), "party_id": str(by.party_id), "digest": digest}
        announce("alliance.signed", signing, at=at)
        if signed | {by.party_id} == set(parties):
            _activate(contract, by=by, at=at)
    return contract


def _activate(contract: Contract, *, by: Actor, at: datetime) -> None:
    begins_now = contract.starts_on <= day_of_tenant(at)
    contract.state = Contract.State.ACTIVE
    contract.activated_at = at if begins_now else None
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
            raise _taken(contract, taken_areas(contract.id), by) from error
        except OperationalError as error:
            # Contracts with two regions in common may deadlock; the savepoint releases the locks for a retry.
            if _sqlstate(error) != _DEADLOCK or not tries_left:
                raise
    for old_id, version in replaced:
        facts = {"code": contract.code, "version": version, "until": contract.starts_on.isoformat()}
        record(ContractAction.REPLACE, (Contract, old_id), by=by, at=at, **facts)
    if contract.security_deposit:
        open_book(seller_id=contract.dealer_id, buyer_id=contract.member_id)
    if begins_now:
        record(ContractAction.ACTIVATE, contract, by=by, at=at, code=contract.code)
        announce("alliance.activated", {"contract_id": str(contract.id)}, at=at)
    else:
        facts = {"code": contract.code, "starts_on": contract.starts_on.isoformat()}
        record(ContractAction.CONCLUDE, contract, by=by, at=at, **facts)
        announce("alliance.concluded", {"contract_id": str(contract.id)}, at=at)


def _taken(contract: Contract, found: list[TakenArea], by: Actor) -> RegionTaken:
    """Return the refusal, with the other contract and its member only if the actor may see it."""
    if not found:
        return RegionTaken(_("The region was just taken by another contract."), field="areas")
    first = found[0]
    where = {"region": first.region_name, "category": first.category_name, "until": first.until}
    visible = Contract.objects.visible_to(by).filter(id=first.contract_id).select_related("dealer").first()
    if visible is None:
        message = _("%(region)s is taken for %(category)s until %(until)s.")
        return RegionTaken(message % where, field="areas", **where)
    named = {"contract": first.contract_code, "member": first.member_name}
    if visible.member_id == contract.member_id and visible.dealer_id != contract.dealer_id:
        message = _(
            "%(member)s already has contract %(contract)s with %(dealer)s for %(category)s in %(region)s: a"
            " member has one dealer for a region and category."
        )
        named["dealer"] = visible.dealer.name
        return MemberTaken(message % (where | named), field="areas", **where, **named)
    message = _("%(region)s is taken for %(category)s until %(until)s: contract %(contract)s.")
    return RegionTaken(message % (where | named), field="areas", **where, **named)


def _sqlstate(error: Exception) -> str:
    return str(getattr(error.__cause__, "pgcode", ""))
