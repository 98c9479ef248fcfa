"""Try drafts of the maker's price lists: one whose dry run finds something of each kind, one without."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from accounts.rights import Actor
from alliance.models import SpreadTerm
from demo.operations.price_lists import write_lists
from demo.operations.prices import factory_price
from demo.operations.scenario import read_world
from jobs.models import Job
from kernel.money import cents
from pricing.models import PriceEntry, PriceList
from pricing.operations.dry_run.running import dry_run_step, request_dry_run

FACTORY, FACTORY_FACTOR = "FACTORY", Decimal("0.90")
SLIP, CLOSE_ADVICE = Decimal("0.01"), Decimal("1.10")
"""A price that is a slip of the pen, and advice so close to the dealer's price that spreads break."""


def try_drafts(director: Actor, at: datetime) -> None:
    """Publish the factory's prices, spoil the next dealers' list in a few rows, and try all drafts."""
    _publish_factory_prices()
    drafts = PriceList.objects.filter(seller_id=director.party_id, state=PriceList.State.DRAFT)
    for draft in drafts.order_by("code"):
        if draft.code == "BASE-D":
            _spoil(draft)
        _try(draft, director, at)


def _publish_factory_prices() -> None:
    """Publish what the goods cost ex works: the first step of the ladder, at which nobody buys."""
    world = read_world()
    made = PriceList(
        seller_id=world.maker.id,
        code=FACTORY,
        name="出厂价",
        audience_kind="level",
        audience_value="manufacturer",
        state=PriceList.State.PUBLISHED,
    )
    write_lists(
        [made],
        [(made.id, ware.id, cents(factory_price(ware) * FACTORY_FACTOR), 0, None) for ware in world.wares],
    )


def _spoil(draft: PriceList) -> None:
    """Give promised products advice that is too low, and one product a price of 0.01."""
    promised = SpreadTerm.objects.values("product")
    rows = list(draft.entries.filter(product__in=promised).order_by("product__sku", "min_qty")[:6])
    for row in rows:
        row.advised_resale = cents(row.price * CLOSE_ADVICE)
    if rows:
        rows[0].price = SLIP
    PriceEntry.objects.bulk_update(rows, ["price", "advised_resale"])


def _try(draft: PriceList, director: Actor, at: datetime) -> None:
    run = request_dry_run(price_list_id=draft.id, by=director, at=at)
    job = Job.objects.get(id=run.job_id)
    step = dry_run_step(job)
    while step.cursor is not None:
        job.cursor = step.cursor
        step = dry_run_step(job)
    job.state, job.done, job.total = Job.State.DONE, step.done, step.total
    job.started_at = job.ended_at = at
    job.save()
