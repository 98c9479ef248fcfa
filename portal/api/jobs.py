"""Jobs in the API: progress, stop, resume."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from jobs.models import Job
from jobs.operations.jobs import resume_job, stop_job
from portal.queries.job_kinds import may_read_figures

FIGURES = ("done", "total", "message", "result")


class JobSerializer(serializers.ModelSerializer):
    """Long-running work: `done` of `total` steps are complete.

    `done`, `total`, `message` and `result` are null for a key that may not read the figures of the kind.
    """

    done = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)
    message = serializers.CharField(allow_null=True)
    result = serializers.DictField(allow_null=True)

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "period",
            "state",
            "done",
            "total",
            "message",
            "result",
            "created_at",
            "started_at",
            "ended_at",
        )

    def to_representation(self, job: Job) -> Any:
        data = super().to_representation(job)
        may_read = may_read_figures(job, actor_of(self.context["request"]))
        return data if may_read else data | dict.fromkeys(FIGURES)


class JobFilter(django_filters.FilterSet):
    kind = django_filters.CharFilter()
    period = django_filters.CharFilter()
    state = django_filters.ChoiceFilter(choices=Job.State.choices)

    class Meta:
        model = Job
        fields: list[str] = []


class _Jobs:
    request: Any
    rights = {"GET": "job.view", "POST": "job.run"}
    serializer_class: Any = JobSerializer
    queryset = Job.objects.none()

    def get_queryset(self) -> Any:
        return Job.objects.visible_to(actor_of(self.request))


class JobList(_Jobs, ListAPIView):
    """List the jobs of the tenant, newest first."""

    filterset_class = JobFilter


class JobDetail(_Jobs, RetrieveAPIView):
    pass


class _JobAction(_Jobs, GenericAPIView):
    pagination_class = None
    filter_backends = ()

    def _answer(self, job: Job) -> Response:
        job.refresh_from_db()
        return Response(JobSerializer(job, context={"request": self.request}).data, status=201)


class JobStop(_JobAction):
    @extend_schema(operation_id="jobs_stop", request=None, responses={201: JobSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        """Ask the job to stop after its current step; completed steps stay completed."""
        job = self.get_object()
        stop_job(job, by=actor_of(request))
        return self._answer(job)


class JobResume(_JobAction):
    @extend_schema(operation_id="jobs_resume", request=None, responses={201: JobSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        """Resume a stopped or failed job where it stopped."""
        job = self.get_object()
        resume_job(job, by=actor_of(request))
        return self._answer(job)
