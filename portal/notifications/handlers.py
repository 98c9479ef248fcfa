"""Send the notification of an ended job."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation

from accounts.domain.topics import Addressee
from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from dealers.models import Membership
from jobs.models import Job
from jobs.operations.outbox import on
from portal.notifications import topics
from tenancy.rooms import job_kinds


@on("jobs.job_ended")
def job_ended(body: dict[str, Any], at: datetime) -> None:
    """Notify the person who requested the job, in each party of this tenant that they act for."""
    job = Job.objects.filter(id=body["job_id"], requested_by__isnull=False).first()
    if job is None:
        return
    links = link_to("job", job.id)
    requested_by = job.requested_by_id
    acts_for = Membership.objects.filter(user_id=requested_by, is_active=True).values_list(
        "party_id", flat=True
    )
    people = [Addressee(requested_by, party, links["link"]) for party in acts_for]
    topic = topics.JOB_DONE if job.state == Job.State.DONE else topics.JOB_FAILED
    kind = job_kinds().get(job.kind)
    with translation.override(None):  # the label is stored untranslated and translated for the reader
        name = {"words": str(kind.label)} if kind else job.kind
    params = {"job": name, "message": job.message[:300]}
    tell(topic=topic, people=people, params=params, source=f"job:{job.id}:{job.ended_at}", at=at)
