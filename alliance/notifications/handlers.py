"""Event handlers that notify the three parties of their contract."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from alliance.models import Contract
from alliance.notifications import topics
from dealers.models import Party
from dealers.notifications.parties import as_day, as_last_day
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on
from tenancy.rooms import NotificationTopic


@on("alliance.proposed")
def proposed(body: dict[str, Any], at: datetime) -> None:
    """Notify the manufacturer's people who draft contracts of a dealer's proposal."""
    _of_contract(body, topics.CONTRACT_PROPOSED, at, right="contract.edit", mark="proposed")


@on("alliance.submitted")
def submitted(body: dict[str, Any], at: datetime) -> None:
    """Ask the three parties to sign."""
    _of_contract(body, topics.CONTRACT_SUBMITTED, at, right="contract.sign")


@on("alliance.signed")
def signed(body: dict[str, Any], at: datetime) -> None:
    """Notify the other two parties of a signature."""
    signer = Party.objects.filter(id=body["party_id"]).values_list("name", flat=True).first() or ""
    _of_contract(
        body,
        topics.CONTRACT_SIGNED,
        at,
        right="contract.sign",
        without=UUID(body["party_id"]),
        more={"signer": signer},
        mark=f"{body['party_id']}:{body['digest'][:12]}",
    )


@on("alliance.activated")
def activated(body: dict[str, Any], at: datetime) -> None:
    """Notify the three parties that the contract is in force."""
    _of_contract(body, topics.CONTRACT_ACTIVE, at, right="contract.view")


@on("alliance.concluded")
def concluded(body: dict[str, Any], at: datetime) -> None:
    """Notify the three parties that all have signed and on which day the contract begins."""
    _of_contract(body, topics.CONTRACT_CONCLUDED, at, right="contract.view")


@on("alliance.expiring")
def expiring(body: dict[str, Any], at: datetime) -> None:
    """Remind the three parties of the end, once for each threshold."""
    _of_contract(body, topics.CONTRACT_EXPIRING, at, right="contract.view", mark=body["kind"])


@on("alliance.end_announced")
def end_announced(body: dict[str, Any], at: datetime) -> None:
    """Notify the three parties of an early end, with the reason."""
    one = Contract.objects.get(id=body["contract_id"])
    _of_contract(
        body,
        topics.CONTRACT_END_ANNOUNCED,
        at,
        right="contract.view",
        more={"reason": one.end_note},
        mark=str(one.ended_on),
    )


@on("alliance.deposit_due")
def deposit_due(body: dict[str, Any], at: datetime) -> None:
    """Ask the member for the deposit and notify the dealer's people."""
    _of_contract(body, topics.DEPOSIT_DUE, at, right="contract.view", more={"amount": body["amount"]})


@on("alliance.deposit_return")
def deposit_return(body: dict[str, Any], at: datetime) -> None:
    """Ask the dealer to return the deposit and notify the member's people."""
    _of_contract(body, topics.DEPOSIT_RETURN, at, right="contract.view", more={"amount": body["amount"]})


@on("alliance.ended")
def ended(body: dict[str, Any], at: datetime) -> None:
    """Notify the three parties that the contract has ended."""
    _of_contract(body, topics.CONTRACT_ENDED, at, right="contract.view")


def _of_contract(
    body: dict[str, Any],
    topic: NotificationTopic,
    at: datetime,
    *,
    right: str,
    without: UUID | None = None,
    more: dict[str, Any] | None = None,
    mark: str = "",
) -> None:
    one = Contract.objects.select_related("manufacturer", "dealer", "member").get(id=body["contract_id"])
    three = {one.manufacturer_id, one.dealer_id, one.member_id} - {without}
    people = people_of(three, right=right, about=one.member_id, **link_to("contract", one.id))
    params = {
        "code": one.code,
        "manufacturer": one.manufacturer.name,
        "dealer": one.dealer.name,
        "member": one.member.name,
        "start": as_day(one.starts_on),
        "end": as_last_day(one.until),
        **(more or {}),
    }
    source = f"{topic.code}:{one.id}:{mark or one.digest[:12]}"
    tell(topic=topic, people=people, params=params, source=source, at=at)
