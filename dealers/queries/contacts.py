"""The people of a party whom a user can ask for help."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from dealers.models import Membership

MAX_NAMES = 3


def contact_names(party_id: UUID, roles: Sequence[str]) -> list[str]:
    """Return the names of a party's active people in these roles, the first role first, at most three."""
    members = Membership.objects.filter(
        party_id=party_id, role__in=roles, is_active=True, user__is_active=True
    ).select_related("user")
    named = [(roles.index(one.role), str(one.user)) for one in members]
    return [name for _rank, name in sorted(named)[:MAX_NAMES]]
