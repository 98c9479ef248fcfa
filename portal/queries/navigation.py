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


Section = tuple[NavigationGroup | None, list[tuple[NavigationEntry, str]]]


def open_groups(actor: Actor) -> list[Section]:
    """Return the icons of the staff's rail or the tabs of a dealer, with the entries the actor may open.

    The rail has its groups in their own order. A dealer's tabs have the order of their first entries, and
    an entry without a group is a tab of its own (None).
    """
    entries, groups = open_entries(actor), {group.code: group for group in registered("navigation_groups")}
    sections: dict[str, Section] = {}
    for entry, url in entries:
        key = entry.group or entry.page
        sections.setdefault(key, (groups.get(entry.group), []))[1].append((entry, url))
    if actor.party_kind == MANUFACTURER:
        return [sections[code] for code in groups if code in sections]
    return list(sections.values())


def url_of(entry: NavigationEntry) -> str:
    name, mark, query = entry.page.partition("?")
    return reverse(name) + mark + query


def _may_open(entry: NavigationEntry, actor: Actor) -> bool:
    return (not entry.right or actor.may(entry.right)) and (not entry.roles or actor.role in entry.roles)
