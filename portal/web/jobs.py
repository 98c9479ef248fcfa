"""The job desk: the list of jobs, a job's page with its progress and result, stop, resume and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.web.requests import ActorRequest
from jobs.models import Job
from jobs.operations.files import open_file
from jobs.operations.jobs import resume_job, stop_job
from kernel.refusals import Refusal
from portal.queries.job_kinds import may_read_figures, result_url_of, title_of
from tenancy.context import leave_tenant
from ui.web.components import Badge
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNDER_WAY = (Job.State.QUEUED, Job.State.RUNNING, Job.State.STOPPING)
MOODS = {
    Job.State.QUEUED: ("", "clock"),
    Job.State.RUNNING: ("info", "loader-2"),
    Job.State.STOPPING: ("warn", "player-pause"),
    Job.State.STOPPED: ("warn", "player-stop"),
    Job.State.DONE: ("good", "circle-check"),
    Job.State.FAILED: ("bad", "alert-octagon"),
}


def state_of(job: Job) -> Badge:
    mood, icon = MOODS[Job.State(job.state)]
    return Badge(job.get_state_display(), mood, icon)


def time_left(job: Job) -> timedelta | None:
    """Estimate the time left from the pace so far; None if nothing is done or the total is unknown."""
    if not job.started_at or not job.total or not job.done:
        return None
    return (timezone.now() - job.started_at) / job.done * max(0, job.total - job.done)


def time_left_label(left: timedelta | None) -> str:
    if left is None:
        return ""
    seconds = int(left.total_seconds())
    if seconds < 90:
        return ngettext("about %(n)d second left", "about %(n)d seconds left", seconds) % {"n": seconds}
    minutes = (seconds + 30) // 60
    return ngettext("about %(n)d minute left", "about %(n)d minutes left", minutes) % {"n": minutes}


class JobFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=Job.State.choices)

    class Meta:
        model = Job
        fields = ("state",)


class Jobs(ListPage):
    name = "jobs"
    title = gettext_lazy("Jobs")
    columns = (
        Column("job", gettext_lazy("Job"), value=title_of),
        Column("state", gettext_lazy("State"), value=state_of, kind="state"),
        Column("done", gettext_lazy("Done"), value=lambda job: job.visible_done, kind="whole"),
        Column("total", gettext_lazy("Total"), value=lambda job: job.visible_total, kind="whole"),
        Column("person", gettext_lazy("Requested by"), value=lambda job: str(job.requested_by or "")),
        Column("created", gettext_lazy("Requested at"), value="created_at", kind="moment", sort="created_at"),
        Column("ended", gettext_lazy("Finished at"), value="ended_at", kind="moment", displayed=False),
    )
    filters = JobFilter
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("Failed"), "state=failed"),
        Tab(gettext_lazy("Running"), "state=running"),
    )
    order = "-created_at"
    empty = Empty(
        gettext_lazy("No jobs yet"),
        gettext_lazy("Settlements, exports and other long work run here."),
        "progress-check",
    )

    def rows(self) -> QuerySet[Job]:
        return Job.objects.visible_to(self.actor).select_related("requested_by")

    def enrich(self, rows: list[Any]) -> None:
        for row in rows:
            may_see = may_read_figures(row, self.actor)
            row.visible_done, row.visible_total = (row.done, row.total) if may_see else (None, None)
            row.visible_message = row.message if may_see else ""

    def href(self, row: Job) -> str:
        return reverse("job", args=[row.id])

    def mood(self, row: Any) -> tuple[str, str]:
        return ("bad", row.visible_message[:120]) if row.state == Job.State.FAILED else ("", "")


@dataclass(frozen=True, slots=True)
class JobFacts:
    """A job as its page displays it.

    Files are for the person who requested it, in the role they had then. The figures are for those who
    `may_read_figures` of its kind.
    """

    job: Job
    title: str
    state: Badge
    runs: bool
    may_see_figures: bool
    left: str
    may_stop: bool
    may_resume: bool
    file: str
    failed_file: str
    result_url: str
    result: list[tuple[str, Any]]


def facts_of(request: ActorRequest, job_id: UUID) -> JobFacts:
    actor = request.actor
    job = get_visible_or_404(Job.objects.select_related("requested_by"), actor, id=job_id)
    mine = job.requested_by_id == actor.user_id
    here = mine and _acts_as_then(request, job)
    runs = job.state in UNDER_WAY
    may = mine or actor.may("job.run")
    may_see_figures = may_read_figures(job, actor)
    figures = [(key, value) for key, value in job.result.items() if isinstance(value, (int, str, float))]
    return JobFacts(
        job=job,
        title=title_of(job),
        state=state_of(job),
        runs=runs,
        may_see_figures=may_see_figures,
        left=time_left_label(time_left(job)) if runs else "",
        may_stop=may and job.state in (Job.State.QUEUED, Job.State.RUNNING),
        may_resume=may and job.state in (Job.State.STOPPED, Job.State.FAILED),
        file=job.result.get("file", "") if here else "",
        failed_file=job.result.get("failed_file", "") if here else "",
        result_url=result_url_of(job),
        result=[one for one in figures if may_see_figures and one[0] not in ("file", "failed_file")],
    )


def _acts_as_then(request: ActorRequest, job: Job) -> bool:
    """Return whether the actor has the membership, role and right with which the job was requested.

    A file contains what was visible to that membership in that role when it was made.
    """
    actor, params = request.actor, job.params
    right = params.get("right")
    return (
        params.get("membership") in (None, str(request.membership.id))
        and params.get("role") in (None, actor.role)
        and (not right or actor.may(right))
    )


@require_safe
def job_page(request: ActorRequest, job_id: UUID) -> HttpResponse:
    return render(request, "jobs/job.html", {"facts": facts_of(request, job_id)})


@require_safe
def job_progress(request: ActorRequest, job_id: UUID) -> HttpResponse:
    """Return the progress fragment, which the job's page requests every two seconds while it runs."""
    return render(request, "jobs/progress.html", {"facts": facts_of(request, job_id)})


@require_POST
@once
def change_job(request: ActorRequest, job_id: UUID) -> HttpResponse:
    """Stop or resume a job (POST field `action`), for the person who requested it or who may run jobs."""
    facts = facts_of(request, job_id)
    wanted = request.POST.get("action")
    try:
        if wanted == "stop" and (facts.may_stop or not facts.runs):
            stop_job(facts.job, by=request.actor)
        elif wanted == "resume" and (facts.may_resume or facts.runs):
            resume_job(facts.job, by=request.actor)
        else:
            raise Http404
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("job", job_id=job_id)


@require_safe
def job_file(request: ActorRequest, job_id: UUID) -> HttpResponse:
    """Return the file of an export (`?failed=1`: its failed rows) to the person who requested it."""
    facts = facts_of(request, job_id)
    name = facts.failed_file if request.GET.get("failed") else facts.file
    file = open_file(name) if name else None
    if file is None:
        raise Http404(_("This file is no longer stored; export it again."))
    leave_tenant()  # the streamed response contains only the file and reads no rows
    kind = SHEET if name.endswith(".xlsx") else "text/csv; charset=utf-8"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    response.headers["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)
