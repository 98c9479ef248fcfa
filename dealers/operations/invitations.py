"""Operations that send, withdraw, accept and decline invitations.

The inviter types a user name or a phone number and always receives a link, displayed once, so that
the response does not reveal whether the person has an account. A person with an account also finds
the invitation after signing in; a new person sets a password at the link. Whoever holds the link
may use it once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations.own_mail import request_proof
from accounts.rights import ROLES, Actor
from audit.operations.recording import record
from dealers.audit_actions import InvitationAction
from dealers.models import Invitation, Membership, Party
from dealers.operations.parties import checked_phone
from dealers.operations.people import (
    BadPerson,
    PersonTaken,
    add_membership,
    check_field,
    check_role,
    must_govern,
    saved_person,
)
from dealers.queries.parties import governing, hash_of_token
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

VALIDITY = timedelta(days=14)


class NoSuchInvitation(Refusal):
    code = "not_found"


class InvitationEnded(Refusal):
    code = "conflict"


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with the token of its link. Display the token once; only its hash is stored."""

    invitation: Invitation
    token: str


def invite(
    *,
    party: Party,
    role: str,
    username: str = "",
    phone: str = "",
    name: str = "",
    email: str = "",
    by: Actor,
    at: datetime,
) -> Invited:
    """Invite a person to act for a party in a role; an earlier invitation to the party is withdrawn.

    Raise BadPerson (role, username, phone, email), BadParty (phone), or PersonTaken for a person who
    acts for this party already.
    """
    by.must("people.edit")
    must_govern(by, party)
    check_role(party.kind, role)
    typed = User(username=username.strip(), first_name=name.strip()[:150], email=email.strip())
    typed.phone = checked_phone(phone)
    if not typed.username and not typed.phone:
        raise BadPerson(_("Name the person's user name or phone number."), field="username")
    for field in ("username", "email"):
        if getattr(typed, field):
            check_field(typed, field)
    with joined_transaction():
        user = _known(typed)
        if user is not None and Membership.objects.filter(user=user, party=party, is_active=True).exists():
            message = _("%(user)s acts for this party already.")
            raise PersonTaken(message % {"user": typed.username or typed.phone}, field="username")
        _withdraw_earlier(party, typed)
        token = secrets.token_urlsafe(24)
        invitation = Invitation.objects.create(
            party=party,
            role=role,
            party_kind=party.kind,
            party_name=party.name,
            user=user,
            username=typed.username,
            phone=typed.phone,
            name=typed.first_name,
            email=typed.email,
            token_hash=hash_of_token(token),
            invited_by_id=by.user_id,
            invited_at=at,
            expires_at=at + VALIDITY,
        )
        record(
            InvitationAction.SEND,
            invitation,
            by=by,
            at=at,
            person=typed.username or typed.phone,
            party=party.code,
            role=role,
        )
    return Invited(invitation=invitation, token=token)


def withdraw_invitation(*, invitation_id: UUID, by: Actor, at: datetime) -> None:
    """Withdraw an open invitation. A repeated call changes nothing. Raise NoSuchInvitation."""
    by.must("people.edit")
    with joined_transaction():
        found = Invitation.objects.select_related("party").filter(id=invitation_id).first()
        if found is None:
            raise NoSuchInvitation(_("There is no such invitation."))
        must_govern(by, found.party)
        if _ended(found.id, Invitation.State.WITHDRAWN, at):
            record(InvitationAction.WITHDRAW, found, by=by, at=at)


def accept_invitation(*, invitation_id: UUID, user: User, by_link: bool = False, at: datetime) -> Membership:
    """Accept an invitation: the person acts for the party from now on.

    Without the link a person accepts their own invitations only. Raise NoSuchInvitation,
    InvitationEnded, or PersonTaken for a person who acts for the party already.
    """
    with joined_transaction():
        invitation = _open(invitation_id, at)
        if not by_link and invitation.user_id != user.id:
            raise NoSuchInvitation(_("There is no such invitation."))
        by = Actor(
            party_id=invitation.party_id,
            party_kind=invitation.party_kind,
            role=invitation.role,
            user_id=user.id,
            label=str(user),
        )
        membership = add_membership(user=user, party=invitation.party, role=invitation.role, by=by, at=at)
        _ended(invitation.id, Invitation.State.ACCEPTED, at)
    return membership


def accept_as_new(*, invitation_id: UUID, username: str, password: str, at: datetime) -> Membership:
    """Create the account of a new person who followed the link, and accept the invitation.

    The phone number that the inviter typed is not stored, because its holder could sign in with it; the
    person confirms a number later (accounts.web.own_phone). The email address that the inviter typed
    receives a link and is used only once that is followed. Raise BadPerson (username, password),
    PersonTaken (username) or InvitationEnded.
    """
    with joined_transaction():
        invitation = _open(invitation_id, at)
        user = User(username=username.strip(), first_name=invitation.name, email=invitation.email)
        check_field(user, "username")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise BadPerson(" ".join(error.messages), field="password") from error
        user.set_password(password)
        saved_person(user)
        if user.email:
            request_proof(user=user, address=user.email)
        return accept_invitation(invitation_id=invitation.id, user=user, by_link=True, at=at)


def decline_invitation(*, invitation_id: UUID, user: User, at: datetime) -> None:
    """Decline an invitation of one's own. Raise NoSuchInvitation or InvitationEnded."""
    with joined_transaction():
        invitation = _open(invitation_id, at)
        if invitation.user_id != user.id:
            raise NoSuchInvitation(_("There is no such invitation."))
        _ended(invitation.id, Invitation.State.DECLINED, at)
        by = Actor(party_id=None, party_kind="", role="", user_id=user.id, label=str(user))
        record(InvitationAction.DECLINE, invitation, by=by, at=at)


def _known(typed: User) -> User | None:
    """Return the person with the user name, else with the phone number; None for a closed account."""
    named = Q(username=typed.username) if typed.username else Q(pk=None)
    if typed.phone:
        named |= Q(phone=typed.phone)
    found = list(User.objects.filter(named))
    found.sort(key=lambda user: user.username != typed.username)
    return found[0] if found and found[0].is_active else None


def _withdraw_earlier(party: Party, typed: User) -> None:
    same = Q(username=typed.username) if typed.username else Q(pk=None)
    if typed.phone:
        same |= Q(phone=typed.phone)
    earlier = Invitation.objects.filter(same, party=party, state=Invitation.State.OPEN)
    earlier.update(state=Invitation.State.WITHDRAWN)


def _open(invitation_id: UUID, at: datetime) -> Invitation:
    """Return the locked invitation if it is open and its sender could still send it.

    Raise NoSuchInvitation or InvitationEnded.
    """
    mine = Invitation.objects.select_for_update(of=("self",)).select_related("party")
    found: Invitation | None = mine.filter(id=invitation_id).first()
    if found is None:
        raise NoSuchInvitation(_("There is no such invitation."))
    stands = found.invited_by_id is None or governing(found.invited_by_id, found.party_id).exists()
    if (
        found.state != Invitation.State.OPEN
        or found.expires_at <= at
        or not stands
        or not found.party.is_active
        or found.role not in ROLES.get(found.party.kind, {})
    ):
        raise InvitationEnded(_("This invitation has ended: ask the person who sent it for another."))
    return found


def _ended(invitation_id: UUID, state: str, at: datetime) -> bool:
    mine = Invitation.objects.filter(id=invitation_id, state=Invitation.State.OPEN)
    return bool(mine.update(state=state, answered_at=at))
