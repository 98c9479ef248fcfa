from dealers.models.invitation import Invitation
from dealers.models.membership import Membership
from dealers.models.party import Channel, Party, PartyTag, Tag
from dealers.models.region import Region, RegionChange
from dealers.models.territory import (
    Territory,
    TerritoryArea,
    TerritoryGroupObjectPermission,
    TerritoryUserObjectPermission,
)
from dealers.models.tier import MonthInput, Tier, TierMonth

__all__ = [
    "Channel",
    "Invitation",
    "Membership",
    "MonthInput",
    "Party",
    "PartyTag",
    "Region",
    "RegionChange",
    "Tag",
    "Territory",
    "TerritoryArea",
    "TerritoryGroupObjectPermission",
    "TerritoryUserObjectPermission",
    "Tier",
    "TierMonth",
]
