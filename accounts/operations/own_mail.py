"""Confirmation of a person's mail address by a link sent to it.

The link contains the person, the address and the previous confirmed address, signed with the
installation's key. So it is valid for that person, for GOOD_FOR, and once. It is not stored, and has no
effect for a user who is not signed in as that person.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.domain.topics import MAIL
from accounts.models import User
from accounts.providers import Address, Text, provider_for
from jobs.operations.dispatch import nudge

GOOD_FOR = timedelta(days=3)
SALT = "accounts.own-mail"
SEND = "accounts.send_mail_proof"


def request_proof(*, user: User, address: str) -> None:
    """Send the link to an address after the commit; other mail is sent there only once it is confirmed."""
    transaction.on_commit(partial(nudge, SEND, person_id=user.pk, address=address), robust=True)


def send_proof(*, person_id: UUID, address: str, at: datetime) -> bool:
    """Send the mail with the link; return False for an inactive account or without a mail provider."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    provider = provider_for(MAIL)
    if person is None or provider is None:
        return False
    link = settings.PUBLIC_URL.rstrip("/") + reverse("own-mail-proof", args=[token_for(person, address)])
    with translation.override(person.language):
        title = _("Is this your email address?")
        text_of_mail = _(
            "%(name)s gave this address at Tripact. If that is you, open the link and confirm it within"
            " %(days)d days; if not, leave this mail alone: nothing else will come."
        )
        body = text_of_mail % {"name": person.username, "days": GOOD_FOR.days}
    text = Text(
        id=f"proof-{person.pk}-{int(at.timestamp())}", topic="mail", title=title, body=body, link=link
    )
    return provider.send(Address(address), text).sent


def token_for(user: User, address: str) -> str:
    """Return the signed token by which this person confirms an address."""
    claims = {"who": str(user.pk), "mail": address, "before": user.proved_email}
    return signing.dumps(claims, salt=SALT, compress=True)


def address_of(token: str, *, user: User) -> str:
    """Return the address that a token confirms for this person; "" if it is another's, expired or used."""
    try:
        claims = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return ""
    valid = claims["who"] == str(user.pk) and claims["before"] == user.proved_email
    return str(claims["mail"]) if valid else ""


def save_own_mail(*, user: User, token: str) -> bool:
    """Store the confirmed address; return False if the token is no longer valid."""
    address = address_of(token, user=user)
    mine = User.objects.filter(pk=user.pk, proved_email=user.proved_email)
    if not address or not mine.update(email=address, proved_email=address):
        return False
    user.email = user.proved_email = address
    return True


def drop_own_mail(*, user: User) -> None:
    """Remove the person's address, so that no mail is sent."""
    User.objects.filter(pk=user.pk).update(email="", proved_email="")
    user.email = user.proved_email = ""
