"""The request that a view restricted by `entering()` receives."""

from __future__ import annotations

from accounts.models import User
from accounts.rights import Actor
from ui.web.requests import TenantRequest


class PersonRequest(TenantRequest):
    """A request of a person who is signed in."""

    user: User


class ActorRequest(PersonRequest):
    """A request of a person who is signed in and acts for a party in a role."""

    actor: Actor
