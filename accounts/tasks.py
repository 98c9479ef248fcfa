"""Celery tasks that send messages, codes and links; the module also loads the outbox's handlers."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from accounts.operations import letters, message_delivery, own_mail, sign_in_codes
from accounts.operations.notify import SEND
from jobs.tasks import known_tenant

__all__ = ["letters", "message_delivery", "send_code", "send_letter", "send_mail_proof", "send_message"]


@shared_task(name=SEND)
def send_message(*, tenant_id: str | None = None, delivery_id: str) -> bool:
    """Send a delivery. It is claimed in one transaction and recorded in another, none open between."""
    at = timezone.now()
    return message_delivery.send(tenant_id=known_tenant(tenant_id), delivery_id=UUID(delivery_id), at=at)


@shared_task(name=letters.SEND)
def send_letter(*, tenant_id: str | None = None, letter_id: str) -> bool:
    """Send a letter. It is claimed in one transaction and recorded in another, none open between."""
    return letters.send_letter(
        tenant_id=known_tenant(tenant_id), letter_id=UUID(letter_id), at=timezone.now()
    )


@shared_task(name=sign_in_codes.SEND)
def send_code(*, code_id: str, phone: str, person_id: str = "") -> bool:
    """Send a sign-in code. It needs no tenant, and a repeated task sends the same code again."""
    whose = UUID(person_id) if person_id else None
    return sign_in_codes.send_code(code_id=UUID(code_id), phone=phone, person_id=whose, at=timezone.now())


@shared_task(name=own_mail.SEND)
def send_mail_proof(*, person_id: str, address: str) -> bool:
    """Send the link that confirms a mail address. It needs no tenant."""
    return own_mail.send_proof(person_id=UUID(person_id), address=address, at=timezone.now())
