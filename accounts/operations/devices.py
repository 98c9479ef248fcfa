"""The browsers in which a person has signed in: record, trust and end them."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.client_address import subscriber_of
from accounts.models import Device, User
from accounts.operations.row_security import as_person
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

TRUST = timedelta(days=30)
KNOWN_FOR = timedelta(days=180)
MAX_DEVICES = 50


class NoSuchDevice(Refusal):
    code = "not_found"


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A browser for display; `is_open`: it has an open session; `is_here`: it sent the request."""

    id: UUID
    browser: str
    address: str
    made_at: datetime
    visited_at: datetime
    is_open: bool
    is_here: bool
    is_trusted: bool


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def is_known(*, user_id: UUID, secret: str, address: str, at: datetime) -> bool:
    """Return whether the person has used this browser or this network within KNOWN_FOR."""
    here = Q(address=address) if address and address != "unknown" else Q()
    mine = Q(secret_hash=hash_of(secret)) if secret else Q()
    if not (here or mine):
        return False
    with as_person(user_id):
        return Device.objects.filter(mine | here, user_id=user_id, visited_at__gt=at - KNOWN_FOR).exists()


def open_device(
    *, user_id: UUID, secret: str, session_key: str, browser: str, address: str, at: datetime
) -> Device:
    """Record a new session in a browser; delete the oldest browsers beyond MAX_DEVICES."""
    network = subscriber_of(address)
    values = {
        "session_key": session_key,
        "browser": browser[:300],
        "visited_at": at,
        "address": None if network == "unknown" else network,
    }
    with joined_transaction(), as_person(user_id):
        device, _created = Device.objects.update_or_create(
            user_id=user_id,
            secret_hash=hash_of(secret),
            defaults=values,
            create_defaults={**values, "made_at": at},
        )
        newest = Device.objects.filter(user_id=user_id).order_by("-visited_at").values("id")[:MAX_DEVICES]
        Device.objects.filter(user_id=user_id).exclude(id__in=newest).delete()
    return device


def record_visit(*, device_id: UUID, user_id: UUID, session_key: str, address: str, at: datetime) -> bool:
    """Record that a session is active; return False if its device was ended, which ends the session."""
    network = subscriber_of(address)
    updated = Device.objects.filter(id=device_id, user_id=user_id).update(
        session_key=session_key, visited_at=at, address=None if network == "unknown" else network
    )
    return bool(updated)


def close_device(*, device_id: UUID, user_id: UUID) -> None:
    """Record that the browser's session was signed out; the browser stays known."""
    Device.objects.filter(id=device_id, user_id=user_id).update(session_key="")


def is_trusted(*, user_id: UUID, secret: str, at: datetime) -> bool:
    """Return whether this browser needs no second factor."""
    mine = Device.objects.filter(user_id=user_id, secret_hash=hash_of(secret), trusted_until__gt=at)
    return bool(secret) and mine.exists()


def trust_device(*, device_id: UUID, user_id: UUID, at: datetime) -> None:
    Device.objects.filter(id=device_id, user_id=user_id).update(trusted_until=at + TRUST)


def devices_of(*, user_id: UUID, here: str, at: datetime) -> list[DeviceFacts]:
    """Return a person's browsers, the last used first; `here` is the id of the requesting browser."""
    rows = list(Device.objects.filter(user_id=user_id).order_by("-visited_at")[:MAX_DEVICES])
    keys = [one.session_key for one in rows if one.session_key]
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=at).values_list("session_key", flat=True)
    )
    return [
        DeviceFacts(
            id=one.id,
            browser=one.browser,
            address=one.address or "",
            made_at=one.made_at,
            visited_at=one.visited_at,
            is_open=one.session_key in alive,
            is_here=str(one.id) == here,
            is_trusted=bool(one.trusted_until and one.trusted_until > at),
        )
        for one in rows
    ]


def end_device(*, device_id: UUID, user_id: UUID) -> None:
    """End the session in a browser at once and delete the browser. Raises NoSuchDevice."""
    with joined_transaction():
        found = Device.objects.filter(id=device_id, user_id=user_id).first()
        if found is None:
            raise NoSuchDevice(_("There is no such device."))
        Session.objects.filter(session_key=found.session_key).delete()
        found.delete()


def end_everywhere(*, user: User) -> None:
    """End every session of a person, also those without a known browser, and trust no browser any more.

    To keep the current session, the caller renews its hash.
    """
    with joined_transaction(), as_person(user.pk):
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        user.refresh_from_db(fields=["session_epoch"])
        keys = Device.objects.filter(user_id=user.pk).exclude(session_key="")
        Session.objects.filter(session_key__in=list(keys.values_list("session_key", flat=True))).delete()
        Device.objects.filter(user_id=user.pk).update(session_key="", trusted_until=None)
