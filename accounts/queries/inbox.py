"""What a person was told, and how they want to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts.domain.topics import groups
from accounts.models import Delivery, Hook, Message, Preference
from accounts.queries.message_text import worded
from accounts.rights import Actor
from tenancy.context import active_tenant_id

PAGE = 30


@dataclass(frozen=True, slots=True)
class Told:
    """One message in the reader's language; `failed` names the ways by which it did not arrive."""

    id: UUID
    group: str
    group_name: str
    icon: str
    title: str
    body: str
    link: str
    at: datetime
    is_read: bool
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Told]
    older: str = ""


def unread_count(actor: Actor | None) -> int:
    """How many messages one has not read: one statement over an index of the unread alone."""
    if actor is None or actor.user_id is None or actor.party_id is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM accounts_message WHERE tenant_id = %s AND person_id = %s"
            " AND party_id = %s AND read_at IS NULL",
            [active_tenant_id(), actor.user_id, actor.party_id],
        )
        return int(cursor.fetchone()[0])


def inbox(*, by: Actor, group: str = "", unread: bool = False, before: UUID | None = None) -> Page:
    """The newest first, PAGE at a time; `before` is the cursor that the last page named."""
    rows = Message.objects.visible_to(by).order_by("-id")
    if group:
        rows = rows.filter(group=group)
    if unread:
        rows = rows.filter(read_at=None)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: PAGE + 1])
    failed = _failed([one.id for one in found[:PAGE]])
    told = [_told(one, failed.get(one.id, ())) for one in found[:PAGE]]
    return Page(told, str(told[-1].id) if len(found) > PAGE else "")


def choices_of(person_id: UUID) -> dict[tuple[str, str], bool]:
    """Whether each (channel, group) is wanted, where the person has chosen."""
    rows = Preference.objects.filter(person_id=person_id).values_list("channel", "group", "wanted")
    return {(channel, group): wanted for channel, group, wanted in rows}


def hook_of(person_id: UUID) -> Hook | None:
    found: Hook | None = Hook.objects.filter(person_id=person_id).first()
    return found


def failures_of(actor: Actor, limit: int = 10) -> list[Delivery]:
    """The last deliveries to a person that failed, or are being tried again."""
    mine = Message.objects.visible_to(actor).values("id")
    rows = Delivery.objects.filter(message__in=mine).exclude(last_error="").exclude(state="sent")
    return list(rows.select_related("message").order_by("-id")[:limit])


def _failed(ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    rows = Delivery.objects.filter(message__in=ids, state=Delivery.State.FAILED)
    found: dict[UUID, tuple[str, ...]] = {}
    for message_id, channel in rows.values_list("message_id", "channel"):
        found[message_id] = (*found.get(message_id, ()), channel)
    return found


def _told(one: Message, failed: tuple[str, ...]) -> Told:
    known = groups().get(one.group)
    return Told(
        id=one.id,
        group=one.group,
        group_name=str(known.label) if known else one.group,
        icon=known.icon if known else "info-circle",
        title=worded(one.title, one.params),
        body=worded(one.body, one.params),
        link=one.link,
        at=one.created_at,
        is_read=one.read_at is not None,
        failed=failed,
    )


__all__ = ["Page", "Told", "choices_of", "failures_of", "hook_of", "inbox", "unread_count"]
