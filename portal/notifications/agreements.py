"""What people are told of contracts, prices, settlements, tiers and long work."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_noop

from accounts.domain.topics import Addressee, Topic
from accounts.operations.notify import tell
from alliance.models import Contract
from dealers.models import Membership, Party, Region, TierMonth
from jobs.models import Job
from jobs.operations.outbox import on
from portal.notifications import topics
from portal.notifications.links import link_to
from portal.notifications.recipients import people_of
from pricing.models import PriceList
from pricing.models.price_list import AudienceKind
from rebates.models import Settlement, Statement
from tenancy.queries import day_of_tenant

JOBS = {
    "rebates.settle": gettext_noop("Settlement"),
    "rebates.book_guarantees": gettext_noop("Booking of guarantees"),
    "dealers.tier_month": gettext_noop("Tier run"),
    "imports.import_sales": gettext_noop("Import"),
    "export": gettext_noop("Export"),
}
A_SLICE = 2_000


@on("alliance.submitted")
def submitted(body: dict[str, Any], at: datetime) -> None:
    _of_contract(body, topics.CONTRACT_SUBMITTED, at, right="contract.sign")


@on("alliance.signed")
def signed(body: dict[str, Any], at: datetime) -> None:
    signer = Party.objects.filter(id=body["party_id"]).values_list("name", flat=True).first() or ""
    _of_contract(
        body, topics.CONTRACT_SIGNED, at, right="contract.sign", without=UUID(body["party_id"]),
        more={"signer": signer}, mark=f"{body['party_id']}:{body['digest'][:12]}",
    )  # fmt: skip


@on("alliance.activated")
def activated(body: dict[str, Any], at: datetime) -> None:
    _of_contract(body, topics.CONTRACT_ACTIVE, at, right="contract.view")


@on("alliance.ended")
def ended(body: dict[str, Any], at: datetime) -> None:
    _of_contract(body, topics.CONTRACT_ENDED, at, right="contract.view")


@on("rebates.settled")
def settled(body: dict[str, Any], at: datetime) -> None:
    """Finance and the director of the seller; then each party of its own statement."""
    one = Settlement.objects.select_related("program").get(id=body["settlement_id"])
    said = {
        "program": one.program.name, "start": _day(one.starts_on), "end": _last(one.until),
        "parties": str(one.parties), "due": {"money": str(one.due)},
    }  # fmt: skip
    people = people_of([one.program.seller_id], right="rebate.settle", **link_to("settlement", one.id))
    tell(topic=topics.SETTLED, people=people, params=said, source=f"settled:{one.id}", at=at)
    rows = dict(Statement.objects.filter(settlement=one).values_list("party_id", "id"))
    _each(topics.STATEMENT, rows, "statement", "rebate.view", said, f"statement:{one.id}", at)


@on("dealers.tiers_set")
def tiers_set(body: dict[str, Any], at: datetime) -> None:
    """The staff who run tiers, and each partner whose tier has moved."""
    month = date.fromisoformat(body["month"])
    rows = TierMonth.objects.filter(month=month)
    moves = dict(rows.order_by().values_list("move").annotate(Count("id")))
    said = {
        "month": f"{month:%Y-%m}",
        "promoted": str(moves.get(TierMonth.Move.PROMOTE, 0)),
        "demoted": str(moves.get(TierMonth.Move.DEMOTE, 0)),
        "warned": str(moves.get(TierMonth.Move.WARN, 0)),
    }
    makers = list(Party.objects.filter(kind=Party.Kind.MANUFACTURER).values_list("id", flat=True))
    people = people_of(makers, right="tier.run", **link_to("tiers"))
    tell(topic=topics.TIERS_SET, people=people, params=said, source=f"tiers:{body['month']}", at=at)
    moved = rows.filter(move__in=[TierMonth.Move.PROMOTE, TierMonth.Move.DEMOTE])
    by_pair: dict[tuple[str, str], dict[UUID, None]] = {}
    for party, before, tier in moved.values_list("party_id", "before__name", "tier__name"):
        by_pair.setdefault((before or "—", tier), {})[party] = None
    for (before, tier), parties in sorted(by_pair.items()):
        words = {"before": before, "tier": tier}
        _each(topics.TIER_CHANGED, parties, "standing", "tier.view", words, f"tier:{body['month']}", at)


@on("jobs.job_ended")
def job_ended(body: dict[str, Any], at: datetime) -> None:
    """Who asked for it, wherever they act for a party of this tenant."""
    job = Job.objects.filter(id=body["job_id"], requested_by__isnull=False).first()
    if job is None:
        return
    links = link_to("job", job.id)
    asked_by = job.requested_by_id
    acts_for = Membership.objects.filter(user_id=asked_by, is_active=True).values_list("party_id", flat=True)
    people = [Addressee(asked_by, party, links["link"]) for party in acts_for]
    topic = topics.JOB_DONE if job.state == Job.State.DONE else topics.JOB_FAILED
    name = {"words": JOBS[job.kind]} if job.kind in JOBS else job.kind
    said = {"job": name, "message": job.message[:300]}
    tell(topic=topic, people=people, params=said, source=f"job:{job.id}:{job.ended_at}", at=at)


@on("pricing.published")
def published(body: dict[str, Any], at: datetime) -> None:
    """The seller's people who keep prices, and the buyers in the list's audience."""
    one = PriceList.objects.select_related("seller").filter(id=body["price_list_id"]).first()
    if one is None:
        return
    starts = _day(one.starts_on or day_of_tenant(at))
    said = {"code": one.code, "seller": one.seller.name, "start": starts}
    people = people_of([one.seller_id], right="price.edit", **link_to("price-list", one.id))
    tell(topic=topics.PRICES_PUBLISHED, people=people, params=said, source=f"prices:{one.id}", at=at)
    buyers = dict.fromkeys(_audience(one).values_list("id", flat=True))
    _each(topics.PRICES_FOR_YOU, buyers, "quote", "price.view", said, f"prices:{one.id}", at)


def _of_contract(
    body: dict[str, Any],
    topic: Topic,
    at: datetime,
    *,
    right: str,
    without: UUID | None = None,
    more: dict[str, Any] | None = None,
    mark: str = "",
) -> None:
    one = Contract.objects.select_related("manufacturer", "dealer", "member").get(id=body["contract_id"])
    three = {one.manufacturer_id, one.dealer_id, one.member_id} - {without}
    people = people_of(three, right=right, about=one.member_id, **link_to("contract", one.id))
    said = {
        "code": one.code, "manufacturer": one.manufacturer.name, "dealer": one.dealer.name,
        "member": one.member.name, "start": _day(one.starts_on), "end": _last(one.until), **(more or {}),
    }  # fmt: skip
    source = f"{topic.code}:{one.id}:{mark or one.digest[:12]}"
    tell(topic=topic, people=people, params=said, source=source, at=at)


def _each(
    topic: Topic,
    rows: dict[UUID, Any],
    noun: str,
    right: str,
    said: dict[str, Any],
    source: str,
    at: datetime,
) -> None:
    """Tells each party's people of its own row (the dict's value, None for a page without one)."""
    parties = sorted(rows)
    for start in range(0, len(parties), A_SLICE):
        found = people_of(parties[start : start + A_SLICE], right=right, link="desk", phone_link="phone")
        people = [
            Addressee(one.person_id, one.party_id, _own(noun, rows[one.party_id], one.link)) for one in found
        ]
        tell(topic=topic, people=people, params=said, source=source, at=at)


def _own(noun: str, noun_id: UUID | None, door: str) -> str:
    return str(link_to(noun, noun_id)["phone_link" if door == "phone" else "link"])


def _audience(one: PriceList) -> QuerySet[Party]:
    """Active buyers of the seller that the list is for."""
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


def _day(day: date) -> dict[str, str]:
    return {"day": day.isoformat()}


def _last(until: date) -> dict[str, str]:
    """The last day of a half-open period."""
    return {"day": (until - timedelta(days=1)).isoformat()}
