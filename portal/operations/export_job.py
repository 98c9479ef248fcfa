"""The job that exports any list: it finds the list by its name and the actor by their membership.

Rights are checked when a step runs: a person who has left exports nothing more.
"""

from __future__ import annotations

from django.http import QueryDict
from django.urls import get_resolver
from django.utils import timezone, translation

from dealers.queries.job_requesters import requester_of
from jobs.models import Job
from jobs.operations.jobs import Step, job_step
from tenancy.context import active_tenant_id
from tenancy.models import Tenant
from ui.web.exports import write_step
from ui.web.lists import LISTS


@job_step("export")
def export(job: Job) -> Step:
    """Run one step of an export.

    The job's parameters are {list, query, kwargs, membership, language, right}; `right` opens the list.
    """
    assert get_resolver().url_patterns, "Naming the pages is what makes the lists known."
    zone = Tenant.objects.values_list("timezone", flat=True).get(id=active_tenant_id())
    with translation.override(job.params["language"] or None), timezone.override(zone):
        actor = requester_of(job)
        if right := job.params.get("right"):
            actor.must(right)
        kind = LISTS[job.params["list"]]
        return write_step(job, kind(actor, QueryDict(job.params["query"]), job.params["kwargs"]))
