"""The audience of price lists and schemes, and who may see a seller's terms."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import DEALER, MANUFACTURER, Actor
from alliance.models import Contract
from dealers.models import Party, PartyTag
from dealers.models.party import TERRITORY_ROLES
from tenancy.models import TenantQuerySet


class AudienceKind(models.TextChoices):
    CONTRACT = "contract", _("contract")
    PARTY = "party", _("party")
    TAG = "tag", _("tag")
    CHANNEL = "channel", _("channel")
    TIER = "tier", _("tier")
    REGION = "region", _("region")
    LEVEL = "level", _("level")
    EVERYONE = "everyone", _("everyone")


class TermsState(models.TextChoices):
    """The state of a price list or a scheme."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SellersQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> SellersQuerySet:
        """Return the rows of the actor's own sales, or all rows for the manufacturer.

        Roles with territories see those that hold there.
        """
        if not actor.may("price.view"):
            return self.none()
        if actor.party_kind != MANUFACTURER:
            return self.filter(seller_id=actor.party_id)
        return self.in_territories_of(actor) if actor.role in TERRITORY_ROLES else self.all()

    def in_territories_of(self, actor: Actor) -> SellersQuerySet:
        """Return the rows of sellers in the actor's territories that are for everyone there.

        Those for one party or for one contract are left out unless the actor sees the party or contract.
        """
        parties = Party.objects.visible_to(actor)
        contracts = Contract.objects.visible_to(actor).values("code")
        return (
            self.filter(seller__in=parties)
            .exclude(~Q(audience_value__in=parties.values("code")), audience_kind=AudienceKind.PARTY)
            .exclude(~Q(audience_value__in=contracts), audience_kind=AudienceKind.CONTRACT)
        )


class TermsQuerySet(SellersQuerySet):
    def visible_to(self, actor: Actor) -> SellersQuerySet:
        """Return the rows of the actor's own sales and those at which it buys today.

        The manufacturer's people see what SellersQuerySet says. A buyer sees what its supplier has published
        for an audience that includes it and that is in force; what begins later may still change, and whoever
        saw it could buy before each rise.
        """
        if actor.party_kind == MANUFACTURER or not actor.may("price.view"):
            return super().visible_to(actor)
        return self.filter(Q(seller_id=actor.party_id) | _buys_at(actor))


def _buys_at(actor: Actor) -> Q:
    """Return the condition for published terms of a supplier that are in force for the actor's party."""
    today, us = timezone.localdate(), Party.objects.filter(id=actor.party_id)
    suppliers = Party.objects.filter(children=actor.party_id)
    if actor.party_kind == DEALER:
        suppliers = Party.objects.filter(kind=MANUFACTURER)
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=today)
    lasting = Q(until__isnull=True) | Q(until__gt=today)
    return Q(state="published", seller__in=suppliers) & begun & lasting & _includes(us, actor)


def _includes(us: models.QuerySet[Party], actor: Actor) -> Q:
    contract = Contract.objects.filter(
        member=actor.party_id,
        dealer=OuterRef("seller_id"),
        code=OuterRef("audience_value"),
        state=Contract.State.ACTIVE,
    )
    tags = PartyTag.objects.filter(party=actor.party_id)
    inside = us.filter(region__code__startswith=OuterRef("audience_value"))
    values = {
        AudienceKind.PARTY: us.values("code"),
        AudienceKind.TAG: tags.values("tag__code"),
        AudienceKind.CHANNEL: us.values("channel__code"),
        AudienceKind.TIER: us.values("tier__code"),
        AudienceKind.LEVEL: us.values("kind"),
    }
    found = Q(audience_kind=AudienceKind.EVERYONE) | Q(Exists(inside), audience_kind=AudienceKind.REGION)
    found |= Q(Exists(contract), audience_kind=AudienceKind.CONTRACT)
    for kind, codes in values.items():
        found |= Q(audience_kind=kind, audience_value__in=codes)
    return found
