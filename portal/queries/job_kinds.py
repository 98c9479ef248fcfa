"""Name the kinds of jobs for people, and say who may read their figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from jobs.models import Job


@dataclass(frozen=True, slots=True)
class JobKind:
    """What people read of a kind of job, where its result is looked at (a URL, or ""), and who may
    read its figures: how many it is about, what came of it and what it said."""

    label: str | Promise
    result_url: Callable[[Job], str] = lambda job: ""
    told_to: Callable[[Any], bool] = lambda actor: bool(actor.may("job.run"))


KINDS: dict[str, JobKind] = {"export": JobKind(gettext_lazy("Export"))}


def describe(
    kind: str,
    label: str | Promise,
    result_url: Callable[[Job], str] = lambda job: "",
    told_to: Callable[[Any], bool] = lambda actor: bool(actor.may("job.run")),
) -> None:
    """Names a kind of job for people; said once by whoever composes the rooms."""
    KINDS[kind] = JobKind(label, result_url, told_to)


def is_told(job: Job, actor: Any) -> bool:
    """Whether a person reads a job's figures: those of their own, and of kinds that concern all
    that they see; of the others that it runs, and how it ended."""
    if actor.user_id is not None and job.requested_by_id == actor.user_id:
        return True
    kind = KINDS.get(job.kind)
    return kind.told_to(actor) if kind else actor.may("job.run")


def title_of(job: Job) -> str:
    label = str(KINDS[job.kind].label) if job.kind in KINDS else job.kind
    about = job.params.get("title") or job.period
    return f"{label} · {about}" if about else label
