"""Notify the two sides of price-drop claims: the seller of its claims and replies, the partner of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from dealers.notifications.parties import as_day, tell_each_party
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on
from rebates.models import PriceDrop, PriceDropClaim
from rebates.notifications import topics


@on("price_drop.computed")
def computed(body: dict[str, Any], at: datetime) -> None:
    """Notify the seller's people who decide, then each partner of the claim that waits for its reply."""
    drop = PriceDrop.objects.select_related("price_list", "seller").get(id=body["drop_id"])
    claims = PriceDropClaim.objects.filter(drop=drop).exclude(state=PriceDropClaim.State.NOTHING)
    totals = claims.aggregate(
        count=Count("id"), amount=Sum("amount"), questions=Count("id", filter=Q(unmatched__gt=0))
    )
    if not totals["count"]:
        return
    params: dict[str, Any] = {
        "code": drop.price_list.code,
        "claims": str(totals["count"]),
        "amount": {"money": str(totals["amount"])},
        "questions": str(totals["questions"]),
    }
    people = people_of([drop.seller_id], right="price_drop.decide", **link_to("price-drop-claims"))
    source = f"price_drop:{drop.id}"
    tell(topic=topics.PRICE_DROP_COMPUTED, people=people, params=params, source=source, at=at)
    days: dict[date, dict[Any, Any]] = {}
    for party_id, claim_id, reply_by in claims.values_list("party_id", "id", "reply_by"):
        days.setdefault(reply_by, {})[party_id] = claim_id
    for reply_by, rows in days.items():
        mine = {
            "seller": drop.seller.name,
            "start": as_day(drop.effective),
            "until": as_day(reply_by),
        }
        tell_each_party(
            topics.PRICE_DROP_CLAIM, rows, "price-drop-claim", "price_drop.view", mine, source, at
        )


@on("price_drop.replied")
def replied(body: dict[str, Any], at: datetime) -> None:
    """Notify the seller's people who decide of a partner's reply, or of its silence."""
    claim = _read(body)
    people = people_of(
        [claim.drop.seller_id], right="price_drop.decide", **link_to("price-drop-claim", claim.id)
    )
    params = {
        "party": claim.party.name,
        "reply": {"words": topics.REPLY_NAMES[claim.reply]},
        "code": claim.drop.price_list.code,
        "amount": {"money": str(claim.amount)},
    }
    source = f"price_drop.replied:{claim.id}"
    tell(topic=topics.PRICE_DROP_REPLIED, people=people, params=params, source=source, at=at)


@on("price_drop.decided")
def decided(body: dict[str, Any], at: datetime) -> None:
    """Notify the partner that its claim is posted or refused."""
    claim = _read(body)
    is_posted = claim.state == PriceDropClaim.State.POSTED
    people = people_of([claim.party_id], right="price_drop.view", **link_to("price-drop-claim", claim.id))
    params: dict[str, Any] = {"seller": claim.drop.seller.name, "code": claim.drop.price_list.code}
    params |= {"amount": {"money": str(claim.amount)}} if is_posted else {"reason": claim.reason}
    topic = topics.PRICE_DROP_POSTED if is_posted else topics.PRICE_DROP_REFUSED
    tell(topic=topic, people=people, params=params, source=f"price_drop.decided:{claim.id}", at=at)


def _read(body: dict[str, Any]) -> PriceDropClaim:
    rows = PriceDropClaim.objects.select_related("party", "drop__price_list", "drop__seller")
    found: PriceDropClaim = rows.get(id=body["claim_id"])
    return found
