"""The alerts of the manufacturer's home: orders held, receivables overdue, jobs failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Window
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import Actor
from jobs.models import Job
from ledger.domain.credit import OVER_LIMIT, OVERDUE
from ledger.models import Book
from ordering.models import Order
from portal.queries import trade
from portal.queries.combined_query import Row, RowQuery
from portal.queries.home_components import Alert, row_url
from portal.queries.job_kinds import title_of
from ui.web.numbers import grouped

MAX_ALERTS_PER_KIND = 2


def failed_jobs(actor: Actor) -> tuple[list[Any], int]:
    """Return (the newest failed jobs, the number of all). One SQL statement."""
    if not actor.may("job.view"):
        return [], 0
    rows = Job.objects.visible_to(actor).filter(state=Job.State.FAILED)
    found = list(rows.annotate(all=Window(Count("*"))).order_by("-created_at")[:MAX_ALERTS_PER_KIND])
    return found, found[0].all if found else 0


@dataclass(frozen=True, slots=True)
class Held:
    """An order held by the credit check; `facts` contain the reasons."""

    id: UUID
    number: str
    total: Decimal
    placed_on: date
    facts: Mapping[str, Any]
    buyer: str


def held(actor: Actor) -> RowQuery:
    """Query the fields of `Held` of the largest held orders that the actor's party sells."""
    rows = trade.sold_by(actor).filter(state=Order.State.HELD).order_by("-total", "id")
    found: RowQuery = rows.values_list("id", "number", "total", "placed_on", "facts", "buyer__name")
    return found[:MAX_ALERTS_PER_KIND]


def alerts_of(
    actor: Actor,
    *,
    today: date,
    held_rows: Iterable[Row],
    owed: trade.Receivables | None,
    failed: Sequence[Any],
) -> list[Alert]:
    """Return at most MAX_ALERTS_PER_KIND alerts of held orders and jobs, and one more of debtors."""
    return [
        *[_of_order(Held(*row), actor) for row in held_rows],
        *[
            _of_debtor(debtor, actor, today)
            for debtor in (owed.largest[: MAX_ALERTS_PER_KIND + 1] if owed else ())
        ],
        *[_of_job(job, actor) for job in failed],
    ]


def _of_order(order: Held, actor: Actor) -> Alert:
    credit = order.facts.get("credit") or {}
    reasons = credit.get("reasons", ())
    reasons_text = [grouped(order.total, 2)] if actor.may("price.view") else []
    if OVER_LIMIT in reasons and actor.may("ledger.view"):
        missing = Decimal(credit["asked"]) - Decimal(credit["available"])
        reasons_text.append(_("Over the credit limit by %(missing)s") % {"missing": grouped(missing, 2)})
    elif OVER_LIMIT in reasons:
        reasons_text.append(_("credit limit exceeded"))
    if OVERDUE in reasons:
        reasons_text.append(_("older invoices are overdue"))
    return Alert(
        title=_("Credit hold · %(name)s") % {"name": order.buyer},
        text=" · ".join([order.number, *reasons_text]),
        icon="lock",
        mood="bad",
        when=date_format(order.placed_on, "MONTH_DAY_FORMAT"),
        url=row_url(Order, actor, order.id),
        in_drawer=True,
    )


def _of_debtor(debtor: trade.Debtor, actor: Actor, today: date) -> Alert:
    days = (today - debtor.since).days
    late = ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
    return Alert(
        title=_("Overdue · %(name)s") % {"name": debtor.name},
        text=f"{grouped(debtor.money, 2)} · {late}",
        icon="alert-octagon",
        mood="bad" if days > 30 else "warn",
        when=date_format(debtor.since, "MONTH_DAY_FORMAT"),
        url=row_url(Book, actor, debtor.book_id),
        in_drawer=True,
    )


def _of_job(job: Any, actor: Actor) -> Alert:
    return Alert(
        title=_("A job failed · %(name)s") % {"name": title_of(job)},
        text=job.message[:120],
        icon="progress-x",
        mood="bad",
        when=date_format(job.created_at, "MONTH_DAY_FORMAT"),
        url=row_url(Job, actor, job.id),
    )
