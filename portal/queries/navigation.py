"""The pages that staff, dealers and members may open, as the rooms registered them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from accounts.rights import DEALER, MANUFACTURER, Actor
from tenancy import rooms
from tenancy.rooms import NavigationEntry, NavigationGroup, registered

AUDIENCES = {MANUFACTURER: rooms.STAFF, DEALER: rooms.DEALER}


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of a rail, of tabs or of bottom tabs."""

    label: str
    icon: str
    url: str
    here: bool = False
    count: int = 0


def entries_of(audience: str) -> list[NavigationEntry]:
    """Return all entries for an audience ("staff", "dealer" or "member") in their order."""
    return [entry for entry in registered("navigation") if entry.door == audience]


def open_entries(actor: Actor) -> list[tuple[NavigationEntry, str]]:
    """Return the entries that an actor may open, each with its URL, in their order."""
    audience = AUDIENCES.get(actor.party_kind, rooms.MEMBER)
    return [(entry, url_of(entry)) for entry in entries_of(audience) if _may_open(entry, actor)]


def open_groups(actor: Actor) -> list[tuple[NavigationGroup, list[tuple[NavigationEntry, str]]]]:
    """Return the groups of the staff's rail in which an actor may open an entry, with those entries."""
    entries = open_entries(actor)
    groups = [(one, [row for row in entries if row[0].group == one.code]) for one in _groups()]
    return [(group, rows) for group, rows in groups if rows]


def url_of(entry: NavigationEntry) -> str:
    name, mark, query = entry.page.partition("?")
    return reverse(name) + mark + query


def _groups() -> tuple[NavigationGroup, ...]:
    return registered("navigation_groups")


def _may_open(entry: NavigationEntry, actor: Actor) -> bool:
    return (not entry.right or actor.may(entry.right)) and (not entry.roles or actor.role in entry.roles)
