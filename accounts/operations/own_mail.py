"""A mail address becomes a person's own when they follow the link that was sent to it.

The link says whose it is, the address and the confirmed address before it, under the
installation's key: so it is good for that person alone, for a time, and once. Nothing of it is
stored, and it opens nothing for who is not signed in as that person.
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


def ask_proof(*, user: User, address: str) -> None:
    """Sends the link to an address, after the commit; until it is followed nothing else goes there."""
    transaction.on_commit(partial(nudge, SEND, person_id=user.pk, address=address), robust=True)


def send_proof(*, person_id: UUID, address: str, at: datetime) -> bool:
    """The mail with the link; False for a closed account or where there is no mail."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    provider = provider_for(MAIL)
    if person is None or provider is None:
        return False
    link = settings.PUBLIC_URL.rstrip("/") + reverse("own-mail-proof", args=[token_for(person, address)])
    with translation.override(person.language):
        title = _("Is this your email address?")
        told = _(
            "%(name)s gave this address at Tripact. If that is you, open the link and confirm it within"
            " %(days)d days; if not, leave this mail alone: nothing else will come."
        )
        body = told % {"name": person.username, "days": GOOD_FOR.days}
    text = Text(
        id=f"proof-{person.pk}-{int(at.timestamp())}", topic="mail", title=title, body=body, link=link
    )
    return provider.send(Address(address), text).sent


def token_for(user: User, address: str) -> str:
    told = {"who": str(user.pk), "mail": address, "before": user.proved_email}
    return signing.dumps(told, salt=SALT, compress=True)


def address_of(token: str, *, user: User) -> str:
    """The address that a link proves for this person; "" for another's, an old or a used one."""
    try:
        told = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return ""
    good = told["who"] == str(user.pk) and told["before"] == user.proved_email
    return str(told["mail"]) if good else ""


def keep_own_mail(*, user: User, token: str) -> bool:
    """The address becomes the person's own; False for a link that proves nothing any more."""
    address = address_of(token, user=user)
    mine = User.objects.filter(pk=user.pk, proved_email=user.proved_email)
    if not address or not mine.update(email=address, proved_email=address):
        return False
    user.email = user.proved_email = address
    return True


def drop_own_mail(*, user: User) -> None:
    """No mail goes anywhere any more."""
    User.objects.filter(pk=user.pk).update(email="", proved_email="")
    user.email = user.proved_email = ""
