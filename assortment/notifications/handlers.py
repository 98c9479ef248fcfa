"""Event handlers that notify the parties of trials and ideas."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from assortment.models import Idea, Trial
from assortment.notifications import topics
from dealers.notifications.parties import as_last_day
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on
from tenancy.rooms import NotificationTopic


@on("assortment.trial_opened")
def trial_opened(body: dict[str, Any], at: datetime) -> None:
    """Ask the parties of the trial to order the product and to give their feedback."""
    _of_trial(body, topics.TRIAL_OPENED, at)


@on("assortment.trial_extended")
def trial_extended(body: dict[str, Any], at: datetime) -> None:
    """Notify the parties that the trial ends later."""
    _of_trial(body, topics.TRIAL_EXTENDED, at, mark=f":{body['until']}")


@on("assortment.trial_decided")
def trial_decided(body: dict[str, Any], at: datetime) -> None:
    """Notify the parties of the verdict."""
    _of_trial(body, topics.TRIAL_DECIDED, at)


@on("assortment.idea_answered")
def idea_answered(body: dict[str, Any], at: datetime) -> None:
    """Notify the party that submitted the idea, and those that voted for it, of the answer."""
    idea = Idea.objects.get(id=body["idea_id"])
    parties = {idea.party_id, *idea.votes.values_list("party_id", flat=True)}
    people = people_of(parties, right="idea.submit", **link_to("idea", idea.id))
    params = {"title": idea.title, "answer": idea.answer}
    source = f"{topics.IDEA_ANSWERED.code}:{idea.id}"
    tell(topic=topics.IDEA_ANSWERED, people=people, params=params, source=source, at=at)


def _of_trial(body: dict[str, Any], topic: NotificationTopic, at: datetime, mark: str = "") -> None:
    trial = Trial.objects.select_related("product").get(id=body["trial_id"])
    parties = trial.parties.values_list("party_id", flat=True)
    people = people_of(parties, right="trial.answer", **link_to("trial", trial.id))
    params = {
        "product": trial.product.name,
        "until": as_last_day(trial.until),
        "reason": body.get("reason") or trial.verdict_reason,
    }
    tell(topic=topic, people=people, params=params, source=f"{topic.code}:{trial.id}{mark}", at=at)
