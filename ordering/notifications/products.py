"""Notify the buyers of a product that moves to another stage of its life cycle."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from catalogue.models import Product, StageChange
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on
from ordering.models import TradeFact
from ordering.notifications import topics

BUYERS_OF_DAYS = 90
BY_STAGE = {
    Product.Stage.ENDING: (topics.PRODUCT_PHASED_OUT, topics.PRODUCT_PHASED_OUT_FOR),
    Product.Stage.ENDED: (topics.PRODUCT_ENDED, topics.PRODUCT_ENDED_FOR),
    Product.Stage.ACTIVE: (topics.PRODUCT_ON_SALE_AGAIN, topics.PRODUCT_ON_SALE_AGAIN),
}


@on("catalogue.stage_moved")
def stage_moved(body: dict[str, Any], at: datetime) -> None:
    """Notify the people of the parties that ordered the product in the last 90 days, with its successor."""
    change = StageChange.objects.select_related("product", "successor").get(id=body["change_id"])
    if change.new not in BY_STAGE or change.old in (Product.Stage.DEVELOPMENT, Product.Stage.TRIAL):
        return
    since = timezone.localdate(at) - timedelta(days=BUYERS_OF_DAYS)
    facts = TradeFact.objects.filter(product_id=change.product_id, day__gte=since, ordered_qty__gt=0)
    buyers = set(facts.values_list("buyer_id", flat=True))
    plain, with_successor = BY_STAGE[Product.Stage(change.new)]
    params = {"product": change.product.name, "reason": change.reason}
    if change.successor is not None:
        params["successor"] = str(change.successor)
    people = people_of(buyers, right="order.place", **link_to("product", change.product_id))
    topic = with_successor if change.successor else plain
    tell(topic=topic, people=people, params=params, source=f"{plain.code}:{change.id}", at=at)
