"""Event handlers that notify people of published prices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from alliance.models import Contract
from dealers.models import Party, Region
from dealers.notifications.parties import as_day, tell_each_party
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on
from pricing.models import AudienceKind, PriceList
from pricing.notifications import topics
from tenancy.queries import day_of_tenant


@on("pricing.published")
def published(body: dict[str, Any], at: datetime) -> None:
    """Notify the seller's people with the right `price.edit`, and the buyers in the list's audience."""
    one = PriceList.objects.select_related("seller").filter(id=body["price_list_id"]).first()
    if one is None:
        return
    starts = as_day(one.starts_on or day_of_tenant(at))
    params = {"code": one.code, "seller": one.seller.name, "start": starts}
    people = people_of([one.seller_id], right="price.edit", **link_to("price-list", one.id))
    tell(topic=topics.PRICES_PUBLISHED, people=people, params=params, source=f"prices:{one.id}", at=at)
    buyers = dict.fromkeys(_audience(one).values_list("id", flat=True))
    tell_each_party(topics.PRICES_FOR_YOU, buyers, "quote", "price.view", params, f"prices:{one.id}", at)


def _audience(one: PriceList) -> QuerySet[Party]:
    """Return the active buyers of the seller in the audience of the list."""
    kind, value = one.audience_kind, one.audience_value
    rows = Party.objects.filter(is_active=True).filter(
        Q(parent_id=one.seller_id) | Q(kind=Party.Kind.DEALER, parent=None)
        if one.seller.kind == Party.Kind.MANUFACTURER
        else Q(parent_id=one.seller_id)
    )
    fits: dict[str, Q] = {
        AudienceKind.PARTY: Q(code=value),
        AudienceKind.TAG: Q(tags__tag__code=value),
        AudienceKind.CHANNEL: Q(channel__code=value),
        AudienceKind.TIER: Q(tier__code=value),
        AudienceKind.LEVEL: Q(kind=value),
        AudienceKind.CONTRACT: Q(id__in=Contract.objects.filter(code=value).values("member_id")),
        AudienceKind.EVERYONE: Q(),
    }
    if kind == AudienceKind.REGION:
        region = Region.objects.filter(code=value)
        return rows.filter(
            region__start__gte=region.values("start")[:1], region__end__lte=region.values("end")[:1]
        )
    return rows.filter(fits[kind]).distinct()
