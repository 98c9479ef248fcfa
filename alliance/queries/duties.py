"""Queries of duties: the matrix of a contract with its states, and the reminders of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.domain.topics import Addressee
from accounts.rights import MANUFACTURER, Actor
from alliance.domain.duties import GRACE_DAYS, REMIND_DAYS
from alliance.models import Contract, ContractRole, Duty, DutyState, Link, Responsibility
from alliance.models.duty import KNOWN_ROLES, LEADERS
from dealers.models import Membership, TerritoryGroupObjectPermission, TerritoryUserObjectPermission
from dealers.models.party import TERRITORY_ROLES
from dealers.models.territory import MANAGE
from dealers.notifications.recipients import PHONE, holding


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the matrix: a side's responsibility in a link, and its latest duties.

    `duty` is the one that matters now: the oldest open one, else the latest. Without a right to see the
    side's duties both are empty.
    """

    responsibility: Responsibility
    duty: Duty | None
    state: DutyState | None
    earlier: tuple[tuple[Duty, DutyState], ...] = ()


MAX_EARLIER = 6
Matrix = list[tuple[Link, list[Cell | None]]]


def matrix_of(contract: Contract, actor: Actor, *, today: date) -> Matrix:
    """Return the five links with the cell of each side, in the order of ContractRole. Two statements."""
    cells = {
        (row.link, row.role): row
        for row in Responsibility.objects.filter(contract=contract).order_by("link", "role")
    }
    duties: dict[UUID, list[Duty]] = defaultdict(list)
    since = today - timedelta(days=400)
    rows = Duty.objects.visible_to(actor).filter(contract=contract, due_on__gte=since)
    for duty in rows.order_by("-due_on"):
        duties[duty.responsibility_id].append(duty)
    return [
        (
            Link(link),
            [
                _cell(cells[link, role], duties[cells[link, role].id], today)
                if (link, role) in cells
                else None
                for role in ContractRole.values
            ],
        )
        for link in Link.values
    ]


def _cell(responsibility: Responsibility, duties: list[Duty], today: date) -> Cell:
    states = [(one, one.state_on(today)) for one in duties]
    late = [pair for pair in states if pair[1] == DutyState.OVERDUE]
    current = late[-1] if late else (states[0] if states else None)
    if current is None:
        return Cell(responsibility, None, None)
    earlier = tuple(pair for pair in states if pair is not current)[:MAX_EARLIER]
    return Cell(responsibility, current[0], current[1], earlier)


class OpenDuties(NamedTuple):
    """How many open duties are due soon and overdue."""

    due: int = 0
    overdue: int = 0

    def plus(self, other: OpenDuties) -> OpenDuties:
        return OpenDuties(self.due + other.due, self.overdue + other.overdue)


NONE = OpenDuties()


def to_remind(rows: QuerySet[Duty], today: date) -> QuerySet[Duty]:
    """Filter to the open duties that belong in the digest of a day; see duties.needs_reminder."""
    first, last = today - timedelta(days=GRACE_DAYS), today + timedelta(days=REMIND_DAYS)
    return rows.filter(fulfilled_at__isnull=True, due_on__gte=first, due_on__lte=last)


def counts(today: date) -> dict[str, Count]:
    """Return the aggregates of OpenDuties."""
    return {
        "due": Count("id", filter=Q(due_on__gte=today)),
        "overdue": Count("id", filter=Q(due_on__lt=today)),
    }


Range = tuple[int, int]


def reminders(today: date, *, links: Mapping[str, str]) -> dict[OpenDuties, list[Addressee]]:
    """Return the people to remind on a day by what waits for them. Four statements.

    A duty is its party's people's who have the owner's role, or without any its leaders'. The manufacturer's
    people with territories are reminded of the contracts with members there.
    """
    rows = to_remind(Duty.objects.all(), today).order_by()
    grouped: Any = rows.values_list(
        "party_id",
        "responsibility__owner_role",
        "contract__member__region__start",
        "contract__member__region__end",
    )
    waiting: dict[tuple[UUID, str], list[tuple[Range, OpenDuties]]] = defaultdict(list)
    for party, role, start, end, due, overdue in grouped.annotate(**counts(today)).values_list(
        "party_id",
        "responsibility__owner_role",
        "contract__member__region__start",
        "contract__member__region__end",
        "due",
        "overdue",
    ):
        waiting[party, role].append(((start or 0, end or 0), OpenDuties(due, overdue)))
    if not waiting:
        return {}
    people = _people({party for party, _role in waiting})
    held = {(party, role) for _person, party, role, _kind in people}
    areas = _areas_by_person()
    found: dict[OpenDuties, list[Addressee]] = defaultdict(list)
    for person, party, role, kind in people:
        total = NONE
        for (owner, owner_role), parts in waiting.items():
            if owner != party or not _is_theirs(owner_role, party, role, held):
                continue
            bound = kind == MANUFACTURER and role in TERRITORY_ROLES
            for place, part in parts:
                if not bound or _lies_in(place, areas.get(person, ())):
                    total = total.plus(part)
        if total != NONE:
            link = links["phone_link"] if kind in PHONE else links["link"]
            found[total].append(Addressee(person, party, link))
    return dict(found)


def _is_theirs(owner_role: str, party: UUID, role: str, held: set[tuple[UUID, str]]) -> bool:
    if role == owner_role:
        return True
    return role in LEADERS and (owner_role not in KNOWN_ROLES or (party, owner_role) not in held)


def _people(parties: Iterable[UUID]) -> list[tuple[UUID, UUID, str, str]]:
    rows = Membership.objects.filter(
        holding("duty.view"),
        is_active=True,
        user__is_active=True,
        party__is_active=True,
        party_id__in=parties,
    )
    return list(rows.order_by("user_id").values_list("user_id", "party_id", "role", "party_kind"))


def _areas_by_person() -> dict[UUID, list[Range]]:
    found: dict[UUID, list[Range]] = defaultdict(list)
    place = "content_object__areas__region__start", "content_object__areas__region__end"
    granted: Any = {"permission__codename": MANAGE, "content_object__areas__isnull": False}
    for rows in (
        TerritoryUserObjectPermission.objects.filter(**granted).values_list("user_id", *place),
        TerritoryGroupObjectPermission.objects.filter(**granted).values_list("group__user", *place),
    ):
        for person, start, end in rows:
            found[person].append((start, end))
    return found


def _lies_in(place: Range, areas: Iterable[Range]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in areas)
