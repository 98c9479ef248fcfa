"""The room's reactions, loaded where messages are delivered, and the sending of sign-in codes."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from accounts.operations import codes, delivering

__all__ = ["delivering", "send_code"]


@shared_task(name=codes.SEND)
def send_code(*, code_id: str, phone: str, person_id: str = "") -> bool:
    """Of no tenant: sign-in comes before any. Sent twice it says the same code twice."""
    whose = UUID(person_id) if person_id else None
    return codes.send_code(code_id=UUID(code_id), phone=phone, person_id=whose, at=timezone.now())
