"""The guarantees of a contract in plain words, each with its remedy and a worked example."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance.domain.contract_clauses import NumberedClause
from alliance.domain.worked_examples import event_example, income_example
from alliance.models import Metric, Window
from ui.web.joined_lists import join_list
from ui.web.numbers import grouped, number

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A clause in words; `note` explains it, `example` works it out, `review` is who reviewed its wording."""

    number: str
    text: str
    note: str = ""
    example: str = ""
    review: str = ""


def money(digits: str | Decimal) -> str:
    return grouped(Decimal(digits), 2)


_PROMISES = {
    Metric.EXCLUSIVE: gettext_lazy("Nobody but the dealer and the member delivers into the region."),
    Metric.EARLY_END: gettext_lazy("The contract does not end before its last day."),
    Metric.NOTICE: gettext_lazy("Changes are announced at least %(target)s days ahead."),
    Metric.RENEWAL: gettext_lazy("A renewal is offered at least %(target)s days before the end."),
    Metric.MINIMUM_INCOME: gettext_lazy("The member earns at least %(target)s of spread %(window)s."),
    Metric.VISITS: gettext_lazy("%(target)s visits %(window)s."),
    Metric.ANSWER_HOURS: gettext_lazy("Requests are answered within %(target)s hours."),
    Metric.REPLACEMENT_DAYS: gettext_lazy("Damaged goods are replaced within %(target)s days."),
    Metric.MATERIAL: gettext_lazy("Advertising material is supplied %(target)s times %(window)s."),
    Metric.TRAINING: gettext_lazy("%(target)s trainings %(window)s."),
}
_WINDOWS = {
    Window.MONTH: gettext_lazy("a month"),
    Window.QUARTER: gettext_lazy("a quarter"),
    Window.YEAR: gettext_lazy("a year"),
}


def guarantee_sentence(clause: NumberedClause) -> Sentence:
    """Return a guarantee with what is owed for it and a worked example."""
    one = clause.content
    metric, target = Metric(one["metric"]), one["target"]
    is_income = metric == Metric.MINIMUM_INCOME
    figures = {
        "target": "" if target is None else money(target) if is_income else number(Decimal(target)),
        "window": str(_WINDOWS[Window(one["window"])]),
    }
    text = str(_PROMISES[metric]) % figures
    if one["category"]:
        text = f"{one['category_name']}: {text}"
    if is_income:
        return Sentence(clause.number, text, _income_note(one), _income_words(one))
    return Sentence(clause.number, text, _remedy(one), _event_words(one))


def _remedy(one: Json) -> str:
    parts = []
    if Decimal(one["owed_per_event"]):
        parts.append(_("%(sum)s for each time it is not kept") % {"sum": money(one["owed_per_event"])})
    if one["months_of_income"]:
        message = ngettext(
            "%(n)s month's average income", "%(n)s months' average income", one["months_of_income"]
        )
        parts.append(message % {"n": one["months_of_income"]})
    if not parts:
        return _("No sum is owed for it.")
    remedy = _("Owed: %(sums)s") % {"sums": join_list(parts)}
    if one["monthly_cap"] is None:
        return remedy
    cap = _("at most %(sum)s a month") % {"sum": money(one["monthly_cap"])}
    return f"{remedy} · {cap}"


def _event_words(one: Json) -> str:
    if not Decimal(one["owed_per_event"]):
        return ""
    cap = None if one["monthly_cap"] is None else Decimal(one["monthly_cap"])
    case = event_example(Decimal(one["owed_per_event"]), cap)
    facts = {"events": case.events, "owed": money(case.owed)}
    if case.is_capped:
        return _("Not kept %(events)s times in a month: %(owed)s are owed, the cap of the month.") % facts
    return _("Not kept %(events)s times in a month: %(owed)s are owed.") % facts


def _income_note(one: Json) -> str:
    if one["cumulative"]:
        return _("What is short is paid; a surplus counts in later periods.")
    return _("What is short is paid; each period counts by itself.")


def _income_words(one: Json) -> str:
    case = income_example(Decimal(one["target"]), cumulative=one["cumulative"])
    message = _("With an income of %(earned)s in three periods, %(owed)s are paid on top.")
    earned, owed = (" / ".join(money(sum_) for sum_ in sums) for sums in (case.earned, case.top_ups))
    return message % {"earned": earned, "owed": owed}
