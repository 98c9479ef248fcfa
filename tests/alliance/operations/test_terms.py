"""Writing the terms of a draft: numbers, shares, the matrix, and what is refused with its field."""

from datetime import date
from decimal import Decimal

import pytest

from alliance.models import (
    Clause,
    ContractRole,
    GuaranteeKind,
    GuaranteeShare,
    GuaranteeTerm,
    KpiMetric,
    Link,
    Metric,
    SpreadTerm,
)
from alliance.operations.contract_text import digest_of, text_of
from alliance.operations.drafting import NewArea, set_areas, set_spreads, set_terms
from alliance.operations.new_terms import (
    NewClause,
    NewGuarantee,
    NewKpi,
    NewPortfolio,
    NewResponsibility,
    NewShare,
    NewSpread,
    NewTerms,
)
from alliance.operations.signing import submit_contract
from alliance.operations.versions import draft_next_version
from catalogue.models import Portfolio, PortfolioProduct
from dealers.models import Channel
from tests.alliance.world import HUIZHOU, NOW
from tests.factories import a_product
from tests.refusing import refused

MAKER, DEALER, MEMBER = ContractRole.MANUFACTURER, ContractRole.DEALER, ContractRole.MEMBER


def a_cell(link=Link.PLANNING, role=MAKER, owner_role="director", **values):
    return NewResponsibility(link, role, values.pop("duty", "Plan the year"), owner_role, **values)


def everything():
    return NewTerms(
        guarantees=(
            NewGuarantee(Metric.EXCLUSIVE, owed_per_event=Decimal(200), monthly_cap=Decimal(1000)),
            NewGuarantee(Metric.EARLY_END, months_of_income=3),
            NewGuarantee(Metric.NOTICE),
            NewGuarantee(Metric.MINIMUM_INCOME, target=Decimal(3000), cumulative=True),
            NewGuarantee(Metric.VISITS, target=Decimal(4), owed_per_event=Decimal(50)),
        ),
        shares=(
            NewShare(GuaranteeKind.SPREAD, MAKER, Decimal("0.4")),
            NewShare(GuaranteeKind.SPREAD, DEALER, Decimal("0.6")),
        ),
        responsibilities=(
            a_cell(is_lead=True),
            a_cell(role=DEALER, owner_role="owner"),
            a_cell(Link.COVERAGE, MEMBER, "owner", is_lead=True),
        ),
        kpis=(
            NewKpi(KpiMetric.PURCHASES, Decimal(20000), Decimal("0.4")),
            NewKpi(KpiMetric.OUTLETS, Decimal(30), Decimal("0.6")),
        ),
        portfolios=(NewPortfolio("small"), NewPortfolio("large", "food")),
        clauses=(NewClause("Secrecy", "Nobody publishes this."), NewClause("Court", "In Huizhou.")),
    )


@pytest.fixture
def goods(world):
    Channel.objects.create(code="food", name="餐饮")
    small = Portfolio.objects.create(code="small", name="Small range")
    Portfolio.objects.create(code="large", name="Large range")
    PortfolioProduct.objects.create(portfolio=small, product=a_product("SOY"))
    a_product("OYS")
    return world


SPREADS = [
    NewSpread("SOY", "", Decimal(8), Decimal(60)),
    NewSpread("OYS", "", Decimal(0), Decimal(50), Decimal("12.5")),
]


@pytest.mark.django_db
def test_each_promise_gets_its_number_and_stands_in_the_text(goods):
    text = text_of(goods.draft(("soy", HUIZHOU, "food"), spreads=SPREADS, terms=everything()))
    assert [(one["clause"], one["channel_name"]) for one in text["areas"]] == [("2.1.1", "餐饮")]
    assert [(one["clause"], one["sku"]) for one in text["spreads"]] == [("3.1", "SOY"), ("3.2", "OYS")]
    assert [(one["clause"], one["metric"]) for one in text["guarantees"]] == [
        ("2.2", "exclusive"),
        ("3.3", "minimum_income"),
        ("4.2", "visits"),
        ("5.2", "early_end"),
        ("5.3", "notice"),
    ]
    assert [one["clause"] for one in text["responsibilities"]] == ["6.1.1", "6.1.2", "6.2.3"]
    assert [(one["clause"], one["weight"]) for one in text["kpis"]] == [("7.1", "0.4000"), ("7.2", "0.6000")]
    assert [(one["clause"], one["channel"], one["skus"]) for one in text["portfolios"]] == [
        ("8.1", "", ["SOY"]),
        ("8.2", "food", []),
    ]
    assert [one["clause"] for one in text["clauses"]] == ["9.1", "9.2"]
    assert text["rules"] == {
        "security_deposit": "0.00",
        "notice_days": 30,
        "reply_days": 7,
        "book_up_to": "0.00",
    }


