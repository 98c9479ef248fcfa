"""Queries of changes of regions, and of the contracts and parties that they concern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.rights import Actor
from alliance.domain.region_changes import GAINS, AreaChange, Remap, dead_codes, remap, successors
from alliance.models import Contract, ContractArea
from dealers.models import Party, Region, RegionChange

State = Contract.State


@dataclass(frozen=True, slots=True)
class ConcernedArea:
    """A granted region that the changes concern, with the regions that would take its place."""

    area: ContractArea
    remap: Remap
    proposed: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class ConcernedContract:
    """A contract with regions that the changes concern; `amendment` is its next version, if there is one."""

    contract: Contract
    areas: tuple[ConcernedArea, ...]
    amendment: Contract | None

    @property
    def needs_amendment(self) -> bool:
        return any(one.remap.effect != GAINS for one in self.areas)


@dataclass(frozen=True, slots=True)
class ConcernedParty:
    """A party whose own region no longer exists, with the regions that it became."""

    party: Party
    region: Region
    proposed: tuple[Region, ...]


def area_changes() -> list[AreaChange]:
    """Return all changes of regions as plain facts, the oldest first."""
    rows = RegionChange.objects.order_by("on", "old_code", "new_id")
    return [AreaChange(*row) for row in rows.values_list("old_code", "new_id", "on")]


def concerned_contracts(actor: Actor, *, day: date, codes: Sequence[str] = ()) -> list[ConcernedContract]:
    """Return the contracts of the actor's that changes until a day concern, by code.

    With `codes` only those contracts. Drafts, submitted and active contracts are listed; the earlier versions
    that an active one replaces are not. Constant number of statements.
    """
    changes = area_changes()
    if not changes:
        return []
    contracts = Contract.objects.visible_to(actor).unreplaced().exclude(state=State.ENDED)
    contracts = contracts.filter(until__gt=min(one.on for one in changes))
    if codes:
        contracts = contracts.filter(code__in=codes)
    rows = ContractArea.objects.filter(contract__in=contracts).select_related(
        "contract__member", "contract__dealer", "category", "region", "channel"
    )
    effects = {
        code: remap(code, changes, day=day)
        for code in rows.order_by().values_list("region_id", flat=True).distinct()
    }
    touched = {code: effect for code, effect in effects.items() if effect is not None}
    regions = Region.objects.in_bulk({new for effect in touched.values() for new in effect.proposed})
    areas: dict[Contract, list[ConcernedArea]] = defaultdict(list)
    for row in rows.filter(region_id__in=touched).order_by("contract__code", "category__code", "region_id"):
        effect = touched[row.region_id]
        areas[row.contract].append(ConcernedArea(row, effect, _regions(effect.proposed, regions)))
    later = _later_versions([one.code for one in areas])
    return [
        ConcernedContract(contract, tuple(found), _next_of(contract, later))
        for contract, found in areas.items()
    ]


def concerned_parties(actor: Actor, *, day: date) -> list[ConcernedParty]:
    """Return the parties of the actor's whose own region no longer exists on a day, by code."""
    changes = area_changes()
    dead = dead_codes(changes, day=day)
    if not dead:
        return []
    rows = Party.objects.visible_to(actor).filter(region_id__in=dead, is_active=True).select_related("region")
    became = {code: successors(code, changes, day=day) for code in dead}
    regions = Region.objects.in_bulk({new for codes in became.values() for new in codes})
    return [
        ConcernedParty(party, party.region, _regions(became[party.region.code], regions))
        for party in rows.order_by("code")
        if party.region is not None
    ]


def dead_regions(codes: set[str], *, day: date) -> dict[str, tuple[str, ...]]:
    """Return those of the codes that no longer exist on a day, with the codes that they became."""
    if not codes:
        return {}
    changes = area_changes()
    return {code: successors(code, changes, day=day) for code in codes & dead_codes(changes, day=day)}


def _regions(codes: Sequence[str], regions: dict[str, Region]) -> tuple[Region, ...]:
    return tuple(regions[code] for code in codes if code in regions)


def _later_versions(codes: list[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    rows = Contract.objects.filter(code__in=codes, state__in=(State.DRAFT, State.SUBMITTED))
    for row in rows.order_by("version"):
        found[row.code].append(row)
    return found


def _next_of(contract: Contract, later: dict[str, list[Any]]) -> Contract | None:
    return next((one for one in later[contract.code] if one.version > contract.version), None)
