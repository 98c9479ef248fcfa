"""The button that measures a month on demand."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.operations.measurement_requests import request_measurement
from alliance.web.lists import month_of
from jobs.models import Job
from kernel.periods import months_after
from kernel.refusals import Refusal
from ui.web.submit_once import once


@entering("guarantee.measure")
@once
@require_POST
def measure(request: ActorRequest) -> HttpResponse:
    """Request the measurement of a month, by default the last one, and display its progress."""
    last = months_after(timezone.localdate().replace(day=1), -1)
    month = month_of(request.POST.get("month", "")) or last
    try:
        with transaction.atomic():
            job = request_measurement(month=month, by=request.actor, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("guarantees")
    return redirect("job", job_id=job.id)


def measured_url(job: Job) -> str:
    """Return the page of the month that a job has measured."""
    return f"{reverse('guarantees')}?month={date.fromisoformat(job.params['month']):%Y-%m}"
