"""Queries of memberships, invitations, parties and regions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.rights import MANUFACTURER, ROLE_NAMES, ROLES, actor_of
from dealers.models import Membership, Party, Region
from dealers.models.region import DIGITS, region_path, region_range
from tenancy.context import set_local, tenant_active, tenant_entered
from tenancy.models import Tenant
from ui.queries.search import objects_like


@dataclass(frozen=True, slots=True)
class MyMembership:
    """A person's own membership; `is_here` says whether the host of the request allows it."""

    id: UUID
    tenant_id: UUID
    tenant_name: str
    is_demo: bool
    party_id: UUID
    role: str
    party_kind: str = ""
    party_name: str = ""
    is_here: bool = True

    @property
    def role_name(self) -> str:
        return str(ROLE_NAMES.get(self.role, self.role))


@dataclass(frozen=True, slots=True)
class MyInvitation:
    """A person's own open invitation."""

    id: UUID
    tenant_id: UUID
    tenant_name: str
    party_name: str
    role: str
    username: str
    expires_at: datetime

    @property
    def role_name(self) -> str:
        return str(ROLE_NAMES.get(self.role, self.role))


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the demonstration whom a visitor may sign in as."""

    membership_id: UUID
    user_id: UUID
    name: str
    role: str
    party_kind: str
    party_name: str
    tenant_name: str

    @property
    def role_name(self) -> str:
        return str(ROLE_NAMES.get(self.role, self.role))

    @property
    def kind_name(self) -> str:
        return str(Party.Kind(self.party_kind).label)


def memberships_of(user_id: UUID, host: str = "") -> list[MyMembership]:
    """Return a person's memberships in every open tenant, before one is active.

    With `host` each membership says whether it may be used there: a tenant's own host serves only that
    tenant. Raw SQL, because the managers of the ORM require an active tenant. The row policy lets a
    person read their own rows (`app.user`), and the membership repeats party_kind and party_name.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.id, m.tenant_id, t.name, t.is_demo, m.party_id, m.role, m.party_kind, m.party_name,"
            " NOT EXISTS (SELECT 1 FROM tenancy_tenanthost h"
            "  WHERE h.host = %s AND h.tenant_id <> m.tenant_id)"
            " FROM dealers_membership m JOIN tenancy_tenant t ON t.id = m.tenant_id AND t.is_open"
            " WHERE m.user_id = %s AND m.is_active ORDER BY t.slug, m.created_at",
            [host, user_id],
        )
        return [MyMembership(*row) for row in cursor.fetchall()]


_TENANT_FIELDS = [field.attname for field in Tenant._meta.concrete_fields]
_ENTER_BY_SESSION = (
    "SELECT (e.found_membership).id, (e.found_membership).tenant_id, (e.found_tenant).name,"
    " (e.found_tenant).is_demo, (e.found_membership).party_id, (e.found_membership).role,"
    " (e.found_membership).party_kind, (e.found_membership).party_name, e.is_here, e.is_entered,"
    " e.needs_second_factor, "
    + ", ".join(f"(e.found_tenant).{column}" for column in _TENANT_FIELDS)
    + " FROM enter_by_session(%s, %s, %s, %s) e"
)


@dataclass(frozen=True, slots=True)
class SessionEntrance:
    """A person's memberships and, if there is one, the membership of the session with its tenant.

    The tenant has the attribute `staff_second_factor`.
    """

    memberships: list[MyMembership]
    entered: MyMembership | None = None
    tenant: Tenant | None = None


def enter_by_session(user_id: UUID, host: str, *, chosen: str | None, is_demo: bool) -> SessionEntrance:
    """Return a person's memberships and activate the tenant of one. One statement.

    That one is the `chosen` membership if the host allows it, otherwise the first that the host allows;
    none if the chosen one was withdrawn or its party is inactive. With `is_demo` only demonstrations
    count. `app.user` stays set. The caller must also call leave_tenant().
    """
    with connection.cursor() as cursor:
        cursor.execute(_ENTER_BY_SESSION, [user_id, host, chosen, is_demo])
        rows = cursor.fetchall()
    found = SessionEntrance([MyMembership(*row[:9]) for row in rows])
    for membership, row in zip(found.memberships, rows, strict=True):
        if row[9]:
            tenant = Tenant.from_db("default", _TENANT_FIELDS, row[11:])
            tenant.staff_second_factor = row[10]  # type: ignore[attr-defined]  # a column of this statement
            tenant_entered(tenant.id)
            return SessionEntrance(found.memberships, membership, tenant)
    return found


