"""Review an application: comments, a site visit, the checklist, scores, a question, and the decision."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import MEMBER, Actor
from alliance.audit_actions import RecruitmentAction
from alliance.domain import qualification
from alliance.models import Application, ApplicationEntry
from alliance.operations.applicant_letters import send_decision, send_question
from alliance.operations.applying import write_entry
from audit.operations.recording import record
from dealers.models import Party
from dealers.operations.invitations import invite
from dealers.operations.parties import add_party
from dealers.queries.parties import hash_of_token
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

QUESTION_VALIDITY = timedelta(days=14)
MAX_TEXT_CHARACTERS, MAX_REASON_CHARACTERS = 2000, 1000
VIEW, DECIDE = "recruitment.view", "recruitment.decide"
OWNER = "owner"
Entry = ApplicationEntry.Kind


class NoSuchApplication(Refusal):
    code = "not_found"


class WrongApplicationState(Refusal):
    code = "wrong_state"


class BadReview(Refusal):
    code = "bad_review"


class NotQualified(Refusal):
    """The checklist is not complete, and no reason says why the company is accepted all the same."""

    code = "not_qualified"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the token of its link. Display the token once; only its hash is stored."""

    application: Application
    token: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The party of an accepted application; `token` of its invitation, or "" if nobody was invited."""

    application: Application
    party: Party
    token: str


def begin_review(*, application_id: UUID, by: Actor, at: datetime) -> Application:
    """Take a received application into review."""
    with joined_transaction():
        found = _locked(application_id, DECIDE, by)
        _step(found, qualification.REVIEWING)
        found.save(update_fields=["state"])
        write_entry(found, Entry.OPENED, by=by, at=at)
        record(RecruitmentAction.REVIEW, found, by=by, at=at, code=found.code)
    return found


def comment(*, application_id: UUID, text: str, by: Actor, at: datetime) -> Application:
    """Add a comment, also after the decision."""
    words = _text(text, "text")
    with joined_transaction():
        found = _locked(application_id, VIEW, by)
        write_entry(found, Entry.COMMENT, text=words, by=by, at=at)
        record(RecruitmentAction.COMMENT, found, by=by, at=at, code=found.code)
    return found


def note_visit(*, application_id: UUID, on: date, text: str, by: Actor, at: datetime) -> Application:
    """Note what was found at the applicant's site on a day."""
    words = _text(text, "text")
    if on > day_of_tenant(at):
        raise BadReview(_("A visit is noted after it was made."), field="on")
    with joined_transaction():
        found = _open(application_id, VIEW, by)
        write_entry(found, Entry.VISIT, text=words, on=on, by=by, at=at)
        record(RecruitmentAction.VISIT, found, by=by, at=at, code=found.code, on=str(on))
    return found


def qualify(
    *,
    application_id: UUID,
    checklist: Mapping[str, bool],
    points: Mapping[str, int],
    by: Actor,
    at: datetime,
) -> Application:
    """Store the checklist (absent items are not checked yet) and the points from 0 to 5.

    The same values again change nothing. Raise BadReview.
    """
    _check_qualification(checklist, points)
    with joined_transaction():
        found = _open(application_id, DECIDE, by)
        is_checked, is_scored = found.checklist != dict(checklist), found.points != dict(points)
        if not (is_checked or is_scored):
            return found
        found.checklist, found.points = dict(checklist), dict(points)
        found.score = qualification.score(points)
        found.save(update_fields=["checklist", "points", "score"])
        if is_checked:
            done = qualification.progress(checklist)
            write_entry(found, Entry.CHECKED, text=f"{done.met}/{len(qualification.CHECKS)}", by=by, at=at)
        if is_scored:
            score = "" if found.score is None else str(found.score)
            write_entry(found, Entry.SCORED, text=score, by=by, at=at)
        facts = {"code": found.code, "checklist": dict(checklist), "points": dict(points)}
        record(RecruitmentAction.QUALIFY, found, by=by, at=at, **facts)
    return found


def ask_back(*, application_id: UUID, text: str, by: Actor, at: datetime) -> Question:
    """Put a question to the applicant, who answers it by the link within QUESTION_VALIDITY."""
    words = _text(text, "text")
    with joined_transaction():
        found = _locked(application_id, DECIDE, by)
        _step(found, qualification.QUESTIONED)
        token = secrets.token_urlsafe(24)
        found.question_hash, found.question_until = hash_of_token(token), at + QUESTION_VALIDITY
        found.save(update_fields=["state", "question_hash", "question_until"])
        write_entry(found, Entry.QUESTION, text=words, by=by, at=at)
        record(RecruitmentAction.QUESTION, found, by=by, at=at, code=found.code)
        send_question(found, token, at=at)
    return Question(found, token)


