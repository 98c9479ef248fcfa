"""Long work as the API sees it: how far it is, stop, resume."""

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


class JobSerializer(serializers.ModelSerializer):
    class Meta:
        model = Job
        fields = (
            "id", "kind", "period", "state", "done", "total", "message", "result", "created_at",
            "started_at", "ended_at",
        )  # fmt: skip


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

    def get_queryset(self) -> Any:
        return Job.objects.visible_to(actor_of(self.request))


class JobList(_Jobs, ListAPIView):
    """Long work of this tenant, the newest first."""

    filterset_class = JobFilter


class JobDetail(_Jobs, RetrieveAPIView):
    pass


class _Deed(_Jobs, GenericAPIView):
    pagination_class = None
    filter_backends = ()

    def _answer(self, job: Job) -> Response:
        job.refresh_from_db()
        return Response(JobSerializer(job).data, status=201)


class JobStop(_Deed):
    @extend_schema(request=None, responses={201: JobSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        """Asks the job to stop after its current step; what is done stays done."""
        job = self.get_object()
        stop_job(job, by=actor_of(request))
        return self._answer(job)


class JobResume(_Deed):
    @extend_schema(request=None, responses={201: JobSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        """Lets a stopped or failed job go on where it was."""
        job = self.get_object()
        resume_job(job, by=actor_of(request))
        return self._answer(job)
