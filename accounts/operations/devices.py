"""The browsers in which a person has signed in: known ones, trusted ones, and the end of a session."""

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
MOST = 50


class NoSuchDevice(Refusal):
    code = "not_found"


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """`is_open`: a session is open in it; `is_here`: it is the one that asks."""

    id: UUID
    browser: str
    address: str
    made_at: datetime
    seen_at: datetime
    is_open: bool
    is_here: bool
    is_trusted: bool


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def is_known(*, user_id: UUID, secret: str, address: str, at: datetime) -> bool:
    """Whether the person has signed in from this browser, or from this network, in half a year."""
    here = Q(address=address) if address and address != "unknown" else Q()
    mine = Q(secret_hash=hash_of(secret)) if secret else Q()
    if not (here or mine):
        return False
    with as_person(user_id):
        return Device.objects.filter(mine | here, user_id=user_id, seen_at__gt=at - KNOWN_FOR).exists()


def open_device(
    *, user_id: UUID, secret: str, session_key: str, browser: str, address: str, at: datetime
) -> Device:
    """Notes that a session was opened in a browser; the oldest beyond MOST are forgotten."""
    network = subscriber_of(address)
    values = {
        "session_key": session_key, "browser": browser[:300], "seen_at": at,
        "address": None if network == "unknown" else network,
    }  # fmt: skip
    with joined_transaction(), as_person(user_id):
        device, _made = Device.objects.update_or_create(
            user_id=user_id, secret_hash=hash_of(secret), defaults=values,
            create_defaults={**values, "made_at": at},
        )  # fmt: skip
        kept = Device.objects.filter(user_id=user_id).order_by("-seen_at").values("id")[:MOST]
        Device.objects.filter(user_id=user_id).exclude(id__in=kept).delete()
    return device


def see_device(*, device_id: UUID, user_id: UUID, session_key: str, address: str, at: datetime) -> bool:
    """Notes that a session goes on; False where its device was ended, and the session with it."""
    network = subscriber_of(address)
    seen = Device.objects.filter(id=device_id, user_id=user_id).update(
        session_key=session_key, seen_at=at, address=None if network == "unknown" else network
    )
    return bool(seen)


def close_device(*, device_id: UUID, user_id: UUID) -> None:
    """The session was signed out; the browser stays known."""
    Device.objects.filter(id=device_id, user_id=user_id).update(session_key="")


def is_trusted(*, user_id: UUID, secret: str, at: datetime) -> bool:
    """Whether this browser passes without a second factor."""
    mine = Device.objects.filter(user_id=user_id, secret_hash=hash_of(secret), trusted_until__gt=at)
    return bool(secret) and mine.exists()


def trust_device(*, device_id: UUID, user_id: UUID, at: datetime) -> None:
    Device.objects.filter(id=device_id, user_id=user_id).update(trusted_until=at + TRUST)


def devices_of(*, user_id: UUID, here: str, at: datetime) -> list[DeviceFacts]:
    """A person's browsers, the one seen last first; `here` is the id of the one that asks."""
    rows = list(Device.objects.filter(user_id=user_id).order_by("-seen_at")[:MOST])
    keys = [one.session_key for one in rows if one.session_key]
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=at).values_list("session_key", flat=True)
    )
    return [
        DeviceFacts(
            one.id, one.browser, one.address or "", one.made_at, one.seen_at, one.session_key in alive,
            str(one.id) == here, bool(one.trusted_until and one.trusted_until > at),
        )
        for one in rows
    ]  # fmt: skip


def end_device(*, device_id: UUID, user_id: UUID) -> None:
    """Ends the session open in a browser at once, and forgets the browser."""
    with joined_transaction():
        found = Device.objects.filter(id=device_id, user_id=user_id).first()
        if found is None:
            raise NoSuchDevice(_("There is no such device."))
        Session.objects.filter(session_key=found.session_key).delete()
        found.delete()


def end_everywhere(*, user: User) -> None:
    """Ends every session of a person, those of no known browser too, and trusts no browser any more.

    Who calls it renews the hash of the own session, if that is to go on.
    """
    with joined_transaction(), as_person(user.pk):
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        user.refresh_from_db(fields=["session_epoch"])
        keys = Device.objects.filter(user_id=user.pk).exclude(session_key="")
        Session.objects.filter(session_key__in=list(keys.values_list("session_key", flat=True))).delete()
        Device.objects.filter(user_id=user.pk).update(session_key="", trusted_until=None)
