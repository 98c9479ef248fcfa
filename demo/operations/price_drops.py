"""Lower two prices for some dealers, and lead their claims to a posting, a question and open replies."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from accounts.rights import Actor
from alliance.operations.application_files import SentFile
from approvals.models import Approval
from approvals.operations.deciding import approve
from dealers.models import Membership, PartyTag, Tag
from demo.operations.price_lists import write_lists
from demo.operations.prices import factory_price
from demo.operations.scenario import Plan, World, moment, read_world
from jobs.models import Job
from jobs.operations.jobs import run_job
from kernel.money import cents
from ordering.models import ShipmentLine
from pricing.models import PriceList
from rebates.models import PriceDropClaim, PriceProtectionPolicy
from rebates.operations.price_drops.computing import COMPENSATE, note_price_drop
from rebates.operations.price_drops.deciding import approve_claim
from rebates.operations.price_drops.policies import set_policy
from rebates.operations.price_drops.replies import reply_to_claim
from tenancy.context import active_tenant_id

Reply = PriceDropClaim.Reply
DEALERS, WARES, LOOKBACK_DAYS = 4, 2, 90
FACTOR = Decimal("0.88")
SHEET = SentFile("盘点表.pdf", b"%PDF-1.4\n% demo count sheet\n%%EOF\n")


def make_price_drops(plan: Plan) -> str:
    """Publish a lower list, compute its claims and lead the first ones on."""
    world = read_world()
    finance, director = _person(world.maker.id, "finance"), _person(world.maker.id, "director")
    assert finance is not None
    assert director is not None
    opened = moment(plan.day - timedelta(days=2), time(10))
    set_policy(policy=PriceProtectionPolicy(lookback_days=LOOKBACK_DAYS, reply_days=7), by=finance, at=opened)
    published = _lower_list(plan, world)
    note_price_drop(published=published, by=plan.by, at=opened)
    for job in Job.objects.filter(kind=COMPENSATE, state=Job.State.QUEUED):
        run_job(tenant_id=active_tenant_id(), job_id=job.id)
    claims = PriceDropClaim.objects.filter(state="waiting").select_related("party").order_by("party__code")
    answered = [(claim, owner) for claim in claims if (owner := _person(claim.party_id, "owner"))]
    for claim, owner in answered[:1]:
        _posted(claim, owner, finance, director, plan)
    for claim, owner in answered[1:2]:
        reply_to_claim(
            claim_id=claim.id,
            reply=Reply.DISPUTED if claim.unknown else Reply.ACCEPTED,
            reason="库存正在盘点，盘点后补报" if claim.unknown else "",
            by=owner,
            at=plan.now - timedelta(days=1),
        )
    return f"{len(claims)} 张降价补差单"


def _posted(claim: PriceDropClaim, owner: Actor, finance: Actor, director: Actor, plan: Plan) -> None:
    """Let a dealer state what it counted, less than its receipts; two people approve it."""
    received = {
        line.product.sku: sum(layer.qty for layer in line.layers.all() if layer.day)
        for line in claim.lines.select_related("product").prefetch_related("layers")
    }
    replied = plan.now - timedelta(days=1)
    claim = reply_to_claim(
        claim_id=claim.id,
        reply=Reply.CORRECTED,
        reason="月末盘点，期初库存已售完",
        stocks=received,
        files=[SHEET],
        by=owner,
        at=replied,
    )
    if claim.amount and not claim.unmatched:
        waiting = approve_claim(
            claim_id=claim.id, reason="盘点表已核对", by=finance, at=replied + timedelta(hours=3)
        )
        if isinstance(waiting, Approval):
            approve(approval_id=waiting.id, by=director, at=replied + timedelta(hours=4))


def _lower_list(plan: Plan, world: World) -> PriceList:
    """Publish a list with the most received wares of some dealers, which it takes in by a tag."""
    dealers = [one.id for one in world.dealers[:DEALERS]]
    tag = Tag.objects.create(code="price-drop", name="降价试点")
    PartyTag.objects.bulk_create(PartyTag(party_id=one, tag=tag) for one in dealers)
    since = plan.day - timedelta(days=LOOKBACK_DAYS - 5)
    lines = ShipmentLine.objects.filter(
        shipment__order__buyer__in=dealers,
        shipment__order__seller_id=world.maker.id,
        shipment__delivered_on__gte=since,
    )
    rows = lines.values("order_line__product_id").annotate(units=Sum("qty")).order_by("-units")[:WARES]
    chosen = {row["order_line__product_id"] for row in rows}
    published = PriceList(
        seller_id=world.maker.id,
        code="TAG-DROP",
        name="试点经销商降价",
        audience_kind="tag",
        audience_value=tag.code,
        starts_on=plan.day - timedelta(days=2),
        state=PriceList.State.PUBLISHED,
    )
    entries = [
        (published.id, ware.id, cents(factory_price(ware) * FACTOR), 0)
        for ware in world.wares
        if ware.id in chosen
    ]
    write_lists([published], entries)
    return published


def _person(party_id: UUID, role: str) -> Actor | None:
    rows = Membership.objects.filter(party_id=party_id, role=role, is_active=True).select_related("user")
    one = rows.order_by("created_at").first()
    if one is None:
        return None
    return Actor(one.party_id, one.party_kind, one.role, one.user_id, str(one.user))
