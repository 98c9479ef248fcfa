"""The live check of a draft: facts of the typed or stored draft, and its results as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.domain.draft_checks import Check, DraftFacts, check_draft, term_checks
from alliance.domain.resale_wording import fixed_prices
from alliance.models import Contract, GuaranteeKind, KpiMetric, Link
from alliance.models.terms import KIND_OF_METRIC
from alliance.operations.draft_revision import Revision
from alliance.queries.guarded_regions import unauthorised_regions
from alliance.queries.taken_regions import TakenArea, WantedArea, outside_territory, taken_by_others
from catalogue.models import Category
from dealers.models import Channel
from kernel.money import ZERO
from ui.web.components import Badge
from ui.web.joined_lists import join_list

ICONS = {"good": "circle-check", "info": "info-circle", "warn": "alert-triangle", "bad": "alert-octagon"}
SENTENCES = {
    "complete": gettext_lazy("Nothing is missing: the draft can be submitted."),
    "taken": gettext_lazy("A region is held by another contract."),
    "unauthorised": gettext_lazy("The dealer is not authorised for: %(names)s."),
    "outside_territory": gettext_lazy("The dealer's city does not contain: %(names)s."),
    "no_territory": gettext_lazy(
        "The dealer's region is not recorded; nobody can check that it contains these."
    ),
    "price_fixing": gettext_lazy("A clause fixes a resale price: reword it, or record why it does not."),
    "starts_in_past": gettext_lazy(
        "It begins in the past: the days before the last signature are not measured."
    ),
    "ends_soon": gettext_lazy("It ends within 30 days."),
    "no_region": gettext_lazy("No region is exclusive."),
    "no_term": gettext_lazy("Nothing is owed when the contract ends early or changes without notice."),
    "no_spread": gettext_lazy("No spread and no minimum income is guaranteed."),
    "no_service": gettext_lazy("No service is guaranteed."),
    "links_without_duty": gettext_lazy("No side has a duty in: %(names)s."),
    "no_kpis": gettext_lazy("No KPI is agreed."),
    "volume_alone": gettext_lazy(
        "Purchases weigh more than half of the KPIs: reward cultivation and order in the market, too."
    ),
    "term_without_month": gettext_lazy("The term is shorter than a month, so its KPIs are never measured."),
}


@dataclass(frozen=True, slots=True)
class CheckLine:
    badge: Badge
    text: str


def lines_of(checks: Sequence[Check], taken: Sequence[TakenArea] = ()) -> list[CheckLine]:
    """Return the checks in words."""
    found = []
    for one in checks:
        text = str(SENTENCES[one.code])
        if one.names:
            labels = dict(Link.choices)
            text %= {"names": join_list([str(labels.get(name, name)) for name in one.names])}
        if one.code == "taken":
            text = f"{text} {join_list([_taken_words(area) for area in taken[:3]])}"
        found.append(CheckLine(Badge("", one.level, ICONS[one.level]), text))
    return found


def _taken_words(area: TakenArea) -> str:
    message = _("%(region)s for %(category)s until %(until)s")
    return message % {"region": area.region_name, "category": area.category_name, "until": area.until}


def check_revision(revision: Revision) -> list[CheckLine]:
    """Return the checks of a draft as typed. A constant number of statements."""
    contract = revision.contract
    codes = {one.category for one in revision.areas}
    categories = dict(Category.objects.filter(code__in=codes).values_list("code", "id"))
    channels = dict(
        Channel.objects.filter(code__in={one.channel for one in revision.areas}).values_list("code", "id")
    )
    wanted = [
        WantedArea(categories[one.category], one.region, channels.get(one.channel))
        for one in revision.areas
        if one.category in categories
    ]
    first, until = contract.starts_on, contract.until
    taken = (
        taken_by_others(wanted, starts_on=first, until=until, code=contract.code) if first and until else []
    )
    dealer = contract.dealer if contract.dealer_id else None
    terms = revision.terms
    kinds = {str(KIND_OF_METRIC[one.metric]) for one in terms.guarantees if one.metric in KIND_OF_METRIC}
    own = {
        GuaranteeKind.REGION: revision.areas,
        GuaranteeKind.SPREAD: revision.spreads,
        GuaranteeKind.SERVICE: contract.delivery_hours,
    }
    kinds |= {str(kind) for kind, promised in own.items() if promised}
    duties = {one.link for one in terms.responsibilities}
    facts = DraftFacts(
        today=timezone.localdate(),
        starts_on=contract.starts_on,
        until=contract.until,
        guarantees=frozenset(kinds),
        unled=tuple(str(link) for link in Link.values if link not in duties),
        has_kpis=bool(terms.kpis),
        volume=sum((one.weight for one in terms.kpis if one.metric == KpiMetric.PURCHASES), ZERO),
        has_territory=dealer is None or dealer.region_id is not None,
        outside=tuple(outside_territory(dealer, [one.region for one in revision.areas])),
        unauthorised=_unauthorised(contract, [one.region for one in revision.areas]),
        taken=len(taken),
        flagged=sum(bool(fixed_prices(f"{one.heading}\n{one.body}")) for one in terms.clauses),
    )
    return lines_of(check_draft(facts), taken)


def _unauthorised(contract: Contract, regions: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the regions that no authorisation of the dealer covers when the contract begins."""
    if not contract.dealer_id or not regions:
        return ()
    on = max(contract.starts_on or timezone.localdate(), timezone.localdate())
    return tuple(one.full_name for one in unauthorised_regions(contract.dealer_id, regions, on=on))


def term_lines(contract: Contract, today: date) -> list[CheckLine]:
    """Return what is to be known of the term before anyone signs: begun already, or ending soon."""
    facts = DraftFacts(today=today, starts_on=contract.starts_on, until=contract.until)
    return lines_of(term_checks(facts))
