"""Reads of a person's messages and of the channels that they have chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts.domain.topics import groups
from accounts.models import Delivery, Hook, Message, Preference
from accounts.queries.message_text import message_text
from accounts.rights import Actor
from tenancy.context import active_tenant_id

PAGE_ROWS = 30


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """One message in the reader's language; `failed` contains the channels whose delivery failed."""

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
    """A page of the inbox; `older` is the cursor of the next one, or ""."""

    rows: Sequence[InboxMessage]
    older: str = ""


def unread_count(actor: Actor | None) -> int:
    """Return the number of the actor's unread messages, in one statement over a partial index."""
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
    """Return a page of the actor's messages, newest first; `before` is the cursor of the previous page."""
    rows = Message.objects.visible_to(by).order_by("-id")
    if group:
        rows = rows.filter(group=group)
    if unread:
        rows = rows.filter(read_at=None)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: PAGE_ROWS + 1])
    failed = _failed_channels([one.id for one in found[:PAGE_ROWS]])
    page = [_inbox_message(one, failed.get(one.id, ())) for one in found[:PAGE_ROWS]]
    return Page(page, str(page[-1].id) if len(found) > PAGE_ROWS else "")


def choices_of(person_id: UUID) -> dict[tuple[str, str], bool]:
    """Return whether each (channel, group) is wanted, for those that the person has chosen."""
    rows = Preference.objects.filter(person_id=person_id).values_list("channel", "group", "wanted")
    return {(channel, group): wanted for channel, group, wanted in rows}


def hook_of(person_id: UUID) -> Hook | None:
    found: Hook | None = Hook.objects.filter(person_id=person_id).first()
    return found


def failures_of(actor: Actor, limit: int = 10) -> list[Delivery]:
    """Return the actor's last deliveries that failed or will be attempted again, newest first."""
    mine = Message.objects.visible_to(actor).values("id")
    rows = Delivery.objects.filter(message__in=mine).exclude(last_error="").exclude(state="sent")
    return list(rows.select_related("message").order_by("-id")[:limit])


def _failed_channels(ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    rows = Delivery.objects.filter(message__in=ids, state=Delivery.State.FAILED)
    found: dict[UUID, tuple[str, ...]] = {}
    for message_id, channel in rows.values_list("message_id", "channel"):
        found[message_id] = (*found.get(message_id, ()), channel)
    return found


def _inbox_message(one: Message, failed: tuple[str, ...]) -> InboxMessage:
    known = groups().get(one.group)
    return InboxMessage(
        id=one.id,
        group=one.group,
        group_name=str(known.label) if known else one.group,
        icon=known.icon if known else "info-circle",
        title=message_text(one.title, one.params),
        body=message_text(one.body, one.params),
        link=one.link,
        at=one.created_at,
        is_read=one.read_at is not None,
        failed=failed,
    )


__all__ = ["InboxMessage", "Page", "choices_of", "failures_of", "hook_of", "inbox", "unread_count"]
