"""Signing in by a phone number and a code that is sent to it.

A code is asked for and answered in the same way whether anybody has the number or not; whether it
is sent is decided by the worker, so that not even the time tells. The code itself is stored
nowhere: the worker makes it from the row's id and the number under the installation's key, and
what is typed is held against a hash.

A code belongs to the browser that asked for it, whose session keeps the row's id: who talks
somebody out of a code has nowhere to type it, and who asks for codes of another's number ends none
of theirs.
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
TRIES, DIGITS = 5, 6
SEND = "accounts.send_code"


class PhoneTaken(Refusal):
    code = "conflict"


def ask_code(*, phone: str, at: datetime, person_id: UUID | None = None) -> UUID:
    """Makes a code for a number (E.164); answers the id by which alone it can be used.

    With `person_id` it is sent whoever has the number: that person shows that it is theirs.
    """
    code_id = new_id()
    with joined_transaction(), _about(phone):
        SignInCode.objects.filter(expires_at__lt=at - timedelta(hours=2)).delete()
        SignInCode.objects.create(
            id=code_id, phone_hash=_hash(phone), code_hash=_hash_of_code(code_id, _code(code_id, phone)),
            asked_at=at, expires_at=at + GOOD_FOR,
        )  # fmt: skip
    asked: dict[str, object] = {"code_id": code_id, "phone": phone}
    asked |= {"person_id": person_id} if person_id else {}
    transaction.on_commit(partial(nudge, SEND, **asked), robust=True)
    return code_id


def send_code(*, code_id: UUID, phone: str, at: datetime, person_id: UUID | None = None) -> bool:
    """Sends a code that is still good to whoever has the number, or to the number for who says that
    it is theirs; False where there is nobody."""
    whose = Q(pk=person_id) if person_id else Q(phone=phone)
    with transaction.atomic(), _about(phone):
        good = SignInCode.objects.filter(id=code_id, used_at=None, expires_at__gt=at)
        person = User.objects.filter(whose, is_active=True).first() if good.exists() else None
    provider = provider_for(SMS)
    if person is None or provider is None:
        return False
    with translation.override(person.language):
        said = _("%(code)s is your code for Tripact, good for %(minutes)d minutes. Tell it to nobody.")
        title = said % {"code": _code(code_id, phone), "minutes": GOOD_FOR.seconds // 60}
    return provider.send(Address(phone), Text(id=str(code_id), topic="sign-in", title=title)).sent


def person_of_code(*, code_id: UUID, phone: str, typed: str, at: datetime) -> User | None:
    """Who signs in by this code, which is thereby used; None for a wrong, old or worn-out one."""
    if not _used(code_id, phone, typed, at):
        return None
    return User.objects.filter(phone=phone, is_active=True).first()


def keep_own_phone(*, user: User, code_id: UUID, phone: str, typed: str, at: datetime) -> bool:
    """The number becomes the person's own, who has it in hand: they typed the code that went there.

    False for a wrong code. Raises PhoneTaken where it is another person's.
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
    """Whether it is this code of the number, used up by this.

    Each call is one of the code's TRIES, counted before it is looked at, so that parallel guesses
    get no more.
    """
    with joined_transaction(), _about(phone):
        asked = SignInCode.objects.filter(id=code_id, phone_hash=_hash(phone)).first()
        if asked is None or not _took_a_try(asked.id, at):
            return False
        if not constant_time_compare(asked.code_hash, _hash_of_code(asked.id, typed.strip())):
            return False
        return bool(SignInCode.objects.filter(id=asked.id, used_at=None).update(used_at=at))


def _took_a_try(code_id: UUID, at: datetime) -> bool:
    good = SignInCode.objects.filter(id=code_id, used_at=None, expires_at__gt=at, tries__lt=TRIES)
    return bool(good.update(tries=F("tries") + 1))


def _code(code_id: UUID, phone: str) -> str:
    digest = salted_hmac("accounts.sign-in-code", f"{code_id}:{phone}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:16]) % 10**DIGITS:0{DIGITS}d}"


def _hash_of_code(code_id: UUID, code: str) -> str:
    return salted_hmac("accounts.sign-in-hash", f"{code_id}:{code}", algorithm="sha256").hexdigest()


def _hash(phone: str) -> str:
    return salted_hmac("accounts.sign-in-phone", phone, algorithm="sha256").hexdigest()


class _about:
    """Inside, the rows of one number can be seen."""

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
    "SEND",
    "TRIES",
    "PhoneTaken",
    "ask_code",
    "keep_own_phone",
    "person_of_code",
    "send_code",
]
