"""The jobs in the admin. Their figures are for those who hold the right of the job's kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.rights import actor_of
from jobs.models import Job
from portal.queries.job_kinds import figures_readable_by
from tenancy.rooms import job_kinds
from ui.base_admin import TenantAdmin, by_words, in_words

JOB_KINDS = {code: kind.label for code, kind in job_kinds().items()}


def figure(field: str) -> Callable[..., Any]:
    """Return a column with a figure of a job, "—" for an actor who may not read the figures of its kind."""

    @admin.display(description=Job._meta.get_field(field).verbose_name)  # type: ignore[union-attr]  # a column's name
    def column(self: Any, row: Any) -> Any:
        return getattr(row, field) if row.may_read_figures else "—"

    return column


@admin.register(Job)
class JobAdmin(TenantAdmin):
    view_right = "job.view"
    list_display = ("named", "period", "state", "job_done", "job_total", "created_at", "ended_at")
    list_filter = ("state", by_words("kind", _("kind"), JOB_KINDS))
    named = in_words("kind", _("kind"), JOB_KINDS)
    job_done, job_total, job_message = figure("done"), figure("total"), figure("message")
    job_params, job_result, job_cursor = figure("params"), figure("result"), figure("cursor")
    ordering = ("-created_at",)
    fields = (
        "named",
        "period",
        "state",
        "job_done",
        "job_total",
        "job_message",
        "requested_by",
        "created_at",
        "started_at",
        "ended_at",
        "attempts",
        "job_params",
        "job_result",
        "job_cursor",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the jobs; `may_read_figures` of each says whether the actor may read its figures."""
        readable = ExpressionWrapper(figures_readable_by(actor_of(request)), output_field=BooleanField())
        return super().get_queryset(request).annotate(may_read_figures=readable)
