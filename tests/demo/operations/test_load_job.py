"""The demonstration tenant: complete, deterministic, and equal to the fold of its own sources."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Sum
from django.utils import timezone
from stdnum import ean
from stdnum.cn import uscc

from accounts.rights import ROLES, Actor
from alliance.models import Application, Contract, ContractArea, Evidence, GuaranteeMonth, Signature
from alliance.operations.contract_text import digest_of, text_of
from catalogue.models import Barcode, Product, Unit
from dealers.models import Membership, Party, Tier, TierMonth
from dealers.queries.parties import demo_people
from demo.operations import load_job
from demo.operations.scenario import SMALL, Plan
from integrations.models import ApiKey
from jobs.models import Job
from jobs.operations.jobs import run_job, unfinished
from ledger.models import Account, Book, Journal, OpenItem
from ledger.operations.held_money import MOVEMENTS
from ordering.models import (
    Order,
    OrderLine,
    Return,
    ReturnRequest,
    Shipment,
    Stock,
    StockMovement,
    TradeFact,
)
from ordering.queries.reconciliation import differences
from pricing.models import Limit, PriceList, Scheme
from pricing.queries import quote_for
from rebates.models import Settlement, Statement
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.demo.loading import DAY, forget, load
from tests.processes import environment, uncounted

ONE_CLICK = ("D001", "D002", "A0001", "A0002")


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Tenant]:
    with django_db_blocker.unblock():
        try:
            yield load("demo")
        finally:
            forget("demo", "again", "torn", "split", "killed", "whole")


@pytest.fixture
def demo(loaded: Tenant) -> Iterator[Tenant]:
    with tenant_active(loaded):
        yield loaded


def test_ledger_facts_and_stock_equal_the_fold_of_their_sources(demo):
    assert differences() == []
    assert StockMovement.objects.count() > Stock.objects.count()


def test_open_items_add_up_to_what_is_receivable(demo):
    owed = Account.objects.filter(kind="receivable").aggregate(sum=Sum("balance"))["sum"]
    open_ = OpenItem.objects.aggregate(sum=Sum(F("amount") - F("settled")))["sum"]
    assert owed == open_ > 0


def test_every_account_is_balanced_and_every_posting_chained(loaded):
    out = StringIO()
    call_command("verify_ledger", stdout=out, stderr=out)
    assert "demo: " in out.getvalue()
    assert "all hold" in out.getvalue()


@pytest.mark.parametrize("state", Order.State.values)
def test_there_are_orders_in_every_state(demo, state):
    assert Order.objects.filter(state=state).exists()


def test_there_is_every_kind_of_order_and_return(demo):
    assert set(Order.objects.values_list("kind", flat=True)) == set(Order.Kind.values)
    assert Return.objects.filter(order=None).exists()
    assert Return.objects.exclude(order=None).exists()
    assert Order.objects.filter(kind="presale", window_from=None).count() == 0


def test_the_year_ends_yesterday(demo):
    days = Order.objects.filter(reference="").values_list("placed_on", flat=True)
    assert date(2025, 3, 15) <= min(days) < date(2025, 4, 15)
    assert Shipment.objects.filter(order__reference="", delivered_on__gte=DAY).count() == 0


def test_there_are_contracts_in_every_state_and_the_signed_ones_are_whole(demo):
    assert set(Contract.objects.values_list("state", flat=True)) == set(Contract.State.values)
    for contract in Contract.objects.filter(state="active", ended_on=None):
        assert digest_of(text_of(contract)) == contract.digest
    signed = Signature.objects.filter(contract__state="active").values("contract").annotate(n=Count("id"))
    assert {row["n"] for row in signed} == {3}
    held = set(ContractArea.objects.filter(holds=True).values_list("contract__state", flat=True))
    assert held == {"active"}


def test_guarantees_were_kept_and_broken_and_the_broken_ones_booked(demo):
    assert set(Evidence.objects.values_list("kind", "fulfilled")) >= {
        ("region", True),
        ("spread", True),
        ("spread", False),
        ("service", True),
        ("service", False),
    }
    owed = GuaranteeMonth.objects.aggregate(owed=Sum("owed"), booked=Sum("booked"))
    wallet = Account.objects.filter(kind="guarantee_wallet").aggregate(sum=Sum("balance"))["sum"]
    assert owed["booked"] == -wallet > 0


def test_programs_are_settled_and_tiers_have_a_history(demo):
    assert Settlement.objects.exclude(settled_at=None).count() > 12
    due = Statement.objects.aggregate(sum=Sum("due"))["sum"]
    assert due == -Account.objects.filter(kind="rebate_wallet").aggregate(sum=Sum("balance"))["sum"] > 0
    assert TierMonth.objects.values("month").distinct().count() == 12
    assert set(Tier.objects.values_list("name", flat=True)) == {"普通", "重点", "核心"}


def test_there_is_somebody_for_every_role(loaded):
    people = {
        (person.party_kind, person.role) for person in demo_people() if person.tenant_name == loaded.name
    }
    assert people == {(kind, role) for kind, roles in ROLES.items() for role in roles}


def test_a_region_manager_sees_the_territory_only(demo):
    manager = Membership.objects.get(role="region_manager")
    actor = Actor(manager.party_id, "manufacturer", "region_manager", manager.user_id)
    seen = Party.objects.visible_to(actor).exclude(kind="manufacturer")
    assert {code[:2] for code in seen.values_list("region_id", flat=True)} == {"44"}


def test_codes_have_valid_check_digits(demo):
    codes = list(Barcode.objects.values_list("code", flat=True))
    assert len(codes) == 2 * SMALL.products
    assert all(ean.is_valid(code) for code in codes)
    assert all(uscc.is_valid(code) for code in Party.objects.exclude(uscc="").values_list("uscc", flat=True))
    assert Unit.objects.count() == 2 * SMALL.products


def test_the_size_is_as_planned(demo):
    accepted = Application.objects.filter(state="accepted", kind="dealer").count()
    kinds = dict(Party.objects.values_list("kind").annotate(Count("id")))
    assert kinds == {
        "manufacturer": 1,
        "dealer": SMALL.dealers + accepted,
        "member": SMALL.members,
        "outlet": SMALL.outlets,
    }
    assert Product.objects.exclude(stage="development").count() == SMALL.products


def test_the_price_of_an_old_line_is_the_one_that_its_list_says(demo):
    lines = OrderLine.objects.filter(order__reference="", order__placed_on__gte=date(2026, 2, 1))
    for line in lines.select_related("order").order_by("order__number")[:40]:
        listed = PriceList.objects.get(
            seller=line.order.seller_id, code=line.price_list, version=1, state="published"
        ).entries.get(product=line.product_id, min_qty=0)
        assert line.unit_price == listed.price


def test_a_quote_finds_lists_schemes_and_limits(demo):
    maker, dealer = Party.objects.get(kind="manufacturer"), Party.objects.get(code="D001")
    skus = list(Product.objects.filter(category__code="SY").values_list("sku", flat=True))[:5]
    priced = quote_for(seller_id=maker.id, buyer_id=dealer.id, lines=[(sku, 2400) for sku in skus], on=DAY)
    assert priced.quote.verdict == "ok"
    assert priced.quote.discount > 0
    assert set(Scheme.objects.values_list("kind", flat=True)) == set(Scheme.Kind.values)
    assert set(PriceList.objects.values_list("state", flat=True)) == {"draft", "published", "withdrawn"}
    assert set(Limit.objects.values_list("action", flat=True)) == {"advise", "review", "block"}


def test_some_books_are_limited_some_overdue_and_some_paid_ahead(demo):
    assert Book.objects.exclude(credit_limit=None).exists()
    assert OpenItem.objects.filter(due_on__lt=DAY).exclude(settled=F("amount")).exists()
    assert set(Journal.objects.values_list("kind", flat=True)) >= {"prepayment_use", *MOVEMENTS}
    for kind in ("prepayment", "security_deposit"):
        held = Account.objects.filter(kind=kind, balance__lt=0).values_list("book__buyer__code", flat=True)
        assert set(held) >= set(ONE_CLICK)


def test_contracts_to_sign_begin_in_the_future(demo):
    waiting = Contract.objects.exclude(state__in=["active", "ended"])
    assert min(waiting.values_list("starts_on", flat=True)) > DAY
    for code in ONE_CLICK[2:]:
        assert waiting.filter(member__code=code, state="submitted", version=2).exists()


def test_dealers_sell_in_proportion_to_what_they_buy(demo):
    def net(**party):
        found = TradeFact.objects.filter(**party).aggregate(net=Sum("delivered_net"))["net"]
        return float(found or 0)

    dealers = Party.objects.filter(kind="dealer").values_list("id", flat=True)
    traded = [(net(seller_id=one), bought) for one in dealers if (bought := net(buyer_id=one))]
    assert len(traded) == SMALL.dealers
    assert all(0.5 < sold / bought < 2 for sold, bought in traded)
    assert 0.8 < sum(sold for sold, _ in traded) / sum(bought for _, bought in traded) < 1.25


@pytest.mark.parametrize("dealer", ["D001", "D002"])
def test_people_of_a_dealer_find_every_state_of_what_it_sells(demo, dealer):
    states = set(Order.objects.filter(seller__code=dealer).values_list("state", flat=True))
    assert states >= set(Order.State.values) - {"confirmed", "reserved"}
    assert states & {"confirmed", "reserved"}
    asked = ReturnRequest.objects.filter(state="asked")
    assert asked.filter(order__seller__code=dealer).exists()
    assert asked.filter(order__buyer__code=dealer).exists()


def test_loading_it_again_does_nothing(loaded):
    before = told(loaded)
    with tenant_active(loaded):
        keys = ApiKey.objects.count()
    load("demo")
    assert told(loaded) == before
    with tenant_active(loaded):
        assert ApiKey.objects.count() == keys == 1


def test_the_same_day_makes_the_same_demonstration(loaded):
    assert told(load("again")) == told(loaded)


def test_a_load_that_broke_goes_on_and_ends_the_same(loaded, monkeypatch):
    real = load_job.make_stock
    calls = []

    def breaks_once(plan: Plan) -> str:
        calls.append(plan)
        if len(calls) == 1:
            real(plan)
            raise ConnectionError("the power went")
        return real(plan)

    monkeypatch.setattr(load_job, "make_stock", breaks_once)
    with pytest.raises(CommandError, match="the power went"):
        load("torn")
    assert told(load("torn")) == told(loaded)


def test_a_load_in_background_makes_what_is_needed_to_sign_in_and_a_worker_the_rest(loaded):
    keys = StringIO()
    split = load("split", "--in-background", stdout=keys)
    assert keys.getvalue().startswith("tp_")
    assert not load_job.is_complete("split")
    with tenant_active(split):
        job = Job.objects.get(kind=load_job.KIND)
        assert (job.state, job.done, set(job.result)) == ("queued", 3, {"goods", "partners", "people"})
        assert Membership.objects.exists()
        assert not Order.objects.exists()
        assert Party.objects.filter(kind="dealer").count() == SMALL.dealers
    run_slice(split, job, max_steps=2)
    assert load("split", "--in-background", stdout=keys) == split
    assert keys.getvalue().count("tp_") == 1
    with tenant_active(split):
        job.refresh_from_db()
        assert (job.state, job.done) == ("queued", 5)
        assert unfinished(timezone.now()) == [job.id]
    run_slice(split, job)
    assert load_job.is_complete("split")
    assert told(split) == told(loaded)


def run_slice(tenant: Tenant, job: Job, max_steps: int | None = None) -> None:
    run_job(tenant_id=tenant.id, job_id=job.id, max_steps=max_steps)


def test_a_load_whose_worker_was_killed_does_not_wait_for_its_lease(loaded):
    killed = load("killed", "--in-background")
    with tenant_active(killed):
        mine = Job.objects.filter(kind=load_job.KIND)
        mine.update(state="running", leased_until=timezone.now() + timedelta(minutes=2))
        assert unfinished(timezone.now()) == []
    load("killed", "--in-background")
    with tenant_active(killed):
        assert unfinished(timezone.now()) == [mine.get().id]


def test_a_tenant_that_is_no_demonstration_is_left_alone(loaded):
    with pytest.raises(CommandError, match="no demonstration"):
        load("acme")


def told(tenant: Tenant) -> dict[str, Any]:
    """All that a demonstration says, by codes and numbers."""
    sums = {"n": Count("id"), "qty": Sum("qty"), "free": Sum("free_qty"), "net": Sum("net")}
    with tenant_active(tenant):
        return {
            "parties": rows(Party, "code", "name", "region", "uscc", "tier__code", "parent__code"),
            "products": rows(Product, "sku", "name", "stage"),
            "contracts": rows(Contract, "code", "state", "digest"),
            "orders": rows(Order, "number", "state", "total", "tax", "placed_at"),
            "lines": OrderLine.objects.aggregate(**sums),
            "evidence": sorted(
                Evidence.objects.values_list("kind", "fulfilled").annotate(n=Count("id"), owed=Sum("owed"))
            ),
            "balances": rows(Account, "book__seller__code", "book__buyer__code", "kind", "balance"),
            "stock": rows(Stock, "party__code", "product__sku", "on_hand", "hard", "soft"),
            "tiers": rows(TierMonth, "month", "party__code", "score", "move"),
            "statements": rows(Statement, "settlement__program__code", "party__code", "base", "due"),
        }


def rows(model: Any, *fields: str) -> list[Any]:
    return list(model.objects.order_by(*fields).values_list(*fields))


@pytest.mark.process
def test_the_whole_of_it_equals_the_fold_of_its_sources(loaded):
    """The command as it is typed; coverage, which the small loads have, would double its time."""
    subprocess.run(
        [sys.executable, "manage.py", "load_demo", "--day", DAY.isoformat(), "--slug", "whole"],
        cwd=settings.BASE_DIR,
        env=uncounted(environment(redis_url=urlsplit(settings.REDIS_URL)._replace(path="/12").geturl())),
        capture_output=True,
        check=True,
    )
    with tenant_active(Tenant.objects.get(slug="whole")):
        assert differences() == []
        kinds = dict(Party.objects.values_list("kind").annotate(Count("id")))
        assert kinds == {"manufacturer": 1, "dealer": 60 + 1, "member": 400, "outlet": 3000}
        assert Product.objects.exclude(stage="development").count() == 200
        assert set(Order.objects.values_list("state", flat=True)) == set(Order.State.values)
