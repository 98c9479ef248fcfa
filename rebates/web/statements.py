"""The page of a statement (equation, steps, deliveries) and the button that settles due periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from approvals.models import Approval
from approvals.queries import waiting_message
from kernel.money import ZERO
from rebates.models import Statement
from rebates.operations.settlement_requests import request_due
from rebates.queries.cursors import packed, unpacked
from rebates.queries.statement_lines import Line, carried_lines, lines_of, lines_of_carried_period
from rebates.web.lists import exception_of, period_of
from rebates.web.measures import base_text, rate_text
from rebates.web.steps import program_steps
from ui.web.actions import attempt
from ui.web.components import Steps
from ui.web.numbers import grouped
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import typed_day


@entering("rebate.view")
@require_GET
def statement(request: ActorRequest, statement_id: UUID) -> HttpResponse:
    """Show a statement with a page of its lines (`?after=` a cursor, `?of=` the first day of a period)."""
    actor = request.actor
    rows = Statement.objects.select_related("party", "settlement", "settlement__program__seller", "journal")
    found = get_visible_or_404(rows, actor, id=statement_id)
    after = unpacked(request.GET.get("after", ""))
    of = typed_day(request.GET.get("of"), row=_("Period"), field="of")
    page_of_lines = (
        lines_of(found, after=after) if of is None else lines_of_carried_period(found, of, after=after)
    )
    if page_of_lines is None:
        raise Http404
    program = found.settlement.program
    context = {
        "row": found,
        "number": f"{program.code}-{found.party.code}-{found.settlement.starts_on:%Y%m%d}",
        "seals": [program.seller.name, found.party.name],
        "period": period_of(found.settlement),
        "badge": exception_of(found),
        "equation": equation_of(found),
        "parts": parts_of(found),
        "steps": steps_for(found),
        "documents": documents_of(page_of_lines.lines),
        "counted": page_of_lines.counted,
        "units": page_of_lines.units,
        "count": page_of_lines.count,
        "of": of,
        "after": packed(page_of_lines.after),
        "is_first": after is None,
        "carried": carried_lines(found) if of is None and after is None else [],
        "adds_up": of is None and page_of_lines.counted == found.base,
    }
    return render(request, "rebates/statement.html", context)


@dataclass(slots=True)
class Document:
    """One delivery or return that a statement counts, with its lines on this page."""

    day: date
    kind: str
    number: str
    order: str
    lines: list[Line] = field(default_factory=list)

    @property
    def units(self) -> int:
        return sum(line.qty for line in self.lines)

    @property
    def counted(self) -> Decimal:
        return sum((line.counted for line in self.lines), ZERO)


def documents_of(lines: Sequence[Line]) -> list[Document]:
    """Group lines by day and document; keep their order."""
    found: dict[tuple[date, str], Document] = {}
    for line in lines:
        document = found.setdefault(
            (line.day, line.number), Document(line.day, line.kind, line.number, line.order)
        )
        document.lines.append(line)
    return list(found.values())


def equation_of(found: Statement) -> list[tuple[str, str, str]]:
    """Return the equation as (sign, label, figure): cumulative base, rate if any, settled before, due."""
    why, terms = found.why, found.settlement.terms
    measure = terms.get("measure", "")
    boxes = [("", _("Cumulative base"), base_text(found.cumulative, measure))]
    if terms.get("method") == "retroactive":
        boxes.append(("×", _("Step reached"), rate_text(why.get("rate", "0"), measure)))
    else:
        boxes.append(("→", _("Earned so far"), grouped(found.earned, 2)))
    settled = Decimal(why.get("settled_before", 0))
    boxes.append(("−", _("Settled before"), grouped(settled, 2)))
    own = found.earned - settled
    if own != found.due:
        boxes.append(("+", _("Late deliveries"), grouped(found.due - own, 2)))
    boxes.append(("=", _("Due"), grouped(found.due, 2)))
    return boxes


def parts_of(found: Statement) -> list[tuple[Decimal, Decimal, str, Decimal]]:
    """Return (from, amount in the step, rate, earned in it) of each step; none for a retroactive program."""
    if found.settlement.terms.get("method") == "retroactive":
        return []
    return [
        (
            Decimal(start),
            Decimal(amount),
            rate_text(rate, found.settlement.terms.get("measure", "")),
            Decimal(amount) * Decimal(rate),
        )
        for start, amount, rate in found.why.get("parts", ())
    ]


def steps_for(found: Statement) -> Steps | None:
    """Return the progress on the program's steps; None if the settlement stores no tiers."""
    terms = found.settlement.terms
    return program_steps(terms.get("tiers") or (), found.cumulative, terms.get("measure", ""))


@entering("rebate.settle")
@once
@require_POST
def run_due(request: ActorRequest) -> HttpResponse:
    """Start jobs that settle all due periods; they continue after the page is closed."""
    actor = request.actor
    found = attempt(request, lambda: request_due(by=actor, at=timezone.now()))
    if found is None:
        return redirect("settlements")
    waiting = [one for one in found if isinstance(one, Approval)]
    for one in waiting:
        messages.warning(request, waiting_message(one))
    jobs = [one for one in found if not isinstance(one, Approval)]
    if not jobs and waiting:
        return redirect("approval", approval_id=waiting[0].id) if len(waiting) == 1 else redirect("approvals")
    if not jobs:
        messages.info(request, _("Nothing is due: every past period is settled or running."))
        return redirect("settlements")
    message = ngettext("%(n)d settlement has begun.", "%(n)d settlements have begun.", len(jobs))
    messages.success(request, message % {"n": len(jobs)})
    return redirect("job", job_id=jobs[0].id) if len(jobs) == 1 else redirect("settlements")
