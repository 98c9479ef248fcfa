"""What the page of a scheme shows beside its terms: examples, conflicts, and what is used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import Actor
from kernel.refusals import Refusal
from pricing.domain.quote import Quote
from pricing.domain.worked_example import worked_examples
from pricing.models import Scheme
from pricing.queries.scheme_conflicts import Conflict, conflicts_of, stored_scheme
from pricing.queries.scheme_figures import BuyerUse, Figures, example_prices, scheme_figures
from ui.web.components import hundredths
from ui.web.joined_lists import join_list
from ui.web.numbers import grouped, number


@dataclass(frozen=True, slots=True)
class ConflictRow:
    conflict: Conflict
    words: str
    buyers: str


@dataclass(frozen=True, slots=True)
class Bar:
    """What is used of a limit, in words and hundredths."""

    label: str
    used: str
    left: str
    width: str


@dataclass(frozen=True, slots=True)
class UseFacts:
    """What orders have used of a scheme; `buyers` are empty for a buyer, who sees its own use only."""

    figures: Figures
    bars: list[Bar]
    buyers: list[tuple[BuyerUse, list[Bar]]]


def examples_of(scheme: Scheme) -> list[str]:
    """Return example orders of a scheme in words, priced by the rules; none for terms that cannot be read."""
    try:
        read = stored_scheme(scheme)
    except Refusal:
        return []
    prices, some = example_prices(scheme, read)
    return [sentence for quote in worked_examples(read, prices, some) for sentence in _sentences(quote)]


def _sentences(quote: Quote) -> Iterable[str]:
    ordered = join_list(
        _("%(qty)s × %(sku)s at %(price)s")
        % {"qty": number(line.qty), "sku": line.sku, "price": number(line.base_price)}
        for line in quote.lines
    )
    before = sum((line.base_price * line.qty / line.per for line in quote.lines), Decimal(0))
    words = {"ordered": ordered, "before": grouped(before, 2), "total": grouped(quote.total, 2)}
    free = [(line.sku, line.free_qty) for line in quote.lines if line.free_qty]
    free += [(gift.sku, gift.qty) for gift in quote.gifts]
    if free:
        given = join_list(f"{number(qty)} × {sku}" for sku, qty in free)
        yield _("%(ordered)s = %(before)s: %(free)s free, to pay %(total)s.") % (words | {"free": given})
    elif quote.total < before:
        saved = words | {"saved": grouped(before - quote.total, 2)}
        yield _("%(ordered)s = %(before)s: saves %(saved)s, to pay %(total)s.") % saved
    else:
        yield _("%(ordered)s = %(before)s: nothing is saved.") % words


def conflict_rows(draft: Scheme) -> list[ConflictRow]:
    """Return the published schemes that meet a draft, with the buyers that get both."""
    return [ConflictRow(one, _effect(one), _buyers(one)) for one in conflicts_of(draft)]


def _effect(conflict: Conflict) -> str:
    if conflict.effect == "excludes":
        return _("Only the better of the two applies to an order.")
    return _("Both apply to the same goods.")


def _buyers(conflict: Conflict) -> str:
    count = ngettext("%(count)s buyer", "%(count)s buyers", conflict.buyers) % {
        "count": number(conflict.buyers)
    }
    more = "…" if conflict.buyers > len(conflict.names) else ""
    return f"{count}: {join_list(conflict.names)}{more}"


def figures_of(scheme: Scheme, actor: Actor) -> UseFacts:
    """Return what is used of a scheme; for the seller with its buyers, for a buyer its own use."""
    selling = actor.acts_for(scheme.seller_id)
    figures = scheme_figures(scheme, None if selling else actor.party_id)
    bars = _bars(scheme.budget_money, scheme.budget_units, figures.money, figures.units)
    buyers = [
        (one, _bars(scheme.buyer_money, scheme.buyer_units, one.money, one.units)) for one in figures.buyers
    ]
    return UseFacts(figures, bars if selling else [], buyers)


def _bars(money: Decimal | None, units: int | None, used_money: Decimal, used_units: int) -> list[Bar]:
    bars = []
    if money is not None:
        left = _("%(left)s left") % {"left": grouped(money - used_money, 2)}
        used = f"{grouped(used_money, 2)} / {grouped(money, 2)}"
        bars.append(Bar(_("Money saved"), used, left, hundredths(used_money, money)))
    if units is not None:
        left = _("%(left)s left") % {"left": number(units - used_units)}
        used = f"{number(used_units)} / {number(units)}"
        bars.append(Bar(_("Units"), used, left, hundredths(used_units, units)))
    return bars
