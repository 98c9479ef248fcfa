"""The page of the tenant's delivery windows, which staff see and the director edits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import Any
from unicodedata import normalize

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from kernel.typed_input import UnreadableInput, read_count
from ordering.domain.delivery_windows import (
    MAX_DAYS_AHEAD,
    MAX_DAYS_BEFORE,
    MAX_RECEIPT_HOURS,
    MAX_WINDOWS,
    InvalidPlan,
    WindowPlan,
)
from ordering.operations.delivery_plan import PlanChanged, may_plan, plan_facts, set_delivery_plan
from ordering.queries.delivery_windows import plan_in, saved_plan
from ordering.web.presale.data import window_bodies
from ordering.web.presale.labels import weekday_words
from ui.web.requests import displayed_version
from ui.web.submit_once import once
from ui.web.typed_input import reason_of

MIN_ROWS = 4


@dataclass
class Typed:
    """The form as it was typed, with an error message by field in `wrong`."""

    hours: list[tuple[str, str]]
    weekdays: set[int]
    cut_off: str
    days_before: str
    days_ahead: str
    receipt_hours: str
    wrong: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: WindowPlan) -> Typed:
        facts = plan_facts(plan)
        return cls(
            [(start, end) for start, end in facts["hours"]],
            set(plan.weekdays),
            facts["cut_off"],
            str(plan.days_before),
            str(plan.days_ahead),
            str(plan.receipt_hours),
        )

    @classmethod
    def sent(cls, post: QueryDict) -> Typed:
        hours = [
            (post.get(f"from-{n}", "").strip()[:8], post.get(f"until-{n}", "").strip()[:8])
            for n in range(1, MAX_WINDOWS + 1)
        ]
        return cls(
            [pair for pair in hours if any(pair)],
            {number for number in range(1, 8) if str(number) in post.getlist("weekday")},
            post.get("cut_off", "").strip()[:8],
            post.get("days_before", "").strip()[:8],
            post.get("days_ahead", "").strip()[:8],
            post.get("receipt_hours", "").strip()[:8],
        )

    @property
    def hour_ranges(self) -> list[str]:
        return [f"{start}–{end}" for start, end in self.hours]

    def plan(self) -> WindowPlan | None:
        """Return the plan that was typed, or None if it is invalid; then `wrong` has the reasons."""
        hours = [self._pair(n, *pair) for n, pair in enumerate(self.hours)]
        cut_off = self._time("cut_off", self.cut_off)
        names = ("days_before", "days_ahead", "receipt_hours")
        numbers = {name: number for name in names if (number := self._integer(name)) is not None}
        if self.wrong or cut_off is None:
            return None
        windows = tuple(sorted([pair for pair in hours if pair]))
        plan = WindowPlan(windows, frozenset(self.weekdays), cut_off, **numbers)
        self.hours = [(f"{start:%H:%M}", f"{end:%H:%M}") for start, end in plan.hours]
        try:
            plan.check()
        except InvalidPlan as refusal:
            self.wrong[refusal.field or ""] = _reason(refusal)
            return None
        return plan

    def _pair(self, n: int, start: str, end: str) -> tuple[time, time] | None:
        opens, closes = self._time(f"hours[{n}]", start), self._time(f"hours[{n}]", end)
        return (opens, closes) if opens is not None and closes is not None else None

    def _time(self, name: str, typed: str) -> time | None:
        try:
            found = parse_time(normalize("NFKC", typed))
        except ValueError:
            found = None
        if found is None:
            self.wrong[name] = _("Write a time of day, like 06:00.")
            return None
        return found.replace(second=0, microsecond=0, tzinfo=None)

    def _integer(self, name: str) -> int | None:
        try:
            return read_count(getattr(self, name))
        except UnreadableInput as error:
            self.wrong[name] = reason_of(error)
            return None

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the windows with their errors, then empty rows."""
        count = min(max(MIN_ROWS, len(self.hours) + 1), MAX_WINDOWS)
        filled = [*self.hours, *([("", "")] * count)][:count]
        return [
            {"n": n + 1, "start": start, "end": end, "wrong": self.wrong.get(f"hours[{n}]", "")}
            for n, (start, end) in enumerate(filled)
        ]

    @property
    def days(self) -> list[dict[str, Any]]:
        words = enumerate(weekday_words(), start=1)
        return [{"number": number, "name": name, "on": number in self.weekdays} for number, name in words]


def _reason(refusal: InvalidPlan) -> str:
    name, _bracket, _rest = (refusal.field or "").partition("[")
    messages_by_reason = {
        ("hours", "none"): _("A day has at least one window."),
        ("hours", "many"): _("A day has at most %(most)s windows.") % {"most": MAX_WINDOWS},
        ("hours", "ends"): _("A window ends after it starts."),
        ("hours", "overlaps"): _("This window begins before the one above it ends."),
        ("weekdays", "none"): _("Choose at least one day."),
        ("days_before", "range"): _("Between 0 and %(most)s days.") % {"most": MAX_DAYS_BEFORE},
        ("receipt_hours", "range"): _("Between 1 and %(most)s hours.") % {"most": MAX_RECEIPT_HOURS},
        ("cut_off", "late"): _("On the same day the cut-off comes before the first window starts."),
    }
    if name == "days_ahead":
        least = {"least": refusal.details.get("least", 1), "most": MAX_DAYS_AHEAD}
        return _("Between %(least)s and %(most)s days: else there is not always a window to choose.") % least
    return messages_by_reason.get((name, str(refusal.details.get("reason"))), refusal.message)


@entering("order.view", kinds=(MANUFACTURER,))
@once
def delivery_windows(request: ActorRequest) -> HttpResponse:
    """Display the windows; a POST by the director saves them, unless another user has saved meanwhile."""
    actor = request.actor
    row = saved_plan()
    typed, conflict = Typed.of(plan_in(row)), None
    if request.method == "POST":
        actor.must("people.edit")
        typed = Typed.sent(request.POST)
        plan = typed.plan()
        displayed = displayed_version(request.POST, otherwise=-1)
        if plan is not None:
            try:
                with transaction.atomic():
                    set_delivery_plan(plan=plan, version=displayed, by=actor, at=timezone.now())
            except PlanChanged as refusal:
                conflict = refusal.saved
            else:
                messages.success(request, _("Saved. Pre-sale orders offer these windows from now on."))
                return redirect("delivery-windows")
    now = timezone.localtime()
    page = {
        "row": conflict or row,
        "typed": typed,
        "may_edit": may_plan(actor),
        "conflict": conflict and Typed.of(plan_in(conflict)),
        "offered": window_bodies(now, plan_in(conflict or row)),
    }
    status = 409 if conflict else 422 if typed.wrong else 200
    return render(request, "ordering/delivery_windows.html", page, status=status)
