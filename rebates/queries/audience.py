"""The audience of a program as a condition on parties; its kinds are those of pricing."""

from __future__ import annotations

from django.db.models import Q

from alliance.models import Contract
from dealers.models import Party, Region
from kernel.periods import Period
from pricing.models import AudienceKind
from rebates.models import Program

HELD = (Contract.State.ACTIVE, Contract.State.ENDED)


def audience_of(program: Program, period: Period) -> Q:
    """Return the condition on parties. A contract includes the members that it covered in the period."""
    value = program.audience_value
    match program.audience_kind:
        case AudienceKind.PARTY:
            return Q(code=value)
        case AudienceKind.TAG:
            return Q(id__in=Party.objects.filter(tags__tag__code=value).values("id"))
        case AudienceKind.CHANNEL:
            return Q(channel__code=value)
        case AudienceKind.TIER:
            return Q(tier__code=value)
        case AudienceKind.REGION:
            return _inside(value)
        case AudienceKind.LEVEL:
            return Q(kind=value)
        case AudienceKind.CONTRACT:
            contracts = Contract.objects.filter(
                code=value,
                dealer=program.seller_id,
                state__in=HELD,
                starts_on__lt=period.until,
                until__gt=period.from_,
            )
            return Q(id__in=contracts.values("member_id"))
        case _:
            return Q()


def _inside(code: str) -> Q:
    region = Region.objects.filter(code=code).values_list("start", "end").first()
    if region is None:
        return Q(id__in=[])
    return Q(region__start__gte=region[0], region__end__lte=region[1])
