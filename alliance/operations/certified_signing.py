"""Signatures by a provider of certificates: requested by a person, completed by the provider's callback."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor, NotAllowed
from alliance.audit_actions import ContractAction
from alliance.models import Contract, SigningRequest
from alliance.operations.contract_text import PARTIES
from alliance.operations.drafting import locked_contract
from alliance.operations.signing import CLICKED, SignedFrom, TextChanged, sign_contract
from alliance.providers import CertifiedSignature, InvalidCallback, SignatureWanted, signature_providers
from audit.operations.recording import record
from kernel.refusals import Refusal
from tenancy.context import joined_transaction


class UnknownProvider(Refusal):
    code = "unknown_provider"


def request_signature(
    *,
    contract_id: UUID,
    digest: str,
    provider: str,
    callback_url: str,
    return_url: str,
    by: Actor,
    at: datetime,
    signed_from: SignedFrom = CLICKED,
) -> str:
    """Start a certified signature for the actor's party; return the address at which the person signs.

    Raise UnknownProvider, TextChanged for another hash or NotAllowed for a fourth party.
    """
    signer = signature_providers().get(provider)
    if signer is None:
        raise UnknownProvider(_("There is no such way to sign."), field="provider")
    with joined_transaction():
        contract = locked_contract(contract_id, Contract.State.SUBMITTED, right="contract.sign", by=by)
        party = next(
            (one for one in (getattr(contract, role) for role in PARTIES) if one.id == by.party_id), None
        )
        if party is None:
            raise NotAllowed(_("Only the three parties of a contract sign it."), right="contract.sign")
        if digest != contract.digest:
            message = _("The text was changed since: read it again and sign what it says now.")
            raise TextChanged(message, field="digest")
        started = signer.request(
            SignatureWanted(contract.code, digest, party.name, by.label, callback_url, return_url)
        )
        SigningRequest.objects.create(
            contract=contract,
            party=party,
            user_id=by.user_id,
            role=by.role,
            digest=digest,
            provider=provider,
            reference=started.reference,
            ip_address=signed_from.ip_address,
            agent=signed_from.agent,
            at=at,
        )
        facts = {"code": contract.code, "provider": provider, "reference": started.reference}
        record(ContractAction.REQUEST_SIGNATURE, contract, by=by, at=at, **facts)
    return started.url


def complete_signature(*, provider: str, certified: CertifiedSignature, at: datetime) -> Contract:
    """Sign as the person who requested it, with the provider's certificate. A repeated call changes nothing.

    Raise InvalidCallback for a signature that nobody requested or over another hash.
    """
    with joined_transaction():
        found = (
            SigningRequest.objects.select_for_update(of=("self",))
            .select_related("contract", "party", "user")
            .filter(provider=provider, reference=certified.reference)
            .first()
        )
        if found is None or found.digest != certified.digest or not certified.certificate:
            raise InvalidCallback(_("Nobody requested this signature."), field="reference")
        if found.done_at is not None:
            done: Contract = found.contract
            return done
        signer = Actor(found.party_id, found.party.kind, found.role, found.user_id, str(found.user or ""))
        signed_from = SignedFrom(provider, certified.certificate[:120], found.ip_address, found.agent)
        signed = sign_contract(
            contract_id=found.contract_id, digest=found.digest, by=signer, at=at, signed_from=signed_from
        )
        found.done_at = at
        found.save(update_fields=["done_at"])
    return signed
