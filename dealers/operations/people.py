"""Operations on memberships: who acts for which party in which role."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import MANUFACTURER, ROLES, SYSTEM, Actor, NotAllowed
from audit.operations.recording import record
from dealers.audit_actions import MembershipAction
from dealers.models import Membership, Party
from dealers.operations.parties import checked_phone
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

STANDING = "dealers.standing"
UNAMBIGUOUS = "abcdefghjkmnpqrstuvwxyz23456789"


class BadPerson(Refusal):
    code = "bad_person"


class PersonTaken(Refusal):
    code = "conflict"


class NoSuchMembership(Refusal):
    code = "not_found"


class LastManager(Refusal):
    code = "conflict"


@dataclass(frozen=True, slots=True)
class Admission:
    """A new membership. A new person has a `password`: display it once; only its hash is stored."""

    membership: Membership
    password: str = ""


def add_person(
    *,
    party: Party,
    role: str,
    username: str,
    name: str = "",
    phone: str = "",
    email: str = "",
    language: str = "zh-hans",
    by: Actor,
    at: datetime,
) -> Admission:
    """Add a person without an invitation; only the platform may, to prepare a tenant.

    All others invite (dealers.operations.invitations). A new person gets a one-time password; a
    person with an account keeps name, phone and password. Raise BadPerson (role, username, phone),
    PersonTaken or NotAllowed.
    """
    by.must("people.edit")
    if by.role != SYSTEM or by.party_id is not None:
        raise NotAllowed(_("A person is invited, and comes by their own consent."), right="people.edit")
    check_role(party.kind, role)
    with joined_transaction():
        user, password = _person(username.strip(), name.strip(), phone, email.strip(), language)
        membership = add_membership(user=user, party=party, role=role, by=by, at=at)
    return Admission(membership=membership, password=password)


def add_membership(*, user: User, party: Party, role: str, by: Actor, at: datetime) -> Membership:
    """Create or reactivate a membership. The caller has checked the right to do so."""
    membership = Membership.objects.filter(user=user, party=party).first()
    if membership is not None and membership.is_active:
        raise PersonTaken(_("%(user)s acts for this party already.") % {"user": user}, field="username")
    membership = membership or Membership(user=user, party=party)
    membership.role, membership.is_active = role, True
    membership.party_kind, membership.party_name = party.kind, party.name
    membership.save()
    record(
        MembershipAction.ADMIT,
        membership,
        by=by,
        at=at,
        person=str(user),
        party=party.code,
        role=role,
    )
    return membership


def change_role(*, membership: Membership, role: str, by: Actor, at: datetime) -> Membership:
    """Change the role of a membership, with effect from the person's next request."""
    by.must("people.edit")
    must_govern(by, membership.party)
    check_role(membership.party_kind, role)
    with joined_transaction():
        if "people.edit" not in ROLES[membership.party_kind][role]:
            _must_leave_one(membership)
        Membership.objects.filter(id=membership.id).update(role=role)
        membership.role = role
        record(MembershipAction.CHANGE_ROLE, membership, by=by, at=at, role=role)
        announce(STANDING, {"membership_id": str(membership.id)}, at=at)
    return membership


def withdraw(*, membership_id: UUID, by: Actor, at: datetime) -> None:
    """End a membership; sessions that use it end with the person's next request."""
    by.must("people.edit")
    with joined_transaction():
        found = Membership.objects.select_related("party").filter(id=membership_id, is_active=True).first()
        if found is None:
            raise NoSuchMembership(_("There is no such membership."))
        must_govern(by, found.party)
        _must_leave_one(found)
        Membership.objects.filter(id=found.id).update(is_active=False)
        record(MembershipAction.WITHDRAW, found, by=by, at=at, person=str(found.user_id))
        announce(STANDING, {"membership_id": str(found.id)}, at=at)


def check_role(party_kind: str, role: str) -> None:
    """Raise BadPerson if the kind of party does not have the role."""
    if role not in ROLES.get(party_kind, {}):
        kind = Party.Kind(party_kind).label
        message = _("A %(kind)s has no role “%(role)s”.") % {"kind": kind, "role": role}
        raise BadPerson(message, field="role")


def must_govern(by: Actor, party: Party) -> None:
    """Raise NoSuchMembership unless the actor may manage the people of the party.

    Staff manage those of all parties; a partner those of its own.
    """
    if by.party_kind != MANUFACTURER and by.party_id != party.id:
        raise NoSuchMembership(_("There is no such party."), field="party")


def _must_leave_one(membership: Membership) -> None:
    """Raise LastManager if nobody else at the manufacturer could manage people.

    The rows are locked in key order, so that two people cannot leave at the same moment.
    """
    if membership.party_kind != MANUFACTURER:
        return
    governing = [role for role, rights in ROLES[MANUFACTURER].items() if "people.edit" in rights]
    rows = Membership.objects.filter(party=membership.party_id, role__in=governing, is_active=True)
    ids = list(rows.select_for_update().order_by("id").values_list("id", flat=True))
    if ids == [membership.id]:
        raise LastManager(_("Nobody else could invite people: name another channel director first."))


def _person(username: str, name: str, phone: str, email: str, language: str) -> tuple[User, str]:
    known = User.objects.filter(username=username).first()
    if known is not None:
        if not known.is_active:
            raise BadPerson(_("The account %(name)s is closed.") % {"name": username}, field="username")
        return known, ""
    user = User(username=username, first_name=name[:150], email=email, language=language)
    user.phone = checked_phone(phone)
    for field in ("username", "email"):
        check_field(user, field)
    password = "-".join("".join(secrets.choice(UNAMBIGUOUS) for _i in range(4)) for _j in range(4))
    user.set_password(password)
    saved_person(user)
    return user, password


def saved_person(user: User) -> None:
    """Save a new person. Raise PersonTaken if the user name or the phone is in use."""
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        field = "phone" if "user_phone_once" in str(error) else "username"
        raise PersonTaken(_("Another person has this already."), field=field) from error


def check_field(user: User, field: str) -> None:
    """Raise BadPerson if Django's validation refuses the field."""
    try:
        user.clean_fields(exclude={one.name for one in user._meta.fields} - {field})
    except ValidationError as error:
        raise BadPerson("; ".join(error.messages), field=field) from error
