"""Guarantees, shares, responsibilities, KPIs, portfolios and clauses of the demonstration's contracts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from alliance.domain.clause_numbers import Chapter, number_clauses
from alliance.models import (
    Clause,
    Contract,
    ContractPortfolio,
    ContractRole,
    ContractTemplate,
    GuaranteeKind,
    GuaranteeShare,
    GuaranteeTerm,
    Kpi,
    KpiMetric,
    Link,
    Metric,
    ProofKind,
    Responsibility,
    Rhythm,
)
from alliance.operations.terms_json import write_terms_json
from catalogue.models import Portfolio, PortfolioProduct
from demo.operations.scenario import Plan, World

MAKER, DEALER, MEMBER = ContractRole.MANUFACTURER, ContractRole.DEALER, ContractRole.MEMBER
EXCLUSIVE_FEE, EXCLUSIVE_CAP = Decimal(300), Decimal(3000)
VISITS, VISIT_FEE = Decimal(2), Decimal(50)
MINIMUM_INCOME_EVERY, MINIMUM_INCOME = 6, Decimal(400)
MAKERS_SHARE = Decimal("0.4")
BOOK_UP_TO = Decimal(200)
SMALL_RANGE = 24

DUTIES = (
    (
        Link.PLANNING,
        MAKER,
        True,
        "制定年度区域规划和铺市目标",
        "region_manager",
        Rhythm.YEARLY,
        ProofKind.DOCUMENT,
    ),
    (Link.PLANNING, DEALER, False, "提交月度要货计划", "owner", Rhythm.MONTHLY, ProofKind.ORDER),
    (Link.PLANNING, MEMBER, False, "提供终端清单并每季更新", "owner", Rhythm.QUARTERLY, ProofKind.DOCUMENT),
    (Link.COVERAGE, MEMBER, True, "拜访并开发区域内终端", "owner", Rhythm.WEEKLY, ProofKind.VISIT),
    (Link.COVERAGE, DEALER, False, "按承诺时限配送到仓", "warehouse", Rhythm.WEEKLY, ProofKind.ORDER),
    (Link.PENETRATION, MAKER, False, "派业务员协助铺货", "sales_rep", Rhythm.MONTHLY, ProofKind.VISIT),
    (
        Link.PENETRATION,
        DEALER,
        True,
        "保证必备品不断货",
        "sales_rep",
        Rhythm.MONTHLY,
        ProofKind.AUDIT,
    ),
    (Link.PENETRATION, MEMBER, False, "维护终端陈列", "sales_rep", Rhythm.MONTHLY, ProofKind.AUDIT),
    (Link.PROMOTION, MAKER, True, "提供促销政策和物料", "account_manager", Rhythm.MONTHLY, ProofKind.POLICY),
    (Link.PROMOTION, MEMBER, False, "执行促销并留存照片", "owner", Rhythm.MONTHLY, ProofKind.AUDIT),
    (Link.MAINTENANCE, MAKER, False, "巡查市场，处理窜货", "supervisor", Rhythm.MONTHLY, ProofKind.VISIT),
    (Link.MAINTENANCE, DEALER, True, "48 小时内答复联盟商的问题", "owner", Rhythm.MONTHLY, ProofKind.REQUEST),
    (Link.MAINTENANCE, MEMBER, False, "不跨区域销售", "owner", Rhythm.MONTHLY, ProofKind.DOCUMENT),
)
KPIS = (
    (KpiMetric.PURCHASES, Decimal(20000), Decimal("0.35")),
    (KpiMetric.OUTLETS, Decimal(30), Decimal("0.25")),
    (KpiMetric.VISITS, Decimal(60), Decimal("0.15")),
    (KpiMetric.DISPLAYS, Decimal(10), Decimal("0.15")),
    (KpiMetric.MARKET_ORDER, Decimal(1), Decimal("0.10")),
)
CLAUSES = (
    ("自主定价", "厂家公布的零售价仅为建议，不具约束力。联盟商自行决定转售价格。"),
    ("保密", "三方对合同内容和经营数据保密，合同终止后两年内仍然有效。"),
    ("争议解决", "发生争议先协商；协商不成的，由厂家所在地人民法院管辖。"),
)


def set_own_fields(contract: Contract) -> None:
    """Set notice and booking of a contract that is not stored yet."""
    contract.book_up_to = BOOK_UP_TO
    contract.notice_days = 60


def add_terms(contracts: Sequence[Contract], world: World, *, spreads: int) -> None:
    """Create the terms of stored drafts; their regions and `spreads` spreads each exist already."""
    guarantees, shares, cells, kpis, clauses = [], [], [], [], []
    for place, contract in enumerate(contracts):
        guarantees += _guarantees(contract, spreads=spreads, place=place)
        shares += _shares(contract)
        cells += [
            Responsibility(
                contract=contract,
                link=link,
                role=role,
                is_lead=leads,
                duty=duty,
                owner_role=owner,
                rhythm=rhythm,
                proof=proof,
            )
            for link, role, leads, duty, owner, rhythm, proof in DUTIES
        ]
        kpis += [
            Kpi(contract=contract, metric=metric, target=target, weight=weight)
            for metric, target, weight in KPIS
        ]
        numbers = number_clauses(Chapter.OTHER, [""] * len(CLAUSES))
        clauses += [
            Clause(contract=contract, number=number, heading=heading, body=body)
            for number, (heading, body) in zip(numbers, CLAUSES, strict=True)
        ]
    GuaranteeTerm.objects.bulk_create(guarantees)
    GuaranteeShare.objects.bulk_create(shares)
    Responsibility.objects.bulk_create(cells)
    Kpi.objects.bulk_create(kpis)
    Clause.objects.bulk_create(clauses)
    small = _range(world)
    ContractPortfolio.objects.bulk_create(
        ContractPortfolio(contract=contract, portfolio=small) for contract in contracts[::3]
    )


def make_template(contract: Contract, plan: Plan) -> None:
    """Save the terms of a contract as the template for small wholesalers."""
    ContractTemplate.objects.create(
        name="县城批发部标准合同",
        member_kind="县城批发部",
        content=write_terms_json(contract),
        changed_at=plan.now - timedelta(days=90),
    )


def _range(world: World) -> Portfolio:
    found = Portfolio.objects.create(code="PF-STORE", name="县城流通组合")
    PortfolioProduct.objects.bulk_create(
        PortfolioProduct(portfolio=found, product_id=ware.id) for ware in world.wares[:SMALL_RANGE]
    )
    return found


def _guarantees(contract: Contract, *, spreads: int, place: int) -> list[GuaranteeTerm]:
    found = [
        GuaranteeTerm(
            contract=contract,
            clause="2.2",
            metric=Metric.EXCLUSIVE,
            owed_per_event=EXCLUSIVE_FEE,
            monthly_cap=EXCLUSIVE_CAP,
        ),
        GuaranteeTerm(
            contract=contract, clause="4.2", metric=Metric.VISITS, target=VISITS, owed_per_event=VISIT_FEE
        ),
        GuaranteeTerm(
            contract=contract,
            clause="4.3",
            metric=Metric.REPLACEMENT_DAYS,
            target=7,
            owed_per_event=VISIT_FEE,
        ),
        GuaranteeTerm(contract=contract, clause="5.2", metric=Metric.EARLY_END, months_of_income=3),
        GuaranteeTerm(contract=contract, clause="5.3", metric=Metric.NOTICE, target=contract.notice_days),
        GuaranteeTerm(contract=contract, clause="5.4", metric=Metric.RENEWAL, target=60),
    ]
    if place % MINIMUM_INCOME_EVERY == 0:
        found.append(
            GuaranteeTerm(
                contract=contract,
                clause=f"3.{spreads + 1}",
                metric=Metric.MINIMUM_INCOME,
                target=MINIMUM_INCOME,
                cumulative=True,
            )
        )
    return found


def _shares(contract: Contract) -> list[GuaranteeShare]:
    found = [
        GuaranteeShare(contract=contract, kind=kind, role=DEALER, share=Decimal(1))
        for kind in (GuaranteeKind.REGION, GuaranteeKind.TERM, GuaranteeKind.SERVICE)
    ]
    parts = ((MAKER, MAKERS_SHARE), (DEALER, 1 - MAKERS_SHARE))
    return found + [
        GuaranteeShare(contract=contract, kind=GuaranteeKind.SPREAD, role=role, share=share)
        for role, share in parts
    ]
