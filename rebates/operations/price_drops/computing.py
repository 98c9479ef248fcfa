"""Compute the claims of a price drop: a published list of a seller with a policy, on its first day."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.rights import Actor, the_system
from audit.operations.recording import record
from jobs.models import Job
from jobs.operations.jobs import Step, job_step, request_job
from jobs.operations.outbox import announce, on
from kernel.money import ZERO_MONEY
from ordering.queries.stock_lots import buyers_of
from pricing.models import PriceEntry, PriceList
from rebates.audit_actions import PriceDropAction
from rebates.models import PriceDrop, PriceDropClaim, PriceDropLayer, PriceDropLine, PriceProtectionPolicy
from rebates.operations.price_drops.counting import CountedLine, count_lines
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import Tenant
from tenancy.queries import day_of_tenant

COMPENSATE = "rebates.price_drop"
BUYERS_PER_STEP = 200
State = PriceDropClaim.State


@on("pricing.published")
def note_published(body: dict[str, Any], at: datetime) -> None:
    """Note a published list whose seller compensates price drops; compute its claims if it has begun."""
    published = PriceList.objects.filter(id=body["price_list_id"]).first()
    if published is not None:
        note_price_drop(published=published, by=the_system("outbox"), at=at)


def note_price_drop(*, published: PriceList, by: Actor, at: datetime) -> PriceDrop | None:
    """Store that a list was published, with the terms of its seller's policy, once; None without a policy.

    Its claims are computed at once if it is in force, otherwise by the round of its first day.
    """
    policy = PriceProtectionPolicy.objects.filter(seller_id=published.seller_id, is_active=True).first()
    if policy is None:
        return None
    today = day_of_tenant(at)
    effective = max(published.starts_on or today, today)
    with joined_transaction():
        drop, is_new = PriceDrop.objects.get_or_create(
            price_list=published,
            defaults={
                "seller_id": published.seller_id,
                "effective": effective,
                "at": at if effective == today else _start_of(effective),
                "terms": policy.terms(),
            },
        )
        if is_new:
            record(PriceDropAction.NOTE, drop, by=by, at=at, code=published.code, version=published.version)
        if drop.effective <= today:
            _request_next(drop.seller_id, by=by, at=at)
    return drop


def request_due_drops(*, by: Actor, at: datetime) -> list[Job]:
    """Request the computation of drops whose first day has come; by schedule, and safe to repeat."""
    due = PriceDrop.objects.filter(computed_at=None, effective__lte=day_of_tenant(at))
    with joined_transaction():
        return [
            _request(drop, by=by, at=at)
            for drop in due.order_by("seller_id", "at", "id").distinct("seller_id")
        ]


def _request_next(seller_id: UUID, *, by: Actor, at: datetime) -> None:
    """Request the computation of the first due drop: each needs the claims of those before it."""
    due = PriceDrop.objects.filter(
        seller_id=seller_id, computed_at=None, effective__lte=day_of_tenant(at)
    ).order_by("at", "id")
    if (first := due.first()) is not None:
        _request(first, by=by, at=at)


def _has_been_in_force(drop: PriceDrop) -> bool:
    """Return whether the list came into force on its first day, whatever replaced it since."""
    ended_on = drop.price_list.ended_on
    return drop.price_list.state == PriceList.State.PUBLISHED or (
        ended_on is not None and ended_on >= drop.effective
    )


def _request(drop: PriceDrop, *, by: Actor, at: datetime) -> Job:
    job = request_job(
        COMPENSATE,
        {"drop": str(drop.id), "at": at.isoformat()},
        period=str(drop.price_list_id),
        by=by.user_id,
    )
    if job.is_new:
        record(PriceDropAction.REQUEST, job, by=by, at=at, drop=str(drop.id))
    return job


def _start_of(day: Any) -> datetime:
    zone = Tenant.objects.values_list("timezone", flat=True).get(id=active_tenant_id())
    return datetime.combine(day, time(), ZoneInfo(zone))


@job_step(COMPENSATE)
def compensate_step(job: Job) -> Step:
    """Compute the claims of the next buyers; the last step notifies them.

    A constant number of statements for each step, however many buyers and products it has.
    """
    drop = PriceDrop.objects.select_related("price_list").get(id=job.params["drop"])
    at = datetime.fromisoformat(job.params["at"])
    after = job.cursor.get("after")
    in_force = _has_been_in_force(drop) and drop.computed_at is None
    products = (
        list(PriceEntry.objects.filter(price_list=drop.price_list_id).values_list("product_id", flat=True))
        if in_force
        else []
    )
    buyers = (
        buyers_of(
            seller_id=drop.seller_id,
            product_ids=set(products),
            after=UUID(after) if after else None,
            max_buyers=BUYERS_PER_STEP,
        )
        if products
        else []
    )
    claims = write_claims(drop, count_lines(drop, buyer_ids=buyers, product_ids=products), at=at)
    done = int(job.cursor.get("done", 0)) + len(buyers)
    amount = Decimal(job.cursor.get("amount", "0.00")) + sum((one.amount for one in claims), ZERO_MONEY)
    count = int(job.cursor.get("claims", 0)) + len(claims)
    if len(buyers) == BUYERS_PER_STEP:
        cursor = {"after": str(buyers[-1]), "done": done, "amount": str(amount), "claims": count}
        return Step(done=done, cursor=cursor)
    if drop.computed_at is None:
        drop.computed_at = at
        drop.save(update_fields=["computed_at"])
        facts = {"claims": count, "amount": str(amount)}
        record(PriceDropAction.COMPUTE, drop, by=the_system("job"), at=at, **facts)
        if count:
            announce("price_drop.computed", {"drop_id": str(drop.id)}, at=at)
        _request_next(drop.seller_id, by=the_system("job"), at=at)
    return Step(done=done, total=done, result={"claims": count, "amount": str(amount)})


def write_claims(drop: PriceDrop, lines: list[CountedLine], *, at: datetime) -> list[PriceDropClaim]:
    """Write the claims of buyers with their lines and layers in three statements; return the claims."""
    of_buyer: dict[UUID, list[CountedLine]] = defaultdict(list)
    for line in lines:
        of_buyer[line.buyer_id].append(line)
    reply_by = day_of_tenant(at) + timedelta(days=drop.terms["reply_days"])
    claims, stored, layers = [], [], []
    for buyer_id, found in sorted(of_buyer.items()):
        claim = PriceDropClaim(
            drop=drop,
            party_id=buyer_id,
            amount=sum((line.amount for line in found), ZERO_MONEY),
            unmatched=sum(line.unmatched for line in found),
            unknown=sum(line.on_hand is None for line in found),
            sent_at=at,
            reply_by=reply_by,
        )
        claim.state = State.WAITING if wants_reply(claim, drop) else State.NOTHING
        claims.append(claim)
        for line in found:
            row = PriceDropLine(
                claim=claim,
                product_id=line.product_id,
                price_before=line.change.before,
                price_after=line.change.after,
                on_hand=line.on_hand,
                unmatched=line.unmatched,
                amount=line.amount,
            )
            stored.append(row)
            for layer in line.layers:
                layer.line = row
                layers.append(layer)
    PriceDropClaim.objects.bulk_create(claims)
    PriceDropLine.objects.bulk_create(stored)
    PriceDropLayer.objects.bulk_create(layers, batch_size=5_000)
    return claims


def least_amount(drop: PriceDrop) -> Decimal:
    """Return the least amount that a claim of the drop pays."""
    return max(Decimal("0.01"), Decimal(drop.terms["min_amount"]))


def wants_reply(claim: PriceDropClaim, drop: PriceDrop) -> bool:
    """Return whether money is due, stock figures are missing, or units without a receipt are in question."""
    return bool(claim.amount >= least_amount(drop) or claim.unknown or claim.unmatched)
