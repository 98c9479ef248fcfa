"""Operations on a person's messages: mark them read, and choose their channels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.domain.topics import IN_APP, groups
from accounts.models import Hook, Message, Preference
from accounts.providers import offered
from accounts.providers.webhook import fault_of, new_secret
from accounts.rights import Actor
from kernel.refusals import Refusal
from tenancy.context import joined_transaction


class NoSuchMessage(Refusal):
    code = "not_found"


class BadTarget(Refusal):
    code = "bad_target"


def mark_read(*, message_id: UUID, by: Actor, at: datetime) -> Message:
    """Mark one of the actor's messages as read and return it; the first time of reading stays.

    Raises NoSuchMessage.
    """
    found: Message | None = Message.objects.visible_to(by).filter(id=message_id).first()
    if found is None:
        raise NoSuchMessage(_("There is no such message."))
    if found.read_at is None:
        Message.objects.filter(id=found.id, read_at=None).update(read_at=at)
    return found


def mark_all_read(*, by: Actor, at: datetime, group: str = "") -> int:
    rows = Message.objects.visible_to(by).filter(read_at=None)
    return int((rows.filter(group=group) if group else rows).update(read_at=at))


def choose_ways(*, wanted: Mapping[tuple[str, str], bool], by: Actor) -> int:
    """Store the actor's choice for each (channel, group); ignore channels that are not offered.

    Return the number of stored choices.
    """
    channels = set(offered()) - {IN_APP}
    rows = [
        Preference(person_id=by.user_id or "", channel=channel, group=group, wanted=one)
        for (channel, group), one in sorted(wanted.items())
        if channel in channels and group in groups()
    ]
    Preference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["tenant", "person", "group", "channel"],
        update_fields=["wanted"],
    )
    return len(rows)


def set_hook(*, url: str, by: Actor) -> Hook | None:
    """Set the URL of the actor's webhook, with a new secret for a new URL; an empty URL removes it.

    Raises BadTarget if the URL is not one of the public internet. The IP address of its host is checked
    at each delivery.
    """
    url = url.strip()
    with joined_transaction():
        mine = Hook.objects.filter(person_id=by.user_id)
        existing: Hook | None = mine.select_for_update().first()
        if existing is not None and existing.url == url:
            return existing
        mine.delete()
        if not url:
            return None
        fault = fault_of(url)
        if fault == "private":
            raise BadTarget(_("Messages are posted to public addresses only."), field="url")
        if fault or len(url) > 500:
            raise BadTarget(_("This is no address that messages can be posted to (https://…)."), field="url")
        made: Hook = Hook.objects.create(person_id=by.user_id, url=url, secret=new_secret())
    return made
