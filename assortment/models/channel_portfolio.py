"""The portfolios that the buyers of a channel may order from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models import Portfolio
from dealers.models import Channel
from tenancy.models import TenantForeignKey, TenantModel


class ChannelPortfolio(TenantModel):
    """A portfolio for a channel; while one is in force, its buyers order only products that one has."""

    channel = TenantForeignKey(Channel, models.CASCADE, related_name="portfolios", verbose_name=_("channel"))
    portfolio = TenantForeignKey(
        Portfolio, models.CASCADE, related_name="channels", verbose_name=_("portfolio")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("portfolio of a channel")
        verbose_name_plural = _("portfolios of channels")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "channel", "portfolio"], name="channel_portfolio_once")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.portfolio}"
