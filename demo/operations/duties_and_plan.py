"""Create the duties, KPIs and channel plan of the demonstration: in every state, with gaps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.rights import Actor
from alliance.domain.channel_plan import divided, even_months
from alliance.models import (
    ChannelPlan,
    Duty,
    DutyEvidence,
    KpiMonth,
    PlanMetric,
    PlanObjective,
    PlanTarget,
    ProofKind,
)
from alliance.operations.duty_round import create_duties
from alliance.operations.plans.drafting import NewObjective, draft_plan
from alliance.operations.plans.months import MeasuredTarget
from alliance.operations.plans.objectives import (
    agree_objective,
    counter_objective,
    hand_down_objective,
    hand_down_plan,
)
from catalogue.models import Category, Portfolio, PortfolioProduct
from dealers.models import Region
from demo.operations.scenario import Plan, Someone, World, moment, month_start, read_world
from ordering.operations.alliance_figures import measure_kpi_month, measure_plan_months, report_orders
from ordering.queries.plan_figures import plan_figures

MONTHS_OF_DUTIES, REPORTED = 4, 0.78
AMBITION, NOT_HANDED_DOWN = Decimal("1.12"), Decimal("0.94")
HOME = "44"
NOTES = ("已完成，照片已存档", "当面走访并签字确认", "资料已交回", "按计划执行完毕")


def make_duties_and_plan(plan: Plan) -> str:
    """Let the duties of four months fall due, measure the KPIs, and hand down the plan of the year."""
    world = read_world()
    duties = _duties(plan)
    _kpis(plan)
    objectives = _plan_of_year(plan, world)
    return f"职责 {duties}、目标 {objectives}"


def _duties(plan: Plan) -> int:
    first = month_start(plan.day, -MONTHS_OF_DUTIES)
    day = first
    while day < plan.day:
        create_duties(on=day)
        day += timedelta(days=7)
    create_duties(on=plan.day)
    report_orders(since=first, until=plan.day + timedelta(days=1), by=plan.by, at=plan.now)
    chance = plan.chance("duties")
    past = Duty.objects.filter(fulfilled_at=None, due_on__lt=plan.day).exclude(
        responsibility__proof=ProofKind.ORDER
    )
    done = [
        duty
        for duty in past.select_related("responsibility", "party").order_by("due_on", "id")
        if chance.random() < REPORTED
    ]
    evidence = []
    for duty in done:
        duty.fulfilled_at = moment(duty.due_on - timedelta(days=chance.randint(0, 3)), time(16))
        evidence.append(
            DutyEvidence(
                duty=duty,
                kind=duty.responsibility.proof,
                reference=f"ZZ-{duty.due_on:%y%m%d}-{chance.randint(1000, 9999)}",
                note=chance.choice(NOTES),
                reported_by=duty.party.name,
                at=duty.fulfilled_at,
                source="demo",
            )
        )
    DutyEvidence.objects.bulk_create(evidence, batch_size=1000)
    Duty.objects.bulk_update(done, ["fulfilled_at"], batch_size=1000)
    return int(Duty.objects.count())


def _kpis(plan: Plan) -> None:
    for back in range(6, -1, -1):
        measure_kpi_month(month=month_start(plan.day, -back))
    chance = plan.chance("kpis")
    rows = list(
        KpiMonth.objects.filter(kpi__metric="visits", month__lt=plan.day.replace(day=1)).order_by("id")
    )
    for row in rows:
        row.actual = (row.target * chance.randint(60, 115) / 100).quantize(Decimal(1))
        row.is_entered, row.note = True, "走访登记表"
    KpiMonth.objects.bulk_update(rows, ["actual", "is_entered", "note"], batch_size=1000)


def _plan_of_year(plan: Plan, world: World) -> int:
    year = plan.day.year
    made = draft_plan(code=f"QD-{year}", name=f"{year} 年渠道规划", year=year, by=plan.by, at=plan.now)
    drafts = _targets(made, _portfolio(world))
    since, until = date(year, 1, 1), plan.day
    measured = [_measured(one) for one in drafts if one.metric != PlanMetric.EXPENSE]
    reached: dict[tuple[UUID, UUID | None], Decimal] = {}
    for one in plan_figures(measured, since=since, until=until):
        key = one.target_id, one.party_id
        additive = next(draft for draft in drafts if draft.id == one.target_id).metric == PlanMetric.VOLUME
        before = reached.get(key, Decimal(0))
        reached[key] = before + one.actual if additive else max(before, one.actual)
    parts = Decimal(max(plan.day.timetuple().tm_yday, 30)) / 365
    for draft in drafts:
        if draft.metric != PlanMetric.EXPENSE:
            total = reached.get((draft.id, None), Decimal(0))
            full = total / parts if draft.metric == PlanMetric.VOLUME else total
            draft.annual = max((full * AMBITION).quantize(Decimal(1)), Decimal(12))
        draft.months = even_months(draft.metric, draft.annual)
    PlanTarget.objects.bulk_create(drafts)
    _objectives(drafts, world, reached)
    hand_down_plan(plan_id=made.id, by=plan.by, at=plan.now)
    _answers(plan, world, made)
    measure_plan_months(first=since, last=plan.day.replace(day=1), at=plan.now)
    return int(PlanObjective.objects.filter(target__plan=made).count())


def _portfolio(world: World) -> Portfolio:
    found: Portfolio | None = Portfolio.objects.order_by("code").first()
    if found is None:
        found = Portfolio.objects.create(code="CORE", name="核心组合")
        PortfolioProduct.objects.bulk_create(
            PortfolioProduct(portfolio=found, product_id=ware.id) for ware in world.wares[:12]
        )
    return found


def _targets(made: ChannelPlan, portfolio: Portfolio) -> list[PlanTarget]:
    region = Region.objects.get(code=HOME)
    categories = list(Category.objects.order_by("code")[:3])
    shared: dict[str, Any] = {"plan": made, "region": region, "annual": Decimal(12)}
    return [
        *(PlanTarget(**shared, metric=PlanMetric.VOLUME, category=one) for one in categories),
        PlanTarget(**shared, metric=PlanMetric.OUTLETS),
        PlanTarget(**shared, metric=PlanMetric.PORTFOLIO, portfolio=portfolio),
        PlanTarget(**shared | {"annual": Decimal(600000)}, metric=PlanMetric.EXPENSE),
    ]


def _measured(one: PlanTarget) -> MeasuredTarget:
    area = one.region.start, one.region.end
    return MeasuredTarget(one.id, one.metric, *area, one.channel_id, one.category_id, one.portfolio_id)


def _objectives(
    drafts: Sequence[PlanTarget], world: World, reached: dict[tuple[UUID, UUID | None], Decimal]
) -> None:
    """Give the dealers objectives by what they reached; of the first target a part is not handed down."""
    rows = []
    for place, draft in enumerate(drafts):
        dealers = [one for one in world.dealers if reached.get((draft.id, one.id))]
        dealers = dealers or world.dealers[:6]
        weights = [reached.get((draft.id, one.id), Decimal(1)) for one in dealers]
        handed = draft.annual if place else (draft.annual * NOT_HANDED_DOWN).quantize(Decimal(1))
        rows += [
            PlanObjective(target=draft, party_id=dealer.id, amount=part)
            for dealer, part in zip(dealers, divided(draft.metric, handed, weights), strict=True)
            if part
        ]
    PlanObjective.objects.bulk_create(rows)


def _answers(plan: Plan, world: World, made: ChannelPlan) -> None:
    """Let the dealers agree, but for the first two, who leave one open and ask for another."""
    asking = world.dealers[:2]
    rows = PlanObjective.objects.filter(target__plan=made)
    rows.exclude(party_id__in=[one.id for one in asking]).update(
        state=PlanObjective.State.AGREED, answered_by="负责人", answered_at=plan.now
    )
    for dealer in asking:
        by = _owner(dealer)
        mine = list(rows.filter(party_id=dealer.id).order_by("id"))
        for given in mine[:-2]:
            agree_objective(objective_id=given.id, by=by, at=plan.now)
        if len(mine) > 1:
            amount = mine[-2].amount
            wanted = max(amount - max(Decimal(1), (amount / 10).quantize(Decimal(1))), Decimal(0))
            reason = "两家终端已停业，请按九成下达"
            counter_objective(objective_id=mine[-2].id, amount=wanted, reason=reason, by=by, at=plan.now)
        members = [one for one in world.members if one.parent_id == dealer.id]
        if mine[:-2] and members:
            _hand_on(plan, mine[0], members, by)


def _hand_on(plan: Plan, given: PlanObjective, members: Sequence[Someone], by: Actor) -> None:
    amounts = divided(given.target.metric, given.amount, [Decimal(1)] * len(members))
    parts = [NewObjective(one.code, part) for one, part in zip(members, amounts, strict=True)]
    hand_down_objective(objective_id=given.id, objectives=parts, by=by, at=plan.now)
    handed = PlanObjective.objects.filter(parent=given).select_related("party").order_by("party__code")
    for one in handed[1:]:
        owner = Actor(one.party_id, "member", "owner", label=one.party.name)
        agree_objective(objective_id=one.id, by=owner, at=plan.now)


def _owner(dealer: Someone) -> Actor:
    return Actor(dealer.id, "dealer", "owner", label=dealer.name)