@pytest.mark.django_db
def test_a_percentage_becomes_money_and_both_are_stored(goods):
    goods.draft(spreads=SPREADS)
    stored = SpreadTerm.objects.get(clause="3.2")
    assert (stored.guaranteed, stored.percent) == (Decimal("6.25"), Decimal("12.5"))


@pytest.mark.django_db
def test_without_shares_the_dealer_owes_all(goods):
    goods.draft(terms=everything())
    rows = set(GuaranteeShare.objects.values_list("kind", "role", "share"))
    assert rows == {
        ("region", "dealer", Decimal(1)),
        ("term", "dealer", Decimal(1)),
        ("service", "dealer", Decimal(1)),
        ("spread", "manufacturer", Decimal("0.4")),
        ("spread", "dealer", Decimal("0.6")),
    }


@pytest.mark.django_db
def test_a_notice_without_days_takes_those_of_the_contract(goods):
    goods.draft(terms=everything(), notice_days=45)
    assert GuaranteeTerm.objects.get(metric=Metric.NOTICE).target == 45


@pytest.mark.django_db
def test_the_next_version_keeps_every_term_and_number(goods):
    first = goods.active(
        ("soy", HUIZHOU, "food"), spreads=SPREADS, terms=everything(), security_deposit=Decimal(5000)
    )
    made = draft_next_version(contract_id=first.id, starts_on=date(2026, 9, 1), by=goods.director, at=NOW)
    again = text_of(made)
    for key in ("rules", "areas", "spreads", "service", "guarantees", "shares", "responsibilities", "kpis"):
        assert again[key] == first.text[key]
    assert (again["portfolios"], again["clauses"]) == (first.text["portfolios"], first.text["clauses"])


@pytest.mark.django_db
def test_a_clause_keeps_its_number_when_another_goes(goods):
    draft = goods.draft(spreads=SPREADS, terms=everything())
    given = {"contract_id": draft.id, "by": goods.director, "at": NOW}
    left = NewTerms(clauses=(NewClause("Court", "In Huizhou.", "9.2"), NewClause("New", "Later.")))
    set_terms(terms=left, **given)
    assert sorted(Clause.objects.values_list("number", "heading")) == [("9.2", "Court"), ("9.3", "New")]
    set_spreads(spreads=[NewSpread("OYS", "3.2", Decimal(1), Decimal(2))], **given)
    assert SpreadTerm.objects.get().clause == "3.2"


@pytest.mark.django_db
def test_every_term_is_part_of_the_hash(goods):
    draft = goods.draft(("soy", HUIZHOU), terms=everything())
    first = digest_of(text_of(draft))
    given = {"contract_id": draft.id, "by": goods.director, "at": NOW}
    set_areas(areas=[NewArea("soy", HUIZHOU, "food")], **given)
    second = digest_of(text_of(draft))
    set_terms(terms=NewTerms(clauses=everything().clauses), **given)
    assert len({first, second, digest_of(text_of(draft))}) == 3


@pytest.mark.django_db
def test_the_text_takes_one_statement(goods, django_assert_num_queries):
    draft = goods.draft(("soy", HUIZHOU), spreads=SPREADS, terms=everything())
    with django_assert_num_queries(1):
        text_of(draft)


@pytest.mark.django_db
def test_a_contract_that_guarantees_only_visits_is_submitted(goods):
    terms = NewTerms(guarantees=(NewGuarantee(Metric.VISITS, target=Decimal(4)),))
    draft = goods.draft(terms=terms, delivery_hours=None)
    assert submit_contract(contract_id=draft.id, by=goods.director, at=NOW).state == "submitted"


