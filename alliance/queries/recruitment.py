"""Queries of applications: the parties and open applications that look alike, and regions by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from accounts.models import Letter
from accounts.rights import Actor
from alliance.domain import qualification
from alliance.models import Application, ApplicationEntry
from dealers.domain import duplicate
from dealers.models import Party, Region
from dealers.queries.parties import parties_in

CITY_DIGITS = 4
MAX_CANDIDATES, MAX_LOOKALIKES = 3000, 8
MAX_REGIONS = 6
REGION_SUFFIXES = ("特别行政区", "自治区", "自治州", "自治县", "省", "市", "区", "县")
MIN_PLACE_CHARACTERS = 2
CODE = re.compile(r"\d{2,12}", re.ASCII)
PARTY, APPLICATION = "party", "application"


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A party or an open application that may be the applicant; `is_visible` to the actor or not."""

    noun: str
    id: UUID
    code: str
    name: str
    likeness: duplicate.Likeness
    is_visible: bool


def lookalikes_of(application: Application, actor: Actor) -> list[Lookalike]:
    """Return the parties and open applications that look like an applicant or share its phone.

    The likest come first. Candidates are those of the same city, and those anywhere with the same phone or
    credit code: a like name alone, elsewhere, never reaches the score to ask about. Five statements.
    """
    places = place_names(application.region)
    own = record_of(application.company, application.address, application.phone, application.uscc)
    found = []
    for noun, rows in ((PARTY, _parties(application)), (APPLICATION, _applications(application))):
        for key, code, name, address, phone, uscc in rows:
            if key == application.party_id:
                continue  # the party that its acceptance created
            likeness = duplicate.compare(own, record_of(name, address, phone, uscc), places)
            if likeness.band != duplicate.NEW or likeness.same_phone:
                found.append((noun, key, code, name, likeness))
    found.sort(key=lambda one: (-one[4].score, one[2]))
    likest = found[:MAX_LOOKALIKES]
    visible = _visible(actor, [one[1] for one in likest])
    return [Lookalike(*one, is_visible=one[1] in visible) for one in likest]


def record_of(name: str, address: str, phone: str, licence: str) -> duplicate.Record:
    return duplicate.Record(name=name, address=address, phone=phone, licence=licence)


def place_names(region: Region) -> list[str]:
    """Return the names of a region and those above it, each with and without its suffix."""
    names = list(Region.objects.filter(code__in=region.path).values_list("name", flat=True))
    for name in list(names):
        suffix = next((one for one in REGION_SUFFIXES if name.endswith(one)), "")
        short = name.removesuffix(suffix)
        if len(short) >= MIN_PLACE_CHARACTERS:
            names.append(short)
    return names


def regions_named(typed: str) -> list[Region]:
    """Return the regions that a person means: by code, full name or its end; the larger first."""
    plain = "".join(typed.split())
    if not plain:
        return []
    if CODE.fullmatch(plain):
        return list(Region.objects.filter(code__in={plain, plain.rstrip("0")}).order_by("depth")[:1])
    exact = list(Region.objects.filter(full_name=plain)[:1])
    if exact:
        return exact
    ending = Region.objects.filter(Q(full_name__endswith=plain) | Q(name=plain))
    return list(ending.order_by("depth", "code")[:MAX_REGIONS])


def timeline_of(application: Application) -> list[ApplicationEntry]:
    """Return the entries of an application, oldest first."""
    rows = ApplicationEntry.objects.filter(application=application)
    return list(rows.order_by("at", "id"))


def letter_source(application: Application) -> str:
    """Return what the sources of an application's letters begin with."""
    return f"application:{application.id}:"


def letters_of(application: Application) -> list[Letter]:
    """Return the letters to an applicant, oldest first."""
    rows = Letter.objects.filter(source__startswith=letter_source(application))
    return list(rows.order_by("created_at", "id"))


def _parties(application: Application) -> Iterable[tuple[UUID, str, str, str, str, str]]:
    fields = ("id", "code", "name", "address", "phone", "uscc")
    same = Party.objects.filter(Q(phone=application.phone) | Q(uscc=application.uscc))
    near = parties_in(Party.objects.all(), application.region_id[:CITY_DIGITS])
    rows = near.values_list(*fields)[:MAX_CANDIDATES]
    known = {row[0]: row for row in same.values_list(*fields)[:MAX_CANDIDATES]}
    return (known | {row[0]: row for row in rows}).values()


def _applications(application: Application) -> Iterable[tuple[UUID, str, str, str, str, str]]:
    rows = Application.objects.filter(state__in=qualification.OPEN).exclude(id=application.id)
    rows = rows.filter(
        Q(region__code__startswith=application.region_id[:CITY_DIGITS])
        | Q(phone=application.phone)
        | Q(uscc=application.uscc)
    )
    fields = ("id", "code", "company", "address", "phone", "uscc")
    return list(rows.order_by("-received_at").values_list(*fields)[:MAX_CANDIDATES])


def _visible(actor: Actor, ids: list[UUID]) -> set[UUID]:
    parties = Party.objects.visible_to(actor).filter(id__in=ids).values_list("id", flat=True)
    applications = Application.objects.visible_to(actor).filter(id__in=ids).values_list("id", flat=True)
    return {*parties, *applications}
