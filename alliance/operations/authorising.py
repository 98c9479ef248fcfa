"""Issue and revoke authorisations. A second person approves a revocation, where the tenant wants one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rights import MANUFACTURER, Actor
from alliance.audit_actions import AuthorisationAction
from alliance.models import Authorisation
from alliance.operations.applying import new_code
from approvals.domain.rules import FieldChange
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record
from catalogue.models import Category
from dealers.models import Party, Region
from dealers.models.party import TERRITORY_ROLES
from dealers.models.territory import regions_of
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

REVOKE = "alliance.revoke"
RIGHT = "authorisation.issue"
REASON, STATE = gettext_noop("Reason"), gettext_noop("State")
VERIFICATION_CHARACTERS, NUMBER_CHARACTERS = 20, 6
MAX_YEARS, MAX_ROWS, MAX_REASON_CHARACTERS = 10, 50, 300


class BadAuthorisation(Refusal):
    code = "bad_authorisation"


class NoSuchAuthorisation(Refusal):
    code = "not_found"


class RevokedAlready(Refusal):
    code = "wrong_state"


def issue_authorisation(
    *,
    party_id: UUID,
    regions: Sequence[str],
    categories: Sequence[str],
    starts_on: date,
    until: date,
    by: Actor,
    at: datetime,
) -> Authorisation:
    """Authorise a dealer or member for regions and categories (codes) in a term; `until` is exclusive.

    Raise BadAuthorisation with the field at fault.
    """
    by.must(RIGHT)
    party = Party.objects.visible_to(by).filter(id=party_id, is_active=True).first()
    if party is None or party.kind not in (Party.Kind.DEALER, Party.Kind.MEMBER):
        raise BadAuthorisation(_("Choose a dealer or an alliance member."), field="party")
    if until <= starts_on:
        raise BadAuthorisation(_("It ends before it starts."), field="until")
    if until > starts_on + timedelta(days=366 * MAX_YEARS):
        message = _("An authorisation holds at most %(years)s years.") % {"years": MAX_YEARS}
        raise BadAuthorisation(message, field="until")
    if until <= day_of_tenant(at):
        raise BadAuthorisation(_("This term is over already."), field="until")
    places, goods = _regions(regions, by), _categories(categories)
    with joined_transaction():
        made = Authorisation.objects.create(
            number=f"SQ{day_of_tenant(at):%Y%m}-{new_code(NUMBER_CHARACTERS)}",
            code=new_code(VERIFICATION_CHARACTERS),
            party=party,
            party_name=party.name,
            party_uscc=party.uscc,
            regions=places,
            categories=goods,
            starts_on=starts_on,
            until=until,
            issued_at=at,
            issued_by=by.label[:150],
        )
        facts = {"number": made.number, "party": party.code, "until": str(until)}
        record(AuthorisationAction.ISSUE, made, by=by, at=at, **facts)
        announce("alliance.authorised", {"authorisation_id": str(made.id)}, at=at)
    return made


def revoke_authorisation(
    *, authorisation_id: UUID, reason: str, by: Actor, at: datetime
) -> Authorisation | Approval:
    """Revoke an authorisation for a reason, or request it where a second person approves.

    Raise NoSuchAuthorisation, RevokedAlready or BadAuthorisation (reason).
    """
    words = reason.strip()
    if not 1 <= len(words) <= MAX_REASON_CHARACTERS or not words.isprintable():
        message = _("This needs 1 to %(longest)d characters.") % {"longest": MAX_REASON_CHARACTERS}
        raise BadAuthorisation(message, field="reason")
    with joined_transaction():
        found = _locked(authorisation_id, by)
        values = {"authorisation_id": str(found.id), "reason": words}
        waiting = request_approval(
            REVOKE,
            found,
            title=f"{found.number} {found.party_name}",
            values=values,
            changes=[
                FieldChange(STATE, gettext_noop("valid"), gettext_noop("revoked")),
                FieldChange(REASON, "—", words),
            ],
            about=found.party_id,
            by=by,
            at=at,
        )
        return waiting or apply_revocation(values, by=by, at=at)


def authorisation_now(values: dict[str, Any]) -> dict[str, Any]:
    """Lock an authorisation and return whether it is revoked, as JSON; {} if it is gone."""
    rows = Authorisation.objects.select_for_update(no_key=True).filter(id=values["authorisation_id"])
    found = rows.first()
    return {} if found is None else {"revoked": found.revoked_at is not None}


def apply_revocation(values: dict[str, Any], *, by: Actor, at: datetime) -> Authorisation:
    """Revoke an authorisation; its verification page says so from now on."""
    with joined_transaction():
        found = _locked(UUID(values["authorisation_id"]), by)
        found.revoked_at, found.revoked_by = at, by.label[:150]
        found.revoke_reason = values["reason"]
        found.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
        facts = {"number": found.number, "reason": values["reason"]}
        record(AuthorisationAction.REVOKE, found, by=by, at=at, **facts)
        announce("alliance.authorisation_revoked", {"authorisation_id": str(found.id)}, at=at)
    return found


def _locked(authorisation_id: UUID, by: Actor) -> Authorisation:
    by.must(RIGHT)
    rows = Authorisation.objects.visible_to(by).select_for_update(of=("self",))
    found: Authorisation | None = rows.filter(id=authorisation_id).first()
    if found is None:
        raise NoSuchAuthorisation(_("There is no such authorisation."))
    if found.revoked_at is not None:
        raise RevokedAlready(_("This authorisation is revoked already."))
    return found


def _regions(codes: Sequence[str], by: Actor) -> list[dict[str, str]]:
    rows = Region.objects.filter(code__in=codes)
    if by.party_kind == MANUFACTURER and by.role in TERRITORY_ROLES:
        rows = regions_of(by.user_id).filter(code__in=codes)
    names = dict(rows.values_list("code", "full_name"))
    return _named(codes, names, "regions", _("There is no region %(code)s in your territory."))


def _categories(codes: Sequence[str]) -> list[dict[str, str]]:
    names = dict(Category.objects.filter(code__in=codes).values_list("code", "name"))
    return _named(codes, names, "categories", _("There is no category %(code)s."))


def _named(codes: Sequence[str], names: dict[str, str], field: str, unknown: str) -> list[dict[str, str]]:
    once = list(dict.fromkeys(codes))
    if not 1 <= len(once) <= MAX_ROWS:
        raise BadAuthorisation(_("Choose 1 to %(most)s.") % {"most": MAX_ROWS}, field=field)
    for at, code in enumerate(once):
        if code not in names:
            raise BadAuthorisation(unknown % {"code": code[:40]}, field=f"{field}[{at}]")
    return [{"code": code, "name": names[code]} for code in once]
