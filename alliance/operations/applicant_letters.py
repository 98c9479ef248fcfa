"""Letters to applicants: the receipt, a question, and the decision, in the language of their form.

Nothing that the applicant typed is in a letter, so that nobody sends words of their own to an address of
somebody else by the public form.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.operations.letters import Correspondent, LetterText, write_letter
from alliance.domain import qualification
from alliance.models import Application
from alliance.queries.recruitment import letter_source
from dealers.operations.invitations import VALIDITY
from tenancy.context import active_tenant_id
from tenancy.models import Tenant
from tenancy.queries import day_of_tenant

RECEIPT = LetterText(
    gettext_noop("Your application %(code)s has arrived"),
    gettext_noop(
        "%(maker)s has received your application %(code)s and reviews it."
        " You get a message if there is a question, and when it is decided."
    ),
)
QUESTION = LetterText(
    gettext_noop("A question about your application %(code)s"),
    gettext_noop(
        "%(maker)s needs an answer from you before it decides about application %(code)s."
        " Open the link and answer by %(until)s; it can be used once."
    ),
)
INVITED = LetterText(
    gettext_noop("Your application %(code)s is accepted"),
    gettext_noop(
        "%(maker)s has accepted your application %(code)s. Open the link within %(days)s days to set up your"
        " account; it can be used once, so do not pass it on."
    ),
)
ACCEPTED = LetterText(
    gettext_noop("Your application %(code)s is accepted"),
    gettext_noop("%(maker)s has accepted your application %(code)s and contacts you about your account."),
)
REFUSED = LetterText(
    gettext_noop("Your application %(code)s is decided"),
    gettext_noop(
        "%(maker)s has decided not to accept your application %(code)s. Thank you for your interest."
    ),
)


def send_receipt(application: Application, *, at: datetime) -> bool:
    """Confirm that the application has arrived."""
    return _write(application, RECEIPT, "received", at)


def send_question(application: Application, token: str, *, at: datetime) -> bool:
    """Send the link by which an open question is answered."""
    path = reverse("apply-answer", args=[_tenant().slug, token])
    assert application.question_until is not None
    until = {"day": day_of_tenant(application.question_until).isoformat()}
    mark = f"question:{application.question_hash[:16]}"
    return _write(application, QUESTION, mark, at, link=path, until=until)


def send_decision(application: Application, token: str = "", *, at: datetime) -> bool:
    """Send the decision, with the link of the invitation if there is one."""
    if application.state == qualification.REFUSED:
        return _write(application, REFUSED, "decided", at)
    if not token:
        return _write(application, ACCEPTED, "decided", at)
    path = reverse("invitation-link", args=[token])
    return _write(application, INVITED, "decided", at, link=path, days=VALIDITY.days)


def _write(
    application: Application, text: LetterText, mark: str, at: datetime, *, link: str = "", **params: Any
) -> bool:
    return write_letter(
        text=text,
        to=Correspondent(application.email, application.phone, application.language),
        params={"code": application.code, "maker": _tenant().name, **params},
        source=letter_source(application) + mark,
        at=at,
        link=link,
    )


def _tenant() -> Tenant:
    return Tenant.objects.get(id=active_tenant_id())
