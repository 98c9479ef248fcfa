"""Create rebate programs and settle them; book guarantees and run the tiers of the past year."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from analytics.operations.tier_months import request_tier_month
from demo.operations.breaches import book_past_month
from demo.operations.scenario import ONE_CLICK_PARTIES, Plan, World, month_start, read_world
from jobs.models import Job
from jobs.operations.jobs import run_job
from kernel.refusals import Refusal
from rebates.models import Program, ProgramProduct, Settlement
from rebates.operations.settlement_requests import SETTLE, request_due
from tenancy.context import active_tenant_id


class DemoFailed(Refusal):
    code = "wrong_state"


def make_programs(plan: Plan) -> str:
    """Create programs: active quarterly, monthly and yearly ones, a draft, and one of a dealer."""
    world = read_world()
    programs = _programs(plan, world)
    Program.objects.bulk_create(programs)
    soy = [ware for ware in world.wares if ware.category == "SY"]
    ProgramProduct.objects.bulk_create(ProgramProduct(program=programs[1], product_id=one.id) for one in soy)
    return f"{len(programs)} 个返利方案"


def _programs(plan: Plan, world: World) -> list[Program]:
    quarter = _quarter(plan.first_day)
    tiers = [
        {"from": "50000", "rate": "0.01"},
        {"from": "150000", "rate": "0.02"},
        {"from": "400000", "rate": "0.03"},
    ]
    steps = [{"from": "300", "rate": "0.05"}, {"from": "1500", "rate": "0.08"}]
    maker, year = world.maker.id, month_start(plan.first_day)
    retroactive, incremental = Program.Method.RETROACTIVE, Program.Method.INCREMENTAL
    amount, quantity = Program.Measure.AMOUNT, Program.Measure.QUANTITY

    def program(code: str, name: str, **values: object) -> Program:
        given = {
            "seller_id": maker,
            "method": retroactive,
            "measure": amount,
            "tiers": tiers,
            "starts_on": quarter,
            "until": month_start(quarter, 24),
            "audience_kind": "level",
            "audience_value": "dealer",
            "state": Program.State.ACTIVE,
        }
        return Program(code=code, name=name, **given | values)

    return [
        program("FL-Q", "季度销量返利", settled_every=3, starts_anew=True),
        program(
            "FL-SY",
            "酱油月度冲量",
            method=incremental,
            measure=quantity,
            tiers=steps,
            settled_every=1,
            starts_on=year,
            starts_anew=True,
            cap="20000",
        ),
        program(
            "FL-Y",
            "年度累计返利",
            method=incremental,
            settled_every=3,
            audience_kind="tier",
            audience_value="core",
        ),
        program("FL-NEXT", "明年方案（草稿）", state=Program.State.DRAFT, starts_on=month_start(plan.day, 1)),
        *_members_programs(world, program, year),
    ]


def _members_programs(world: World, program: Callable[..., Program], year: date) -> list[Program]:
    """Return a monthly and a cumulative program of each dealer that people act for."""
    monthly = {
        "settled_every": 1,
        "starts_on": year,
        "tiers": [{"from": "3000", "rate": "0.01"}, {"from": "10000", "rate": "0.015"}],
        "starts_anew": True,
    }
    yearly = {
        "method": Program.Method.INCREMENTAL,
        "tiers": [
            {"from": "50000", "rate": "0.01"},
            {"from": "200000", "rate": "0.015"},
            {"from": "500000", "rate": "0.02"},
        ],
    }
    return [
        program(code, name, seller_id=dealer.id, audience_value="member", **terms)
        for dealer in world.dealers[:ONE_CLICK_PARTIES]
        for code, name, terms in (("FL-A1", "联盟商月返", monthly), ("FL-A2", "联盟商年度累计返利", yearly))
    ]


def leave_to_settle(plan: Plan) -> str:
    """Create a monthly program whose last month is over and not settled yet."""
    world = read_world()
    last_month = month_start(plan.day, -1)
    program = Program.objects.create(
        seller_id=world.maker.id,
        code="FL-VI",
        name="食醋月度返利",
        method=Program.Method.RETROACTIVE,
        measure=Program.Measure.AMOUNT,
        tiers=[{"from": "500", "rate": "0.01"}, {"from": "5000", "rate": "0.02"}],
        starts_on=last_month,
        until=month_start(last_month, 12),
        settled_every=1,
        starts_anew=True,
        audience_kind="level",
        audience_value="dealer",
        state=Program.State.ACTIVE,
    )
    vinegar = [ware for ware in world.wares if ware.category == "VI"]
    ProgramProduct.objects.bulk_create(ProgramProduct(program=program, product_id=one.id) for one in vinegar)
    return program.code


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def run_year(plan: Plan) -> str:
    """Run what the schedule would have run: monthly tiers and guarantees, and all settlements."""
    for back in range(12, 0, -1):
        month = month_start(plan.day, -back)
        book_past_month(plan, month)
        _run([request_tier_month(month=month, by=plan.by, at=plan.now)])
    request_due(by=plan.by, at=plan.now)
    while jobs := Job.objects.filter(kind=SETTLE, state=Job.State.QUEUED).order_by("created_at"):
        _run(jobs)
    return f"{Settlement.objects.exclude(settled_at=None).count()} 次结算"


def _run(jobs: Iterable[Job]) -> None:
    for job in list(jobs):
        state = run_job(tenant_id=active_tenant_id(), job_id=job.id)
        if state != Job.State.DONE:
            job.refresh_from_db()
            raise DemoFailed(f"{job.kind} {job.period} is {state}: {job.message}")
