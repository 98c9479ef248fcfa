"""Set the channels whose buyers order from a portfolio."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from assortment.audit_actions import ChannelPortfolioAction
from assortment.models import ChannelPortfolio
from audit.operations.recording import record
from catalogue.operations.portfolios import BadPortfolio, locked_portfolio
from dealers.models import Channel
from tenancy.context import joined_transaction


def set_channels(*, portfolio_id: UUID, codes: Collection[str], by: Actor, at: datetime) -> None:
    """Make these the channels of the portfolio. Raises NoSuchPortfolio, BadPortfolio for unknown codes."""
    by.must("catalogue.edit")
    with joined_transaction():
        portfolio = locked_portfolio(portfolio_id)
        wanted = {one.code: one for one in Channel.objects.filter(code__in=list(codes))}
        if unknown := sorted(set(codes) - wanted.keys()):
            message = _("There is no channel %(codes)s.") % {"codes": ", ".join(unknown)}
            raise BadPortfolio(message, field="channels")
        rows = ChannelPortfolio.objects.filter(portfolio=portfolio)
        before = set(rows.values_list("channel__code", flat=True))
        if before == wanted.keys():
            return
        rows.exclude(channel__code__in=wanted).delete()
        ChannelPortfolio.objects.bulk_create(
            [ChannelPortfolio(portfolio=portfolio, channel=wanted[code]) for code in wanted.keys() - before]
        )
        facts = {"before": sorted(before), "channels": sorted(wanted)}
        record(ChannelPortfolioAction.SET, portfolio, by=by, at=at, **facts)
