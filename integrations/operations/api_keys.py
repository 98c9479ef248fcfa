"""Issue and revoke API keys. A key is displayed once, stored as a hash, and revoked permanently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, ROLES, SYSTEM, Actor, NotAllowed, all_rights, the_system
from audit.operations.recording import record
from dealers.models import Party
from dealers.operations.people import STANDING
from dealers.queries.parties import governing
from integrations.audit_actions import ApiKeyAction
from integrations.authentication import new_key
from integrations.models import ApiKey, KeyEndReason
from jobs.operations.outbox import on
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

HINT_CHARACTERS = 8


class BadKey(Refusal):
    code = "bad_key"


class ScopeTooWide(Refusal):
    code = "not_allowed"


class NoSuchKey(Refusal):
    code = "not_found"


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key. `secret` is available only here: the database stores its SHA-256."""

    record: ApiKey
    secret: str


def issue_key(
    *,
    party: Party,
    name: str,
    scopes: Iterable[str],
    role: str = "",
    expires_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> IssuedKey:
    """Issue a key that acts for `party` within `scopes` (rights, like `order.place`).

    The issuer can give only scopes that they hold; a partner issues keys of its own party only. By default
    (`role` "") a key of the manufacturer acts as the system and a partner's key as its owner. A key ends if
    its issuer may no longer issue it; the platform's own keys do not end. A key cannot issue keys. Raises
    BadKey (name, scopes, role, expires_at), ScopeTooWide, NoSuchKey, NotAllowed.
    """
    by.must("people.edit")
    if by.party_kind != MANUFACTURER and by.party_id != party.id:
        raise NoSuchKey(_("There is no such party."), field="party")
    role = role or (SYSTEM if party.kind == MANUFACTURER else "owner")
    wanted = _checked_scopes(party, role, scopes, by)
    if not name.strip() or len(name) > 100:
        raise BadKey(_("A key has a name of 1 to 100 characters."), field="name")
    if expires_at is not None and expires_at <= at:
        raise BadKey(_("The key would have ended already."), field="expires_at")
    is_platforms = by.role == SYSTEM and by.party_id is None and by.user_id is None
    if by.user_id is None and not is_platforms:
        raise NotAllowed(_("A key is issued by a person, whom it ends with."), right="people.edit")
    secret, key_hash = new_key()
    with joined_transaction():
        key = ApiKey.objects.create(
            name=name.strip(),
            key_hash=key_hash,
            hint=secret[:HINT_CHARACTERS],
            party=party,
            party_kind=party.kind,
            role=role,
            scopes=wanted,
            expires_at=expires_at,
            issued_by_id=by.user_id,
            is_platforms=is_platforms,
        )
        record(
            ApiKeyAction.ISSUE,
            key,
            by=by,
            at=at,
            name=key.name,
            party=party.code,
            scopes=wanted,
        )
    return IssuedKey(record=key, secret=secret)


def revoke_key(*, key_id: UUID, by: Actor, at: datetime) -> None:
    """Revoke a key, from its next request on. It is safe to repeat. Raises NoSuchKey."""
    by.must("people.edit")
    mine = ApiKey.objects.filter(id=key_id)
    if by.party_kind != MANUFACTURER:
        mine = mine.filter(party_id=by.party_id)
    with joined_transaction():
        if not mine.exists():
            raise NoSuchKey(_("There is no such key."))
        if mine.filter(is_active=True).update(is_active=False, ended_why=KeyEndReason.REVOKED):
            record(ApiKeyAction.REVOKE, (ApiKey, key_id), by=by, at=at)


@on(STANDING)
def end_keys_after_change_of_standing(body: dict[str, Any], at: datetime) -> None:
    """End the keys of a person whose membership was withdrawn or got another role."""
    end_orphaned_keys(by=the_system("keys"), at=at)


def end_orphaned_keys(*, by: Actor, at: datetime) -> int:
    """End the keys whose issuer was withdrawn, has another role or a closed account; return their number.

    Authentication refuses such keys at once; after this call they stay ended if the person returns.
    """
    still = governing(OuterRef("issued_by_id"), OuterRef("party_id"))
    with joined_transaction():
        found = ApiKey.objects.filter(~Exists(still), is_active=True, issued_by__isnull=False)
        orphans = list(found.order_by("id").select_for_update().values_list("id", flat=True))
        ApiKey.objects.filter(id__in=orphans).update(is_active=False, ended_why=KeyEndReason.ISSUER_LEFT)
        for key_id in orphans:
            record(ApiKeyAction.REVOKE, (ApiKey, key_id), by=by, at=at, why="its issuer left")
    return len(orphans)


def grantable(party_kind: str, role: str, by: Actor) -> frozenset[str]:
    """Return the scopes that `by` may give to a key of a party of that kind, in that role."""
    held = all_rights() if role == SYSTEM else ROLES.get(party_kind, {}).get(role, frozenset())
    if by.party_kind == MANUFACTURER and party_kind != MANUFACTURER:
        return held
    return held & by.rights


def _checked_scopes(party: Party, role: str, scopes: Iterable[str], by: Actor) -> list[str]:
    wanted = sorted(set(scopes))
    if role != SYSTEM and role not in ROLES.get(party.kind, {}):
        raise BadKey(_("This party has no role “%(role)s”.") % {"role": role}, field="role")
    if role == SYSTEM and party.kind != MANUFACTURER:
        raise BadKey(_("Only the manufacturer's keys act as the system."), field="role")
    if not wanted:
        raise BadKey(_("A key has at least one scope."), field="scopes")
    for scope in wanted:
        if scope not in all_rights():
            raise BadKey(_("There is no scope “%(scope)s”.") % {"scope": scope}, field="scopes")
        if scope not in grantable(party.kind, role, by):
            raise ScopeTooWide(
                _("The scope “%(scope)s” is more than this key may be given.") % {"scope": scope},
                field="scopes",
            )
    return wanted
