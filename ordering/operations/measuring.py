"""The job that measures the guarantees of a month on demand, from the deliveries to the sums."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from alliance.operations.guarantee_events import close_month
from alliance.operations.measurement import measure_month
from alliance.operations.measurement_requests import MEASURE
from alliance.operations.term_events import record_month_of_terms
from jobs.models import Job
from jobs.operations.jobs import Step, job_step
from ordering.operations.region_deliveries import hand_down_month

STEPS = ("deliveries", "terms", "quiet", "measured")


@job_step(MEASURE)
def measure_step(job: Job) -> Step:
    """Hand down the month's deliveries, then what happened to contracts, then months without, then measure.

    Each step commits by itself and can be repeated; the last one writes the sums. Nothing is booked.
    """
    month = date.fromisoformat(job.params["month"])
    at = datetime.fromisoformat(job.params["at"])
    number = int(job.cursor.get("next", 0))
    run: Any = {
        "deliveries": lambda: hand_down_month(month=month, at=at),
        "terms": lambda: record_month_of_terms(month=month, at=at),
        "quiet": lambda: close_month(month=month, at=at),
        "measured": lambda: measure_month(month=month, at=at),
    }[STEPS[number]]
    result = {STEPS[number]: str(run() or 0)}
    following = {"next": number + 1} if number + 1 < len(STEPS) else None
    return Step(done=number + 1, total=len(STEPS), cursor=following, result=result)
