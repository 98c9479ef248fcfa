"""Roles and their rights; each room registers its rights with the roles that hold them.

Rights narrow in order: the tenant (row security), the role (these rights), then object grants
(django-guardian: a region manager's territories) as sub-queries of each model's `visible_to`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal
from tenancy.rooms import registered

MANUFACTURER, DEALER, MEMBER, OUTLET = "manufacturer", "dealer", "member", "outlet"

STAFF_ROLES = (
    "director",
    "region_manager",
    "sales_rep",
    "finance",
    "supervisor",
    "account_manager",
    "warehouse",
)
DEALER_ROLES = ("owner", "purchaser", "warehouse", "finance", "sales_rep")
MEMBER_ROLES = ("owner", "sales_rep")
ROLE_NAMES = {
    "director": _("channel director"),
    "region_manager": _("region manager"),
    "sales_rep": _("sales representative"),
    "finance": _("finance"),
    "supervisor": _("market supervisor"),
    "account_manager": _("account manager"),
    "warehouse": _("warehouse"),
    "owner": _("owner"),
    "purchaser": _("purchaser"),
}
SYSTEM = "system"


@cache
def role_rights() -> dict[str, dict[str, frozenset[str]]]:
    """Return the rights that the rooms registered, by kind of party and role."""
    holders = {MANUFACTURER: STAFF_ROLES, DEALER: DEALER_ROLES, MEMBER: MEMBER_ROLES, OUTLET: ()}
    fields = {MANUFACTURER: "staff", DEALER: "dealer", MEMBER: "member"}
    return {
        kind: {
            role: frozenset(
                right.code for right in registered("rights") if role in getattr(right, fields[kind])
            )
            for role in roles
        }
        for kind, roles in holders.items()
    }


@cache
def all_rights() -> frozenset[str]:
    """Return every right that at least one role holds."""
    return frozenset().union(*(rights for roles in role_rights().values() for rights in roles.values()))


ROLES: Mapping[str, Mapping[str, frozenset[str]]] = cast(Any, SimpleLazyObject(role_rights))


class NotAllowed(Refusal):
    code = "not_allowed"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or an API key acting for a party in a role.

    `scopes` limits the rights of a key, `issuer_id` is the person who issued it.
    """

    party_id: UUID | None
    party_kind: str
    role: str
    user_id: UUID | None = None
    label: str = ""
    scopes: frozenset[str] | None = None
    issuer_id: UUID | None = None

    @property
    def person_id(self) -> UUID | None:
        """Return the person who acts: a key counts as the person who issued it."""
        return self.user_id or self.issuer_id

    @property
    def is_platform(self) -> bool:
        """Return whether the platform itself acts: schedules, imports, the demo tenant; no key does."""
        return self.role == SYSTEM and self.party_id is None and self.person_id is None

    @property
    def rights(self) -> frozenset[str]:
        if self.role == SYSTEM:
            return all_rights() if self.scopes is None else self.scopes & all_rights()
        held = role_rights().get(self.party_kind, {}).get(self.role, frozenset())
        return held if self.scopes is None else held & self.scopes

    def acts_for(self, *parties: UUID) -> bool:
        """Return whether the actor acts for one of the parties; only the platform acts for all."""
        return self.is_platform or self.party_id in parties

    def may(self, right: str) -> bool:
        return right in self.rights

    def must(self, right: str) -> None:
        """Raise NotAllowed unless the actor holds the right."""
        if not self.may(right):
            role = str(ROLE_NAMES.get(self.role, self.role or "—"))
            message = _gettext("The role “%(role)s” may not do this (%(right)s).")
            raise NotAllowed(message % {"role": role, "right": right}, right=right)


def actor_of(request: Any) -> Actor:
    """Return the actor of a request (Django's or DRF's) that the middleware has authorised."""
    actor: Actor = getattr(request, "_request", request).actor
    return actor


def the_system(label: str = "tripact") -> Actor:
    """Return the actor that is the platform itself: schedules, imports, the demo tenant."""
    return Actor(party_id=None, party_kind=MANUFACTURER, role=SYSTEM, label=label)