def refuse(*, application_id: UUID, reason: str, by: Actor, at: datetime) -> Application:
    """Refuse an application with a reason, which the applicant does not read."""
    words = _text(reason, "reason", MAX_REASON_CHARACTERS)
    with joined_transaction():
        found = _locked(application_id, DECIDE, by)
        _decide(found, qualification.REFUSED, words, at)
        write_entry(found, Entry.REFUSED, text=words, by=by, at=at)
        record(RecruitmentAction.REFUSE, found, by=by, at=at, code=found.code, reason=words)
        announce("alliance.application_decided", {"application_id": str(found.id)}, at=at)
    return found


def accept(
    *,
    application_id: UUID,
    code: str,
    supplier_id: UUID | None,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> Acceptance:
    """Accept an application: create its party under a supplier, and invite its contact as owner.

    A member is supplied by a dealer, a dealer by the manufacturer. Without a complete checklist a `reason`
    is needed. The contact is invited if the actor may invite people; else `token` is "". Raise NotQualified,
    BadReview, BadParty, PartyExists, OutsideTerritory or WrongApplicationState.
    """
    words = reason.strip()[:MAX_REASON_CHARACTERS]
    with joined_transaction():
        found = _locked(application_id, DECIDE, by)
        if not qualification.may_become(found.state, qualification.ACCEPTED):
            raise _wrong_state(found)
        if not words and not qualification.progress(found.checklist).is_complete:
            message = _("The checklist is not complete: complete it, or write why you accept all the same.")
            raise NotQualified(message, field="reason")
        party = add_party(party=_party_of(found, code, supplier_id, by, at), by=by, at=at)
        _decide(found, qualification.ACCEPTED, words, at, party)
        write_entry(found, Entry.ACCEPTED, text=words, by=by, at=at)
        facts = {"code": found.code, "party": party.code, "reason": words}
        record(RecruitmentAction.ACCEPT, found, by=by, at=at, **facts)
        announce("alliance.application_decided", {"application_id": str(found.id)}, at=at)
        token = ""
        if by.may("people.edit"):
            sent = invite(
                party=party,
                role=OWNER,
                phone=found.phone,
                name=found.contact,
                email=found.email,
                by=by,
                at=at,
            )
            token = sent.token
            send_decision(found, token, at=at)
    return Acceptance(found, party, token)


def _party_of(
    application: Application, code: str, supplier_id: UUID | None, by: Actor, at: datetime
) -> Party:
    supplier = None
    if application.kind == MEMBER:
        supplier = Party.objects.visible_to(by).filter(id=supplier_id, is_active=True).first()
        if supplier is None or supplier.kind != Party.Kind.DEALER:
            raise BadReview(_("Choose the dealer that supplies the member."), field="supplier")
    else:
        supplier = Party.objects.filter(kind=Party.Kind.MANUFACTURER).first()
    return Party(
        kind=application.kind,
        code=code,
        name=application.company,
        uscc=application.uscc,
        contact=application.contact,
        phone=application.phone,
        address=application.address,
        region=application.region,
        parent=supplier,
        joined_on=day_of_tenant(at),
    )


def _locked(application_id: UUID, right: str, by: Actor) -> Application:
    by.must(right)
    rows = Application.objects.visible_to(by).select_for_update(of=("self",))
    found: Application | None = rows.filter(id=application_id).first()
    if found is None:
        raise NoSuchApplication(_("There is no such application."))
    return found


def _open(application_id: UUID, right: str, by: Actor) -> Application:
    found = _locked(application_id, right, by)
    if found.state not in qualification.OPEN:
        raise _wrong_state(found)
    return found


def _step(application: Application, wanted: str) -> None:
    if not qualification.may_become(application.state, wanted):
        raise _wrong_state(application)
    application.state = wanted


def _decide(
    application: Application, state: str, reason: str, at: datetime, party: Party | None = None
) -> None:
    _step(application, state)
    application.decided_at, application.reason, application.party = at, reason, party
    application.question_hash, application.question_until = "", None
    fields = ["state", "decided_at", "reason", "party", "question_hash", "question_until"]
    application.save(update_fields=fields)


def _wrong_state(application: Application) -> WrongApplicationState:
    message = _("This application is “%(state)s”: that is not possible any more.")
    words = message % {"state": application.get_state_display()}
    return WrongApplicationState(words, state=application.state)


def _check_qualification(checklist: Mapping[str, bool], points: Mapping[str, int]) -> None:
    for item, is_met in checklist.items():
        if item not in qualification.CHECKS or not isinstance(is_met, bool):
            raise BadReview(_("There is no such item on the checklist."), field=f"checklist.{item}")
    for name, given in points.items():
        is_number = isinstance(given, int) and not isinstance(given, bool)
        if name not in qualification.CRITERIA or not is_number or not 0 <= given <= qualification.MAX_POINTS:
            message = _("Give each criterion 0 to %(most)s points.") % {"most": qualification.MAX_POINTS}
            raise BadReview(message, field=f"points.{name}")


def _text(typed: str, field: str, max_characters: int = MAX_TEXT_CHARACTERS) -> str:
    words = typed.replace("\x00", "").strip()
    if not 1 <= len(words) <= max_characters:
        message = _("This needs 1 to %(longest)d characters.") % {"longest": max_characters}
        raise BadReview(message, field=field)
    return words
