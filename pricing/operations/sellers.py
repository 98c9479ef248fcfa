"""Checks of who may set a price, for which audience and for which period."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor, NotAllowed
from alliance.models import Contract
from dealers.models import Channel, Party, Region, Tag, Tier
from kernel.refusals import Refusal
from pricing.models import AudienceKind


class BadAudience(Refusal):
    code = "bad_audience"


class BadPeriod(Refusal):
    code = "bad_period"


class CodeTaken(Refusal):
    code = "conflict"


class WrongState(Refusal):
    code = "wrong_state"


def must_price_for(seller_id: UUID, *, by: Actor) -> None:
    """Raise NotAllowed unless the actor may set the prices of this seller.

    A party sets the prices of its own sales only: if the manufacturer set the prices for a dealer's
    customers, that would be resale price maintenance. The platform itself (imports, the demo tenant)
    may record what a party decided.
    """
    by.must("price.edit")
    if not by.acts_for(seller_id):
        message = _("A party sets the prices of its own sales only.")
        raise NotAllowed(message, field="seller", right="price.edit")


def check_audience(kind: str, value: str) -> None:
    """Raise BadAudience for an audience that no buyer can belong to, such as one with a mistyped code."""
    if kind not in AudienceKind.values:
        raise BadAudience(_("There is no such kind of audience."), field="audience_kind")
    if kind == AudienceKind.EVERYONE:
        if value:
            raise BadAudience(_("Everyone needs no code."), field="audience_value")
        return
    known = {
        AudienceKind.CONTRACT: lambda: Contract.objects.filter(code=value).exists(),
        AudienceKind.PARTY: lambda: Party.objects.filter(code=value).exists(),
        AudienceKind.TAG: lambda: Tag.objects.filter(code=value).exists(),
        AudienceKind.CHANNEL: lambda: Channel.objects.filter(code=value).exists(),
        AudienceKind.TIER: lambda: Tier.objects.filter(code=value).exists(),
        AudienceKind.REGION: lambda: Region.objects.filter(code=value).exists(),
        AudienceKind.LEVEL: lambda: value in Party.Kind.values,
    }[AudienceKind(kind)]
    if not value or not known():
        message = _("There is no %(kind)s with the code “%(value)s”.")
        words = {"kind": AudienceKind(kind).label, "value": value}
        raise BadAudience(message % words, field="audience_value")


def check_period(starts_on: date | None, until: date | None) -> None:
    """Raise BadPeriod unless the period ends after it starts; None is open."""
    if starts_on is not None and until is not None and until <= starts_on:
        raise BadPeriod(_("It ends no later than it starts."), field="until")


def ended_on(until: date | None, day: date) -> date:
    """Return the first day without terms that are ended on `day`, or end before by themselves."""
    return day if until is None else min(until, day)
