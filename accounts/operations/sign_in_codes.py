"""Sign-in by a phone number and a code that is sent to it.

The response to a request for a code does not depend on whether a person has the number. The worker
decides whether the code is sent, so that the response time reveals nothing either. The code is not
stored: the worker computes it from the row's id and the number with the installation's key, and the typed
code is compared with a hash.

A code belongs to the browser that requested it, whose session contains the row's id. So a stolen code
cannot be used in another browser, and requests for another person's number do not end that person's codes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.domain.topics import SMS
from accounts.models import SignInCode, User
from accounts.providers import Address, Text, provider_for
from jobs.operations.dispatch import nudge
from kernel.refusals import Refusal
from tenancy.context import joined_transaction, set_local
from tenancy.models import new_id

GOOD_FOR = timedelta(minutes=5)
MAX_ATTEMPTS, DIGITS = 5, 6
SEND = "accounts.send_code"


class PhoneTaken(Refusal):
    code = "conflict"


def request_code(*, phone: str, at: datetime, person_id: UUID | None = None) -> UUID:
    """Create a code for a number (E.164); return the id that is needed to use it.

    With `person_id` the code is sent whoever has the number, so that this person can confirm it.
    """
    code_id = new_id()
    with joined_transaction(), _about(phone):
        SignInCode.objects.filter(expires_at__lt=at - timedelta(hours=2)).delete()
        SignInCode.objects.create(
            id=code_id,
            phone_hash=_hash(phone),
            code_hash=_hash_of_code(code_id, _code(code_id, phone)),
            requested_at=at,
            expires_at=at + GOOD_FOR,
        )
    arguments: dict[str, object] = {"code_id": code_id, "phone": phone}
    arguments |= {"person_id": person_id} if person_id else {}
    transaction.on_commit(partial(nudge, SEND, **arguments), robust=True)
    return code_id


def send_code(*, code_id: UUID, phone: str, at: datetime, person_id: UUID | None = None) -> bool:
    """Send a valid code to the person who has the number, or for `person_id` to the number itself.

    Return False if there is no such person, no provider or no valid code.
    """
    whose = Q(pk=person_id) if person_id else Q(phone=phone)
    with transaction.atomic(), _about(phone):
        good = SignInCode.objects.filter(id=code_id, used_at=None, expires_at__gt=at)
        person = User.objects.filter(whose, is_active=True).first() if good.exists() else None
    provider = provider_for(SMS)
    if person is None or provider is None:
        return False
    with translation.override(person.language):
        message = _("%(code)s is your code for Tripact, good for %(minutes)d minutes. Tell it to nobody.")
        title = message % {"code": _code(code_id, phone), "minutes": GOOD_FOR.seconds // 60}
    return provider.send(Address(phone), Text(id=str(code_id), topic="sign-in", title=title)).sent


def person_of_code(*, code_id: UUID, phone: str, typed: str, at: datetime) -> User | None:
    """Use a code and return the person who signs in by it; None if it is wrong, expired or used up."""
    if not _used(code_id, phone, typed, at):
        return None
    return User.objects.filter(phone=phone, is_active=True).first()


def save_own_phone(*, user: User, code_id: UUID, phone: str, typed: str, at: datetime) -> bool:
    """Store the number of a person who typed the code sent to it; return False for a wrong code.

    Raises PhoneTaken if the number is another person's.
    """
    if not _used(code_id, phone, typed, at):
        return False
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(phone=phone)
    except IntegrityError as error:
        raise PhoneTaken(_("Another person has this already."), field="phone") from error
    user.phone = phone
    return True


def _used(code_id: UUID, phone: str, typed: str, at: datetime) -> bool:
    """Use a code of the number; return whether it is correct and was not used before.

    Each call counts as one of MAX_ATTEMPTS before the code is compared, so that parallel guesses get no
    further attempts.
    """
    with joined_transaction(), _about(phone):
        requested = SignInCode.objects.filter(id=code_id, phone_hash=_hash(phone)).first()
        if requested is None or not _count_attempt(requested.id, at):
            return False
        if not constant_time_compare(requested.code_hash, _hash_of_code(requested.id, typed.strip())):
            return False
        return bool(SignInCode.objects.filter(id=requested.id, used_at=None).update(used_at=at))


def _count_attempt(code_id: UUID, at: datetime) -> bool:
    good = SignInCode.objects.filter(id=code_id, used_at=None, expires_at__gt=at, tries__lt=MAX_ATTEMPTS)
    return bool(good.update(tries=F("tries") + 1))


def _code(code_id: UUID, phone: str) -> str:
    digest = salted_hmac("accounts.sign-in-code", f"{code_id}:{phone}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:16]) % 10**DIGITS:0{DIGITS}d}"


def _hash_of_code(code_id: UUID, code: str) -> str:
    return salted_hmac("accounts.sign-in-hash", f"{code_id}:{code}", algorithm="sha256").hexdigest()


def _hash(phone: str) -> str:
    return salted_hmac("accounts.sign-in-phone", phone, algorithm="sha256").hexdigest()


class _about:
    """Make the rows of one number visible to row security inside the block."""

    def __init__(self, phone: str) -> None:
        self.phone = phone

    def __enter__(self) -> None:
        set_local("app.sign_in", _hash(self.phone))

    def __exit__(self, *error: object) -> None:
        if not connection.needs_rollback and error[0] is None:
            set_local("app.sign_in", "")


__all__ = [
    "DIGITS",
    "GOOD_FOR",
    "MAX_ATTEMPTS",
    "SEND",
    "PhoneTaken",
    "person_of_code",
    "request_code",
    "save_own_phone",
    "send_code",
]