OPEN_INVITATIONS = (
    "SELECT i.id, i.tenant_id, t.name, i.party_name, i.role, i.username, i.expires_at"
    " FROM dealers_invitation i JOIN tenancy_tenant t ON t.id = i.tenant_id AND t.is_open"
    " WHERE i.state = 'open' AND i.expires_at > %s"
)


def hash_of_token(token: str) -> str:
    """Return the hash of a link's token, as stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def governing_roles() -> list[tuple[str, str]]:
    """Return the (kind of party, role) pairs that may manage the people of a party."""
    return [
        (kind, role)
        for kind, roles in ROLES.items()
        for role, rights in roles.items()
        if "people.edit" in rights
    ]


def governing(user: Any, party: Any) -> QuerySet[Membership]:
    """Return the memberships by which a user manages a party's people, as owner or as director.

    Both arguments are ids, or an OuterRef of an outer query. A closed account has none.
    """
    may = Q(pk=None)
    for kind, role in governing_roles():
        may |= Q(party_kind=kind, role=role)
    mine = Membership.objects.filter(may, user_id=user, user__is_active=True, is_active=True)
    return mine.filter(Q(party_id=party) | Q(party_kind=MANUFACTURER))


def invitations_of(user_id: UUID, *, at: datetime) -> list[MyInvitation]:
    """Return a person's open invitations in every open tenant, before one is active (`app.user` is set)."""
    with connection.cursor() as cursor:
        cursor.execute(f"{OPEN_INVITATIONS} AND i.user_id = %s ORDER BY i.invited_at, i.id", [at, user_id])
        return [MyInvitation(*row) for row in cursor.fetchall()]


def invitation_at(token: str, *, at: datetime) -> MyInvitation | None:
    """Return the open invitation of a link, before a tenant is active; None for an unknown link."""
    token_hash = hash_of_token(token)
    set_local("app.invitation", token_hash)
    with connection.cursor() as cursor:
        cursor.execute(f"{OPEN_INVITATIONS} AND i.token_hash = %s", [at, token_hash])
        row = cursor.fetchone()
    return MyInvitation(*row) if row else None


def demo_people() -> list[DemoPerson]:
    """Return one person for each kind of party and role, in each open demonstration tenant.

    Activates those tenants one after the other; call it with no tenant active.
    """
    people = []
    for tenant in Tenant.objects.filter(is_demo=True, is_open=True).order_by("slug"):
        with tenant_active(tenant):
            rows = (
                Membership.objects.filter(is_active=True, user__is_active=True, party__is_active=True)
                .select_related("user")
                .order_by("party_kind", "role", "created_at", "id")
                .distinct("party_kind", "role")
            )
            people += [_demo_person(row, tenant) for row in rows]
    return sorted(people, key=_as_in_the_table)


def _demo_person(row: Membership, tenant: Tenant) -> DemoPerson:
    return DemoPerson(
        membership_id=row.id,
        user_id=row.user_id,
        name=str(row.user),
        role=row.role,
        party_kind=row.party_kind,
        party_name=row.party_name,
        tenant_name=tenant.name,
    )


def _as_in_the_table(person: DemoPerson) -> tuple[str, int, int]:
    kinds = list(ROLES)
    return (
        person.tenant_name,
        kinds.index(person.party_kind),
        list(ROLES[person.party_kind]).index(person.role),
    )


def parties_like(rows: QuerySet[Party], typed: str) -> QuerySet[Party]:
    """Return the parties that match every typed word by code, name, pinyin, initials, contact or phone."""
    return rows.filter(objects_like("party", typed))


def visible_parties(request: Any) -> QuerySet[Party]:
    """Return the parties that the user of a request may see, for the choices of a filter."""
    found: QuerySet[Party] = Party.objects.visible_to(actor_of(request))
    return found


def parties_in(rows: QuerySet[Party], region: str) -> QuerySet[Party]:
    """Return the parties in a region and its descendants; `region` is a code of GB/T 2260."""
    if not region.isdigit() or not region.isascii() or len(region) > DIGITS:
        return rows.none()
    start, end = region_range(region)
    return rows.filter(region__start__gte=start, region__end__lte=end)


def region_by_code(code: str) -> Region | None:
    """Return the region of a code of GB/T 2260, with or without trailing zeros: 4412 and 441200."""
    same = [short for short in region_path(code) if not code[len(short) :].strip("0")]
    return Region.objects.filter(code__in=same).order_by("-depth").first()


def region_by_name(name: str) -> Region | None:
    """Return the region of a name, full or not: 广东省 or 广东省肇庆市; of several the largest."""
    return Region.objects.filter(Q(name=name) | Q(full_name=name)).order_by("depth", "code").first()
