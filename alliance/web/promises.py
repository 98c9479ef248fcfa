"""What each side of a contract gets and promises, as sentences with their clause and their screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance.models import Contract, GuaranteeKind, SpreadTerm
from alliance.queries import OwnFigures
from alliance.web.clause_words import duties_in_words, guarantees_in_words
from alliance.web.labels import GUARANTEES, places_in_words
from ui.web.numbers import grouped, number

DEALER_CLAUSE, MEMBER_CLAUSE, TERM_CLAUSE = "1.2", "1.3", "1.4"
REGION_CLAUSE, SPREAD_CHAPTER, SERVICE_CLAUSE = "2.1", "3", "4.1"
MEASURED = gettext_lazy("results of the month")
ACTIVITY = gettext_lazy("page of the contract")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: a sentence, its explanation, its clause, and the screen on which it will be found."""

    icon: str
    text: str
    under: str = ""
    clause: str = ""
    screen: str = ""
    url: str = ""


def _evidence(contract: Contract, kind: str) -> dict[str, str]:
    url = reverse("contract-evidence", args=[contract.id])
    return {"screen": str(MEASURED), "url": f"{url}?kind={kind}"}


def _page(contract: Contract) -> dict[str, str]:
    return {"screen": str(ACTIVITY), "url": reverse("contract", args=[contract.id])}


def to_member(
    contract: Contract,
    areas: Sequence[Any],
    spreads: Sequence[SpreadTerm],
    figures: OwnFigures | None,
    content: dict[str, Any],
) -> list[Promise]:
    """Return what the manufacturer and the dealer promise the member."""
    return [
        *_region(contract, places_in_words(areas)),
        *_spread(contract, spreads, figures),
        *_service(contract, figures),
        *_others(contract, content),
        _term(contract),
        *_deposit(contract),
    ]


def duties_of(content: dict[str, Any], roles: Sequence[str]) -> list[Promise]:
    """Return the duties of one side, or of two."""
    return [
        Promise("list-check", sentence.text, sentence.note, sentence.number)
        for one, sentence in duties_in_words(content)
        if one.content["role"] in roles
    ]


def _others(contract: Contract, content: dict[str, Any]) -> list[Promise]:
    """Return the guarantees that are measured by a metric, each with its clause."""
    return [
        Promise(
            GUARANTEES[GuaranteeKind(one.content["kind"])][1],
            sentence.text,
            sentence.note,
            one.number,
            **_evidence(contract, one.content["kind"]),
        )
        for one, sentence in guarantees_in_words(content)
    ]


def _region(contract: Contract, places: tuple[str, str]) -> list[Promise]:
    regions, goods = places
    if not regions:
        return []
    message = _("%(regions)s: %(goods)s exclusively for the member") % {"regions": regions, "goods": goods}
    under = _("No other contract can claim it; diversion is decided by a person.")
    return [Promise("map-pin", message, under, REGION_CLAUSE, **_page(contract))]


def _settled(contract: Contract) -> str:
    """Return how an amount owed is settled, as the contract has it."""
    if contract.book_up_to > 0:
        message = _("Computed every month; up to %(sum)s booked at once, more after a decision.")
        return message % {"sum": grouped(contract.book_up_to, 2)}
    return _("Computed every month and booked after a decision.")


def _spread(contract: Contract, spreads: Sequence[SpreadTerm], figures: OwnFigures | None) -> list[Promise]:
    """Return the promised spread, with the member's units of the last measured month if there are any."""
    if not spreads:
        return []
    lowest, highest = min(one.guaranteed for one in spreads), max(one.guaranteed for one in spreads)
    clauses = sorted({one.clause for one in spreads})
    clause = clauses[0] if len(clauses) == 1 else f"{clauses[0]} – {clauses[-1]}"
    if lowest == highest:
        message = _("At least %(spread)s of spread on each unit") % {"spread": number(lowest)}
    else:
        message = _("At least %(low)s to %(high)s of spread on each unit, %(count)s products") % {
            "low": number(lowest),
            "high": number(highest),
            "count": len(spreads),
        }
    where = _evidence(contract, "spread")
    bought = figures.units if figures else {}
    units = sum(max(0, bought.get(str(one.product_id), 0)) for one in spreads)
    if not units:
        return [Promise("arrows-vertical", message, _settled(contract), clause, **where)]
    least = sum((one.guaranteed * max(0, bought.get(str(one.product_id), 0)) for one in spreads), Decimal(0))
    under = _("%(units)s units of the month make at least %(sum)s.") % {
        "units": number(units),
        "sum": grouped(least, 2),
    }
    return [Promise("arrows-vertical", message, f"{under} {_settled(contract)}", clause, **where)]


def _service(contract: Contract, figures: OwnFigures | None) -> list[Promise]:
    if contract.delivery_hours is None:
        return []
    message = ngettext(
        "Delivered within %(hours)s hour", "Delivered within %(hours)s hours", contract.delivery_hours
    )
    under = _("%(fee)s for each late delivery") % {"fee": grouped(contract.late_fee, 2)}
    if figures and figures.deliveries:
        late = _("of %(count)s deliveries of the month %(late)s were late")
        under = f"{under} · {late % {'count': figures.deliveries, 'late': figures.late}}"
    text = message % {"hours": contract.delivery_hours}
    return [Promise("truck-delivery", text, under, SERVICE_CLAUSE, **_evidence(contract, "service"))]


def _term(contract: Contract) -> Promise:
    first = date_format(contract.starts_on, "SHORT_DATE_FORMAT")
    last = date_format(contract.until - timedelta(days=1), "SHORT_DATE_FORMAT")
    message = _("From %(first)s to %(last)s") % {"first": first, "last": last}
    under = _(
        "It begins by itself once all three have signed; an early end is announced %(days)s days before."
    )
    return Promise(
        "hourglass", message, under % {"days": contract.notice_days}, TERM_CLAUSE, **_page(contract)
    )


def _deposit(contract: Contract) -> list[Promise]:
    if not contract.security_deposit:
        return []
    message = _("%(sum)s of security deposit") % {"sum": grouped(contract.security_deposit, 2)}
    under = _("Paid by the member to the dealer and returned after the contract.")
    url = reverse("contract-deposit", args=[contract.id])
    return [Promise("lock", message, under, "", str(_("Security deposit")), url)]


def gets(contract: Contract) -> list[Promise]:
    """Return what the manufacturer and the dealer get."""
    message = _("%(member)s as alliance member") % {"member": contract.member.name}
    under = _("supplied by %(dealer)s") % {"dealer": contract.dealer.name}
    return [Promise("heart-handshake", message, under, MEMBER_CLAUSE)]


def gives(contract: Contract, areas: Sequence[Any]) -> list[Promise]:
    """Return what the member promises."""
    buys = _("You buy from %(dealer)s") % {"dealer": contract.dealer.name}
    found = [Promise("shopping-cart", buys, clause=DEALER_CLAUSE)]
    if areas:
        regions, _goods = places_in_words(areas)
        under = _("The region is where the contract authorises you to sell.")
        found.append(
            Promise("map-pin", _("You serve %(regions)s") % {"regions": regions}, under, REGION_CLAUSE)
        )
    advice = _("You set your own resale prices; advised prices are not binding.")
    found.append(Promise("tag", advice, clause=SPREAD_CHAPTER))
    return found
