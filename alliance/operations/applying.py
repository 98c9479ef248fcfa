"""Receive an application from the public form, and an applicant's answer to a question.

An applicant has no account and no right. What an applicant may do is bounded by the form's token and by the
link of a question, and by nothing that the applicant types.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.audit_actions import RecruitmentAction
from alliance.domain import qualification
from alliance.models import Application, ApplicationEntry
from alliance.operations.application_files import SentFile, checked_files, store_files
from audit.operations.recording import record
from dealers.models import Region
from dealers.operations.parties import checked_phone, checked_uscc
from dealers.queries.parties import hash_of_token
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from kernel.sources import SourceConflict
from tenancy.context import joined_transaction

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_CHARACTERS = 8
MAX_ANSWER_CHARACTERS, MAX_CHANNELS, MAX_CHANNEL_CHARACTERS = 2000, 20, 60
MAX_CHARACTERS = {
    "company": 200,
    "contact": 60,
    "address": 300,
    "licences": 300,
    "remark": 1000,
    "email": 254,
}
NEEDED = ("company", "contact", "address")
MAX_COUNT = 10_000_000
Entry = ApplicationEntry.Kind


class BadApplication(Refusal):
    code = "bad_application"


class NoSuchQuestion(Refusal):
    """The link is unknown, was used or has expired."""

    code = "not_found"


@dataclass(frozen=True, slots=True)
class FilledForm:
    """What a company typed into the form; `consent` is the text that it agreed to."""

    kind: str
    company: str
    uscc: str
    contact: str
    phone: str
    address: str
    region: str
    outlets: int
    vehicles: int
    warehouse: int
    consent: str
    channels: tuple[str, ...] = ()
    email: str = ""
    licences: str = ""
    remark: str = ""


def applicant(name: str) -> Actor:
    """Return the actor of the public form: nobody's person, without rights."""
    return Actor(party_id=None, party_kind="", role="", label=name[:150])


def apply(
    *, form: FilledForm, files: Sequence[SentFile], token: str, by: Actor, at: datetime
) -> tuple[Application, bool]:
    """Store an application; return it, and whether it is new.

    The same form again returns the first application. Raise BadApplication or BadParty with the field,
    FileRefused, or SourceConflict for the same token with other content.
    """
    checked = _checked_values(form)
    documents = checked_files(files)
    content_hash = _hash_of(form, [one.sha256 for one in documents])
    with joined_transaction():
        try:
            with transaction.atomic():
                made = Application.objects.create(
                    code=new_code(),
                    language=get_language() or "",
                    token=token,
                    content_hash=content_hash,
                    received_at=at,
                    **checked,
                )
        except IntegrityError:
            return _first_of(token, content_hash), False
        store_files(made, documents, at=at)
        write_entry(made, Entry.RECEIVED, by=by, at=at)
        record(RecruitmentAction.APPLY, made, by=by, at=at, code=made.code, files=len(documents))
        announce("alliance.applied", {"application_id": str(made.id)}, at=at)
    return made, True


def question_of(token: str, *, at: datetime) -> Application:
    """Return the application whose open question has this link. Raise NoSuchQuestion."""
    rows = Application.objects.filter(state=qualification.QUESTIONED, question_until__gt=at)
    found: Application | None = rows.filter(question_hash=hash_of_token(token)).first() if token else None
    if found is None:
        raise NoSuchQuestion(_("This link was used, or has expired."))
    return found


def answer_question(
    *, token: str, text: str, files: Sequence[SentFile], by: Actor, at: datetime
) -> Application:
    """Store the applicant's answer; the application goes back to review, and the link ends.

    Raise NoSuchQuestion, BadApplication or FileRefused.
    """
    answer = text.strip()
    if not 1 <= len(answer) <= MAX_ANSWER_CHARACTERS:
        message = _("This needs 1 to %(longest)d characters.")
        raise BadApplication(message % {"longest": MAX_ANSWER_CHARACTERS}, field="answer")
    documents = checked_files(files)
    with joined_transaction():
        key = question_of(token, at=at).id
        locked = Application.objects.select_for_update().get(id=key)
        if locked.question_hash != hash_of_token(token):
            raise NoSuchQuestion(_("This link was used, or has expired."))
        locked.state, locked.question_hash, locked.question_until = qualification.REVIEWING, "", None
        locked.save(update_fields=["state", "question_hash", "question_until"])
        store_files(locked, documents, at=at)
        write_entry(locked, Entry.ANSWER, text=answer, by=by, at=at)
        record(RecruitmentAction.ANSWER, locked, by=by, at=at, code=locked.code, files=len(documents))
        announce("alliance.application_answered", {"application_id": str(locked.id)}, at=at)
    return locked


def write_entry(application: Application, kind: str, *, by: Actor, at: datetime, **more: object) -> None:
    """Add an entry to the timeline of an application; the operation that calls it records it."""
    ApplicationEntry.objects.create(application=application, kind=kind, at=at, who=by.label[:150], **more)


def new_code(characters: int = CODE_CHARACTERS) -> str:
    """Return a random number without letters and digits that look alike."""
    return "".join(secrets.choice(ALPHABET) for _ in range(characters))


def _checked_values(form: FilledForm) -> dict[str, object]:
    values = asdict(form)
    for field, max_characters in MAX_CHARACTERS.items():
        value = values[field] = values[field].strip()
        printable = value.replace("\r", "").replace("\n", "") if field == "remark" else value
        needed = field in NEEDED
        if len(value) > max_characters or not printable.isprintable() or (needed and not value):
            message = _("This needs %(least)d to %(longest)d characters.")
            words = message % {"least": int(needed), "longest": max_characters}
            raise BadApplication(words, field=field)
    if form.kind not in Application.Kind.values:
        raise BadApplication(_("Choose what you want to become."), field="kind")
    for field in ("outlets", "vehicles", "warehouse"):
        if not 0 <= values[field] <= MAX_COUNT:
            raise BadApplication(_("Give a whole number of zero or more."), field=field)
    values["uscc"] = checked_uscc(form.uscc)
    values["phone"] = checked_phone(form.phone)
    for field in ("uscc", "phone"):
        if not values[field]:
            raise BadApplication(_("This is needed."), field=field)
    if not form.consent:
        raise BadApplication(_("Without your consent we may not store the application."), field="consent")
    if len(form.channels) > MAX_CHANNELS or any(
        not 1 <= len(one) <= MAX_CHANNEL_CHARACTERS for one in form.channels
    ):
        raise BadApplication(_("Choose your channels from the list."), field="channels")
    values["channels"] = list(dict.fromkeys(form.channels))
    region = Region.objects.filter(code=form.region).first()
    if region is None:
        raise BadApplication(_("There is no such region."), field="region")
    values["region"] = region
    return values


def _hash_of(form: FilledForm, digests: Sequence[str]) -> str:
    content = {**asdict(form), "files": sorted(digests)}
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _first_of(token: str, content_hash: str) -> Application:
    first: Application = Application.objects.get(token=token)
    if first.content_hash != content_hash:
        message = _("This form was sent before with other content; open the form again to send another.")
        raise SourceConflict(message)
    return first
