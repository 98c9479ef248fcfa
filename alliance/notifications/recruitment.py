"""Event handlers of recruitment and authorisation: staff of the region, and the authorised party."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from alliance.models import Application, Authorisation
from alliance.notifications import topics
from alliance.operations.applicant_letters import send_decision, send_receipt
from dealers.models import Party
from dealers.notifications.parties import as_day, as_last_day
from dealers.notifications.recipients import people_of, staff_of_region
from jobs.operations.outbox import on
from tenancy.rooms import NotificationTopic


@on("alliance.applied")
def applied(body: dict[str, Any], at: datetime) -> None:
    """Notify those who decide about applications of the region, and send the applicant a receipt."""
    send_receipt(Application.objects.get(id=body["application_id"]), at=at)
    _of_application(body, topics.APPLICATION_RECEIVED, at)


@on("alliance.application_answered")
def answered(body: dict[str, Any], at: datetime) -> None:
    """Notify them that the applicant has answered."""
    _of_application(body, topics.APPLICATION_ANSWERED, at, mark=at.isoformat())


@on("alliance.application_decided")
def decided(body: dict[str, Any], at: datetime) -> None:
    """Send the applicant the decision. A letter with an invitation was written with the acceptance."""
    send_decision(Application.objects.get(id=body["application_id"]), at=at)


@on("alliance.authorised")
def authorised(body: dict[str, Any], at: datetime) -> None:
    """Notify the party of its new authorisation."""
    _of_authorisation(body, topics.AUTHORISED, at)


@on("alliance.authorisation_revoked")
def revoked(body: dict[str, Any], at: datetime) -> None:
    """Notify the party that its authorisation is revoked."""
    _of_authorisation(body, topics.AUTHORISATION_REVOKED, at)


@on("alliance.authorisation_expiring")
def expiring(body: dict[str, Any], at: datetime) -> None:
    """Remind the party, and the staff who issue authorisations and look after it."""
    one = Authorisation.objects.get(id=body["authorisation_id"])
    makers = Party.objects.filter(kind=Party.Kind.MANUFACTURER).values_list("id", flat=True)
    link = link_to("authorisation", one.id)
    people = people_of({one.party_id}, right="authorisation.view", **link)
    people += people_of(set(makers), right="authorisation.issue", about=one.party_id, **link)
    params = {"number": one.number, "party": one.party_name, "end": as_last_day(one.until)}
    source = f"{topics.AUTHORISATION_EXPIRING.code}:{one.id}:{body['days']}"
    tell(topic=topics.AUTHORISATION_EXPIRING, people=people, params=params, source=source, at=at)


def _of_application(body: dict[str, Any], topic: NotificationTopic, at: datetime, mark: str = "") -> None:
    one = Application.objects.select_related("region").get(id=body["application_id"])
    link = str(link_to("application", one.id)["link"])
    people = staff_of_region(one.region_id, right="recruitment.decide", link=link)
    params = {"company": one.company, "code": one.code, "region": one.region.full_name}
    tell(topic=topic, people=people, params=params, source=f"{topic.code}:{one.id}:{mark}", at=at)


def _of_authorisation(body: dict[str, Any], topic: NotificationTopic, at: datetime) -> None:
    one = Authorisation.objects.get(id=body["authorisation_id"])
    people = people_of({one.party_id}, right="authorisation.view", **link_to("authorisation", one.id))
    params = {
        "number": one.number,
        "start": as_day(one.starts_on),
        "end": as_last_day(one.until),
        "reason": one.revoke_reason,
    }
    tell(topic=topic, people=people, params=params, source=f"{topic.code}:{one.id}", at=at)