SERVICE = GuaranteeKind.SERVICE
VISITS = NewGuarantee(Metric.VISITS, target=Decimal(4))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"guarantees": [NewGuarantee(Metric.VISITS)]}, "guarantees[0].target"),
        ({"guarantees": [NewGuarantee(Metric.VISITS, Decimal("1.5"))]}, "guarantees[0].target"),
        ({"guarantees": [NewGuarantee(Metric.EXCLUSIVE, Decimal(1))]}, "guarantees[0].target"),
        ({"guarantees": [NewGuarantee(Metric.MINIMUM_INCOME, Decimal(-1))]}, "guarantees[0].target"),
        ({"guarantees": [VISITS, VISITS]}, "guarantees[1].metric"),
        ({"guarantees": [NewGuarantee(Metric.EXCLUSIVE, category="tea")]}, "guarantees[0].category"),
        (
            {"guarantees": [NewGuarantee(Metric.VISITS, Decimal(4), months_of_income=1)]},
            "guarantees[0].months_of_income",
        ),
        (
            {"guarantees": [NewGuarantee(Metric.EARLY_END, months_of_income=25)]},
            "guarantees[0].months_of_income",
        ),
        (
            {"guarantees": [NewGuarantee(Metric.MINIMUM_INCOME, Decimal(4), owed_per_event=Decimal(1))]},
            "guarantees[0].owed_per_event",
        ),
        (
            {"guarantees": [NewGuarantee(Metric.EXCLUSIVE, owed_per_event=Decimal(-1))]},
            "guarantees[0].owed_per_event",
        ),
        (
            {"guarantees": [NewGuarantee(Metric.EXCLUSIVE, monthly_cap=Decimal("0.001"))]},
            "guarantees[0].monthly_cap",
        ),
        ({"guarantees": [NewGuarantee(Metric.EXCLUSIVE, window="week")]}, "guarantees[0].window"),
        ({"shares": [NewShare(SERVICE, MEMBER, Decimal(1))]}, "shares[0].role"),
        ({"shares": [NewShare(SERVICE, DEALER, Decimal("0.5"))]}, "shares[0].share"),
        ({"shares": [NewShare(SERVICE, DEALER, Decimal(0))]}, "shares[0].share"),
        ({"shares": [NewShare(SERVICE, DEALER, Decimal(1))] * 2}, "shares[1].role"),
        ({"responsibilities": [a_cell()]}, "responsibilities[0].is_lead"),
        (
            {
                "responsibilities": [
                    a_cell(is_lead=True),
                    a_cell(role=DEALER, owner_role="owner", is_lead=True),
                ]
            },
            "responsibilities[0].is_lead",
        ),
        ({"responsibilities": [a_cell(is_lead=True, duty=" ")]}, "responsibilities[0].duty"),
        ({"responsibilities": [a_cell(is_lead=True, rhythm="daily")]}, "responsibilities[0].rhythm"),
        ({"responsibilities": [a_cell(role=MEMBER, is_lead=True)]}, "responsibilities[0].owner_role"),
        ({"responsibilities": [a_cell(is_lead=True), a_cell()]}, "responsibilities[1].role"),
        ({"kpis": [NewKpi(KpiMetric.OUTLETS, Decimal(3), Decimal("0.9"))]}, "kpis[0].weight"),
        ({"kpis": [NewKpi(KpiMetric.OUTLETS, Decimal(3), Decimal(2))]}, "kpis[0].weight"),
        ({"kpis": [NewKpi(KpiMetric.OUTLETS, Decimal(-3), Decimal(1))]}, "kpis[0].target"),
        ({"kpis": [NewKpi(KpiMetric.OUTLETS, Decimal(3), Decimal("0.5"))] * 2}, "kpis[1].metric"),
        ({"portfolios": [NewPortfolio("nope")]}, "portfolios[0].portfolio"),
        ({"portfolios": [NewPortfolio("small", "nope")]}, "portfolios[0].channel"),
        ({"portfolios": [NewPortfolio("small"), NewPortfolio("large")]}, "portfolios[1].channel"),
        ({"clauses": [NewClause("", "Text")]}, "clauses[0].heading"),
        ({"clauses": [NewClause("Head", "")]}, "clauses[0].body"),
    ],
)
def test_a_senseless_term_is_refused_with_its_field(goods, terms, field):
    with refused("bad_contract", field):
        goods.draft(terms=NewTerms(**{name: tuple(rows) for name, rows in terms.items()}))


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"notice_days": 400}, {"book_up_to": Decimal(-1)}])
def test_the_contracts_own_figures_are_checked(goods, values):
    with refused("bad_contract", next(iter(values))):
        goods.draft(**values)


@pytest.mark.django_db
def test_a_channel_that_does_not_exist_is_refused(goods):
    with refused("bad_contract", "areas[0].channel"):
        goods.draft(("soy", HUIZHOU, "nope"))
