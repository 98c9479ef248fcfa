"""The model of a job."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.rooms import job_kinds, registered


class JobQuerySet(TenantQuerySet):
    def visible_to(self, actor: Any) -> JobQuerySet:
        """Return the jobs that an actor may see.

        Everyone sees the jobs that they requested. A user with the right `job.view` also sees jobs that
        are not personal, and a user with `job.run` sees all.
        """
        if actor.may("job.run"):
            return self.all()
        mine = Q(requested_by_id=actor.user_id) if actor.user_id else Q(pk=None)
        personal = [kind.kind for kind in registered("job_kinds") if kind.is_personal]
        return self.filter(mine | ~Q(kind__in=personal)) if actor.may("job.view") else self.filter(mine)


class Job(TenantModel):
    """Long work with progress. `cursor` is where the next step starts; each step commits it."""

    is_new = False  # request_job sets it on a job that it created

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        STOPPING = "stopping", _("stopping")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=60)
    period = models.CharField(_("period"), max_length=60, blank=True)
    params = models.JSONField(_("given"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveBigIntegerField(_("done"), default=0)
    total = models.PositiveBigIntegerField(_("total"), null=True)
    message = models.TextField(_("message"), blank=True)
    result = models.JSONField(_("result"), default=dict)
    cursor = models.JSONField(_("continues at"), default=dict)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("held by a worker until"), null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        verbose_name=_("requested by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(JobQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "period"],
                condition=~models.Q(period=""),
                name="job_once_a_period",
            )
        ]
        indexes = [models.Index(fields=["tenant", "-created_at"], name="job_newest")]

    def __str__(self) -> str:
        kind = job_kinds().get(self.kind)
        return f"{kind.label if kind else self.kind} {self.period}".strip()
