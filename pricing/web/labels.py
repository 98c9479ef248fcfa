"""Labels and sentences that explain prices: audiences, candidates, schemes and limits."""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from pricing.domain.audience import KINDS
from pricing.domain.explain import Considered
from pricing.domain.schemes import Bundle, FreeGoods, SpecialPrice, Step, StepScheme
from pricing.models import AudienceKind, Scheme
from pricing.queries.why import SchemeResult, WhyPrice
from ui.web.numbers import grouped, number, percent

MINUS = "\N{MINUS SIGN}"
KIND_NAMES: dict[str, str | Promise] = {kind.value: kind.label for kind in Scheme.Kind}
REASONS = {
    "lower_priority": gettext_lazy("another list has priority"),
    "lower_min_qty": gettext_lazy("lower minimum quantity"),
    "earlier_from": gettext_lazy("a later list replaced it"),
    "later_code": gettext_lazy("same rank; decided by code"),
    "not_active": gettext_lazy("not valid on this day"),
    "other_audience": gettext_lazy("for others"),
}
USED_UP = {
    "budget_exhausted": gettext_lazy("Its budget is used up."),
    "buyer_limit": gettext_lazy("The limit of this buyer is used up."),
}


def audience_name(kind: str) -> str:
    return str(AudienceKind(kind).label)


def precedence_of(why: WhyPrice) -> list[tuple[str, bool]]:
    """Return the kinds of audience in order of precedence; the winner's kind is marked."""
    winner = next((one.price_list.audience.kind for one in why.considered if one.wins), "")
    return [(audience_name(kind), kind == winner) for kind in KINDS]


def result_of(one: Considered, winner: Considered | None, unit: str, factor: int) -> str:
    """Return in words why a price wins or loses; missing units are in `unit` of `factor` base units."""
    if one.wins:
        return _("applies")
    if one.reason == "below_min_qty":
        return _("%(n)s %(unit)s short") % {"n": number(-(-one.missing // factor)), "unit": unit}
    if one.reason == "lower_audience" and winner is not None:
        named = {
            "first": audience_name(winner.price_list.audience.kind),
            "second": audience_name(one.price_list.audience.kind),
        }
        if named["first"] == named["second"]:
            return _("the nearer region comes first")
        return _("%(first)s comes before %(second)s") % named
    return str(REASONS.get(one.reason, one.reason))


def off(step: Step) -> str:
    """Return the reduction of a step, such as "−2%"."""
    if step.percent_off is not None:
        return f"{MINUS}{percent(step.percent_off)}"
    return f"{MINUS}{number(step.amount_off or Decimal(0))}"


def sentence_of(result: SchemeResult, why: WhyPrice) -> str:
    """Return a sentence on what a scheme did on this order, or why it did nothing."""
    outcome = result.outcome
    if outcome.reason == "group_taken":
        winner = why.names.get(outcome.winner or "")
        words = {
            "winner": (winner.name if winner and winner.name else outcome.winner),
            "worth": grouped(outcome.worth, 2),
        }
        return _("Only one of its group applies: “%(winner)s” is worth more than its %(worth)s.") % words
    if outcome.reason in USED_UP:
        return str(USED_UP[outcome.reason])
    match result.scheme:
        case Bundle(price=price):
            if outcome.applied:
                return _("%(sets)s sets at %(price)s.") % {"sets": outcome.units, "price": number(price)}
            return _("No complete set at a lower price.")
        case SpecialPrice(price=price):
            if outcome.applied:
                return _("The price becomes %(price)s.") % {"price": number(price)}
            return _("Its price %(price)s is not lower.") % {"price": number(price)}
        case StepScheme() as scheme:
            return _steps(result, scheme)
        case FreeGoods() as scheme:
            return _free(result, scheme)
    return ""


def _steps(result: SchemeResult, scheme: StepScheme) -> str:
    progress = result.outcome.progress
    if progress is None:
        return ""
    step, following = scheme.reached(progress.measured), scheme.next_after(progress.measured)
    unit = pgettext("quantity measured", "units") if scheme.by_quantity else ""
    sentences = []
    measured = f"{number(progress.measured)} {unit}".strip()
    if step is not None:
        words = {"measured": measured, "from": number(step.from_), "off": off(step)}
        sentences.append(_("Covered lines together %(measured)s ≥ %(from)s: %(off)s.") % words)
    elif following is not None:
        words = {"measured": measured, "from": number(following.from_)}
        sentences.append(_("Covered lines together %(measured)s; the first step is at %(from)s.") % words)
    if step is not None and following is not None:
        words = {"from": number(following.from_), "off": off(following)}
        sentences.append(_("From %(from)s on %(off)s.") % words)
    return " ".join(sentences)


def _free(result: SchemeResult, scheme: FreeGoods) -> str:
    words = {"buy": scheme.rule.buy, "free": scheme.rule.free, "gift": scheme.gift_sku or ""}
    rule = _("Buy %(buy)s, get %(free)s free") % words
    if scheme.gift_sku:
        rule = _("Buy %(buy)s, get %(free)s of %(gift)s free") % words
    if result.outcome.reason == "too_few_units":
        return f"{rule} · {_('too few units yet')}"
    return rule
