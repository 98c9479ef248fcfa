"""Duties and objectives that wait for the user, as to-dos of the homes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Count, Min, Q
from django.utils.translation import ngettext

from accounts.rights import Actor
from alliance.domain.duties import GRACE_DAYS
from alliance.models import Duty, PlanObjective
from portal.queries.combined_query import Row, RowQuery, totals
from portal.queries.home_components import ToDo, list_url


def open_duties(actor: Actor, *, today: date) -> RowQuery:
    """Query one row of the actor's open duties: how many are overdue and are due, each with its first day."""
    rows = Duty.objects.of_person(actor).filter(
        fulfilled_at__isnull=True, due_on__gte=today - timedelta(days=GRACE_DAYS)
    )
    return totals(
        rows,
        overdue=Count("id", filter=Q(due_on__lt=today)),
        first_overdue=Min("due_on", filter=Q(due_on__lt=today)),
        due=Count("id", filter=Q(due_on__gte=today)),
        first_due=Min("due_on", filter=Q(due_on__gte=today)),
    )


def open_objectives(actor: Actor) -> RowQuery:
    """Query one row with the number of objectives that wait for an answer of the actor's party."""
    rows = PlanObjective.objects.none()
    if actor.may("plan.agree"):
        rows = PlanObjective.objects.visible_to(actor).filter(party_id=actor.party_id, state="open")
    return totals(rows, waiting=Count("id"))


def duty_todos(actor: Actor, duties: Iterable[Row], objectives: Iterable[Row] = ()) -> Iterator[ToDo]:
    """Yield the to-dos of the rows of open_duties and open_objectives."""
    overdue, first_overdue, due, first_due = next(iter(duties), (0, None, 0, None))
    yield ToDo(
        overdue,
        ngettext("duty is overdue", "duties are overdue", overdue),
        "checklist",
        "bad",
        url=list_url(Duty, actor, mine="true", state="overdue"),
        due=first_overdue,
    )
    yield ToDo(
        due,
        ngettext("duty is to be done", "duties are to be done", due),
        "checklist",
        url=list_url(Duty, actor, mine="true", state="due"),
        due=first_due,
    )
    [waiting] = next(iter(objectives), (0,))
    yield ToDo(
        waiting,
        ngettext("objective waits for your answer", "objectives wait for your answer", waiting),
        "target-arrow",
        url=list_url(PlanObjective, actor, mine="true", state="open"),
    )
