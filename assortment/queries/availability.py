"""Which products a buyer cannot order, by their stage, their trials and the portfolios of its channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from assortment.models import ChannelPortfolio, TrialParty
from catalogue.domain.life_cycle import Purchase, refusal_reason
from catalogue.models import PortfolioProduct, Product


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why a buyer cannot order a product, and the successor that it can order instead, if any."""

    sku: str
    reason: str
    successor_sku: str = ""
    successor_name: str = ""

    @property
    def message(self) -> str:
        """Return the reason in the user's language, with the way out."""
        reasons = {
            "development": _("This product is still in development and not for sale yet."),
            "not_on_trial": _("This product is on trial: only the parties on its trial list can order it."),
            "phased_out": _("This product is being phased out: there is no new supply."),
            "ended": _("This product is no longer sold."),
            "not_listed": _("This product is not in the portfolio of your channel."),
        }
        if not self.successor_sku:
            return reasons[self.reason]
        successor = {"name": self.successor_name, "sku": self.successor_sku}
        return f"{reasons[self.reason]} {_('Its successor: %(name)s (%(sku)s).') % successor}"


def in_force_on(day: date, prefix: str = "") -> Q:
    """Return a filter of portfolios whose term includes the day."""
    return (Q(**{f"{prefix}starts_on__isnull": True}) | Q(**{f"{prefix}starts_on__lte": day})) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": day})
    )


def unavailable_products(
    *,
    buyer_id: UUID,
    channel: str | None,
    skus: Sequence[str],
    on: date,
    from_manufacturer: bool,
    has_stock_figures: bool,
) -> dict[str, Unavailable]:
    """Return the products of `skus` that the buyer cannot order on the day, by SKU; one statement.

    `channel` is the code of the buyer's channel. A product on sale in a channel without portfolios, the
    usual case, is not read.
    """
    rows = _restricted(buyer_id, channel, on).filter(sku__in=list(skus))
    columns = ("sku", "stage", "successor__sku", "successor__name", "successor__stage", "tried", "is_listed")
    found = {}
    for sku, stage, next_sku, next_name, next_stage, tried, is_listed in rows.values_list(*columns):
        reason = refusal_reason(
            Purchase(
                stage,
                is_on_trial=tried,
                is_listed=is_listed,
                from_manufacturer=from_manufacturer,
                has_stock_figures=has_stock_figures,
            )
        )
        if reason:
            has_successor = next_sku and next_stage in (Product.Stage.ACTIVE, Product.Stage.ENDING)
            successor = (next_sku, next_name) if has_successor else ("", "")
            found[sku] = Unavailable(sku, reason, *successor)
    return found


def products_offered_to(*, buyer_id: UUID, channel: str | None, on: date) -> QuerySet[Any]:
    """Return the products of the buyer's catalogue on the day: on sale, being phased out, or on its trial."""
    on_sale = Q(stage__in=(Product.Stage.ACTIVE, Product.Stage.ENDING), is_listed=True)
    on_trial = Q(stage=Product.Stage.TRIAL, tried=True)
    return _annotated(buyer_id, channel, on).filter(on_sale | on_trial)


def _restricted(buyer_id: UUID, channel: str | None, on: date) -> QuerySet[Any]:
    """Return the products that are not simply on sale, annotated with `tried` and `is_listed`."""
    rows = _annotated(buyer_id, channel, on)
    return rows.exclude(Q(stage=Product.Stage.ACTIVE) & Q(is_listed=True))


def _annotated(buyer_id: UUID, channel: str | None, on: date) -> QuerySet[Any]:
    """Return all products, annotated with `tried` and `is_listed`."""
    tried = TrialParty.objects.filter(
        party_id=buyer_id,
        trial__product=OuterRef("pk"),
        trial__verdict="",
        trial__starts_on__lte=on,
        trial__until__gt=on,
    )
    is_listed: Q | Exists = Q(pk__isnull=False)
    if channel is not None:
        linked = ChannelPortfolio.objects.filter(in_force_on(on, "portfolio__"), channel__code=channel)
        listed = PortfolioProduct.objects.filter(
            in_force_on(on, "portfolio__"), portfolio__channels__channel__code=channel, product=OuterRef("pk")
        )
        is_listed = ~Exists(linked) | Exists(listed)
    rows: QuerySet[Any] = Product.objects.annotate(tried=Exists(tried), is_listed=is_listed)
    return rows
