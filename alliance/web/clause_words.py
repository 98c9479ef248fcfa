"""A contract's text in plain words: chapters, sentences with their clause, and worked examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.rights import ROLE_NAMES
from alliance.domain.clause_numbers import Chapter
from alliance.domain.contract_clauses import NumberedClause, clauses_of
from alliance.domain.worked_examples import spread_example
from alliance.models import ContractRole, KpiMetric, Link, ProofKind, Rhythm
from alliance.web.guarantee_words import Sentence, guarantee_sentence, money
from alliance.web.labels import ROLES
from ui.web.joined_lists import join_list
from ui.web.numbers import number

Json = dict[str, Any]
CHAPTERS = {
    Chapter.PARTIES: (gettext_lazy("Parties and term"), "users"),
    Chapter.REGION: (gettext_lazy("Region guarantee"), "map-pin"),
    Chapter.SPREAD: (gettext_lazy("Spread guarantee"), "arrows-vertical"),
    Chapter.SERVICE: (gettext_lazy("Service guarantee"), "truck-delivery"),
    Chapter.TERM: (gettext_lazy("Term guarantee"), "hourglass"),
    Chapter.RESPONSIBILITIES: (gettext_lazy("Responsibilities"), "list-check"),
    Chapter.KPIS: (gettext_lazy("KPIs"), "chart-bar"),
    Chapter.PORTFOLIO: (gettext_lazy("Product portfolio"), "package"),
    Chapter.OTHER: (gettext_lazy("Other clauses"), "file-text"),
}
EMPTY = {
    Chapter.REGION: gettext_lazy("No exclusive region."),
    Chapter.SPREAD: gettext_lazy("No spread is guaranteed."),
    Chapter.SERVICE: gettext_lazy("No delivery time is promised."),
    Chapter.RESPONSIBILITIES: gettext_lazy("No responsibilities are assigned."),
    Chapter.KPIS: gettext_lazy("No KPIs are agreed."),
    Chapter.PORTFOLIO: gettext_lazy("Every product that the dealer sells."),
    Chapter.OTHER: gettext_lazy("None."),
}


@dataclass(slots=True)
class ChapterInWords:
    number: int
    title: str
    icon: str
    sentences: list[Sentence] = field(default_factory=list)
    empty: str = ""


def chapters_of(text: Json, *, examples: bool = True) -> list[ChapterInWords]:
    """Return the nine chapters of a text in the reader's language."""
    found = {
        chapter: ChapterInWords(int(chapter), str(title), icon, empty=str(EMPTY.get(chapter, "")))
        for chapter, (title, icon) in CHAPTERS.items()
    }
    for clause in clauses_of(text):
        sentence = _SENTENCES[clause.what](clause)
        if sentence is not None:
            without = Sentence(sentence.number, sentence.text, sentence.note, "", sentence.review)
            found[clause.chapter].sentences.append(sentence if examples else without)
    return list(found.values())


def guarantees_in_words(text: Json) -> list[tuple[NumberedClause, Sentence]]:
    """Return the guarantees measured by a metric, each with its sentence."""
    return [(one, guarantee_sentence(one)) for one in clauses_of(text) if one.what == "guarantee"]


def duties_in_words(text: Json) -> list[tuple[NumberedClause, Sentence]]:
    """Return the responsibilities, each with its sentence."""
    return [(one, _responsibility(one)) for one in clauses_of(text) if one.what == "responsibility"]


def percent(share: str | Decimal) -> str:
    """Return a share of one as a percentage: "0.4" is "40%"."""
    return f"{number(Decimal(share) * 100)}%"


def _party(clause: NumberedClause) -> Sentence:
    one = clause.content
    return Sentence(
        clause.number, f"{ROLES[one['role']]}: {one['name']} ({one['code']})", one.get("uscc", "")
    )


def _term(clause: NumberedClause) -> Sentence:
    first = date.fromisoformat(clause.content["from"])
    last = date.fromisoformat(clause.content["until"]) - timedelta(days=1)
    days = {
        "first": date_format(first, "SHORT_DATE_FORMAT"),
        "last": date_format(last, "SHORT_DATE_FORMAT"),
    }
    return Sentence(clause.number, _("From %(first)s to %(last)s, both days included.") % days)


def _rule(clause: NumberedClause) -> Sentence | None:
    name, value = clause.content["name"], clause.content["value"]
    if name == "security_deposit":
        if not Decimal(value):
            return None
        text = _("The member pays a security deposit of %(sum)s.") % {"sum": money(value)}
    elif name == "reply_days":
        text = ngettext(
            "The party at fault replies to a breach within %(days)s day.",
            "The party at fault replies to a breach within %(days)s days.",
            value,
        ) % {"days": value}
    elif name == "book_up_to":
        if not Decimal(value):
            return Sentence(clause.number, _("A person decides on every amount that is owed."))
        message = _("Undisputed amounts up to %(sum)s are booked without a decision.")
        text = message % {"sum": money(value)}
    else:
        text = ngettext(
            "Changes and an early end are announced %(days)s day ahead.",
            "Changes and an early end are announced %(days)s days ahead.",
            value,
        ) % {"days": value}
    return Sentence(clause.number, text)


def _area(clause: NumberedClause) -> Sentence:
    one = clause.content
    where = {"region": one["region_name"], "category": one["category_name"], "channel": one["channel_name"]}
    if one["channel"]:
        message = _("%(region)s: %(category)s in the channel %(channel)s exclusively for the member")
    else:
        message = _("%(region)s: %(category)s exclusively for the member")
    return Sentence(clause.number, message % where, one["region"])


def _spread(clause: NumberedClause) -> Sentence:
    one = clause.content
    guaranteed, advised = Decimal(one["guaranteed"]), Decimal(one["advised_resale"])
    message = _("%(product)s: at least %(spread)s of spread on each unit")
    text = message % {"product": one["product"], "spread": number(guaranteed)}
    note = _("advised resale price %(price)s, not binding") % {"price": number(advised)}
    if one.get("percent"):
        share = _("%(percent)s%% of it") % {"percent": number(Decimal(one["percent"]))}
        note = f"{note} · {share}"
    case = spread_example(guaranteed, advised)
    example = _("Bought at %(price)s, the spread is %(spread)s: for %(units)s units %(owed)s are owed.") % {
        "price": number(case.price),
        "spread": number(case.spread),
        "units": number(case.units),
        "owed": money(case.owed),
    }
    return Sentence(clause.number, text, f"{one['sku']} · {note}", example)


def _service(clause: NumberedClause) -> Sentence:
    hours, fee = clause.content["delivery_hours"], clause.content["late_fee"]
    message = ngettext(
        "Goods are delivered within %(hours)s hour of the order; for each late delivery %(fee)s is owed to"
        " the member.",
        "Goods are delivered within %(hours)s hours of the order; for each late delivery %(fee)s is owed to"
        " the member.",
        hours,
    )
    return Sentence(clause.number, message % {"hours": hours, "fee": money(fee)})


def _shares(clause: NumberedClause) -> Sentence:
    parts = [f"{ROLES[one['role']]} {percent(one['share'])}" for one in clause.content["shares"]]
    return Sentence(
        clause.number, _("What is owed in this chapter is paid by: %(who)s") % {"who": join_list(parts)}
    )


def _responsibility(clause: NumberedClause) -> Sentence:
    one = clause.content
    side = ContractRole(one["role"]).label
    leads = _("%(side)s (leads)") % {"side": side} if one["is_lead"] else str(side)
    note = " · ".join(
        str(part)
        for part in (
            ROLE_NAMES[one["owner_role"]],
            Rhythm(one["rhythm"]).label,
            _("shown by: %(proof)s") % {"proof": ProofKind(one["proof"]).label},
        )
    )
    text = f"{Link(one['link']).label} · {leads}: {one['duty']}"
    return Sentence(clause.number, text, note, review=_review(one))


def _kpi(clause: NumberedClause) -> Sentence:
    one = clause.content
    message = _("%(metric)s: %(target)s a month")
    text = message % {"metric": KpiMetric(one["metric"]).label, "target": number(Decimal(one["target"]))}
    return Sentence(clause.number, text, _("weight %(share)s") % {"share": percent(one["weight"])})


def _portfolio(clause: NumberedClause) -> Sentence:
    one = clause.content
    where = one["channel_name"] or _("all channels")
    count = len(one["skus"])
    goods = ngettext("%(n)s product", "%(n)s products", count) % {"n": count}
    return Sentence(clause.number, f"{where}: {one['portfolio_name']}", goods)


def _words(clause: NumberedClause) -> Sentence:
    one = clause.content
    return Sentence(clause.number, one["heading"], one["body"], review=_review(one))


def _review(one: Json) -> str:
    if "review" not in one:
        return ""
    message = _("%(person)s: this clause fixes no resale price, because: %(reason)s")
    return message % {"person": one["review"]["by"], "reason": one["review"]["reason"]}


_SENTENCES: dict[str, Callable[[NumberedClause], Sentence | None]] = {
    "party": _party,
    "term": _term,
    "rule": _rule,
    "area": _area,
    "spread": _spread,
    "service": _service,
    "guarantee": guarantee_sentence,
    "shares": _shares,
    "responsibility": _responsibility,
    "kpi": _kpi,
    "portfolio": _portfolio,
    "clause": _words,
}
