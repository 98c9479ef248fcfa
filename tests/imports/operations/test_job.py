"""The import itself: what it writes, that it counts once, and that a killed one goes on."""

from __future__ import annotations

import random
import signal
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum

from catalogue.models import Product
from dealers.models import Party
from imports.operations.sales.job import KIND
from jobs.models import Job
from ledger.models import Account, Book, Entry, Journal, OpenItem
from ordering.models import Order, OrderLine, Return, ReturnLine, Shipment, ShipmentLine, TradeFact
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.imports.processes import arguments_for, killed_after, on_database, started
from tests.imports.sheets import row, sheet


def imported(path: Path, *options: str, tenant: str = "acme") -> str:
    rejects = str(path.with_suffix(".rejects"))
    return output_of(str(path), "--tenant", tenant, "--rejects", rejects, *options)


def output_of(*arguments: str) -> str:
    """Return what the command prints; it runs in this process."""
    out = StringIO()
    call_command("import_sales", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def a_year(invoices: int, seed: int = 3) -> list[str]:
    """Invoices, cancellations and dirt, in the order of a real file."""
    chance = random.Random(seed)
    rows = []
    for number in range(invoices):
        cancels = chance.random() < 0.15
        at = f"2011-{1 + number * 12 // invoices:02}-{1 + number % 28:02} {8 + number % 10:02}:26:00"
        customer = str(12000 + chance.randrange(20))
        for _ in range(chance.randint(1, 6)):
            one = row(
                invoice=f"{'C' if cancels else ''}{5000 + number}",
                code=chance.choice(["22423", "85123A", "71053", "POST", "20725"]),
                qty=chance.randint(1, 40) * (-1 if cancels else 1),
                price=chance.choice(["2.55", "0.125", "4.95", "0", "12.5"]),
                at=at,
                customer=customer if chance.random() < 0.9 else "",
            )
            rows += [one] * (2 if chance.random() < 0.05 else 1)
    return rows


@pytest.mark.django_db
def test_an_invoice_becomes_a_delivered_order_with_ledger_and_facts(tmp_path, acme):
    imported(sheet(tmp_path, [row(), row(code="71053", qty=3, price="3.39"), row(qty=2, price="0.125")]))
    with tenant_active(acme):
        order = Order.objects.get(number="536365")
        shipment = Shipment.objects.get(order=order)
        assert (order.state, order.total, order.tax, order.currency) == (
            "delivered",
            Decimal("25.72"),
            0,
            "CNY",
        )
        assert (str(order.placed_at), str(order.placed_on)) == ("2010-12-01 00:26:00+00:00", "2010-12-01")
        assert [line.amount for line in order.lines.order_by("position")] == [
            Decimal("15.30"),
            Decimal("10.17"),
            Decimal("0.25"),
        ]
        assert (shipment.state, shipment.amount) == ("delivered", order.total)
        assert ShipmentLine.objects.filter(shipment=shipment).count() == 3
        lanterns = TradeFact.objects.get(product_id=Product.objects.get(sku="85123A").id)
        assert (lanterns.ordered_qty, lanterns.delivered_qty, lanterns.delivered_net) == (
            8,
            8,
            Decimal("15.55"),
        )
        balances = dict(Account.objects.exclude(balance=0).values_list("kind", "balance"))
        assert balances == {"receivable": order.total, "sales": -order.total}
        assert OpenItem.objects.get().amount == order.total
        assert Party.objects.get(code="17850").kind == Party.Kind.DEALER


@pytest.mark.django_db
def test_a_cancellation_becomes_a_return_without_an_order(tmp_path, acme):
    imported(sheet(tmp_path, [row(), row(invoice="C536379", qty=-2, at="2010-12-02 09:00:00")]))
    with tenant_active(acme):
        back = Return.objects.get()
        assert (back.number, back.order_id, back.credit) == ("C536379", None, Decimal("5.10"))
        line = ReturnLine.objects.get()
        assert (line.qty, line.unit_price, line.net) == (2, Decimal("2.55"), Decimal("5.10"))
        fact = TradeFact.objects.get(returned_qty__gt=0)
        assert (str(fact.day), fact.returned_qty, fact.returned_net) == ("2010-12-02", 2, Decimal("5.10"))
        assert Account.objects.get(kind="receivable").balance == Decimal("10.20")
        assert OpenItem.objects.get().settled == Decimal("5.10")


@pytest.mark.django_db
def test_all_that_is_booked_folds_to_what_was_accepted(tmp_path, acme):
    path = sheet(tmp_path, a_year(150))
    told = imported(path, "--chunk", "50")
    with tenant_active(acme):
        result = Job.objects.get(kind=KIND).result
        booked = Decimal(result["booked"])
        sold = ShipmentLine.objects.aggregate(sum=Sum("net"))["sum"]
        back = ReturnLine.objects.aggregate(sum=Sum("net"))["sum"]
        facts = TradeFact.objects.aggregate(sold=Sum("delivered_net"), back=Sum("returned_net"))
        sales = Account.objects.filter(kind="sales").aggregate(sum=Sum("balance"))["sum"]
        assert sold - back == booked == -sales
        assert facts == {"sold": sold, "back": back}
        assert Entry.objects.aggregate(sum=Sum("amount"))["sum"] == 0
        assert OrderLine.objects.count() + ReturnLine.objects.count() == result["lines"]
        rejected = path.with_suffix(".rejects").read_text().count("\n") - 1
        assert f"together {result['lines'] + rejected:>24} lines" in told
        assert f"rounding of lines to 0.01: {booked - Decimal(result['exact'])}" in told
    call_command("verify_ledger", stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db
def test_running_it_again_changes_nothing_and_tells_the_same(tmp_path, acme):
    path = sheet(tmp_path, a_year(60))
    first, rejects = imported(path), path.with_suffix(".rejects").read_bytes()
    before = everything("acme")
    packed = sheet(tmp_path, a_year(60), name="sales.csv.gz")
    assert imported(path) == first
    assert imported(packed).replace("csv.rejects", "rejects") == first.replace("csv.rejects", "rejects")
    assert path.with_suffix(".rejects").read_bytes() == rejects
    assert everything("acme") == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([row(qty=7)], "qty 6 -> 7"),
        ([row(price="9.99")], "price 2.5500 -> 9.9900"),
        ([row(), row(code="71053", qty=1)], r"71053 lines\[1\] None -> "),
        ([row(customer="12999")], "customer 17850 -> 12999"),
        ([row(at="2010-12-02 08:26:00")], "date 2010-12-01 -> 2010-12-02"),
    ],
)
def test_another_file_with_other_content_of_an_invoice_is_refused(tmp_path, acme, rows, named):
    imported(sheet(tmp_path, [row()]))
    before = everything("acme")
    with pytest.raises(CommandError, match=f"536365 is there already with other content.*{named}"):
        imported(sheet(tmp_path, [row(invoice="999"), *rows], name="other.csv"))
    assert everything("acme") == before


@pytest.mark.django_db
def test_another_file_with_the_same_invoices_adds_what_is_new(tmp_path, acme):
    cancelled = row(invoice="C600", qty=-2)
    imported(sheet(tmp_path, [row(), cancelled]))
    again = [row(price="2.5500"), row(invoice="999", qty=5), cancelled]
    said = imported(sheet(tmp_path, again, name="other.csv"))
    assert "booked before with the same content: 2 invoices" in said
    assert "booked: 1 delivered orders, 0 returns" in said
    assert "rounding of lines to 0.01: 0.00" in said
    with tenant_active(acme):
        assert set(Order.objects.values_list("number", flat=True)) == {"536365", "999"}
        assert Return.objects.count() == 1


@pytest.mark.django_db
def test_a_bad_file_writes_nothing_and_makes_no_tenant(tmp_path, acme):
    rows = [*a_year(30), row(qty="many")]
    with pytest.raises(CommandError, match=rf"line {len(rows) + 1}, Quantity: “many” is no whole number"):
        imported(sheet(tmp_path, rows), tenant="nobody")
    assert not Tenant.objects.filter(slug="nobody").exists()
    assert not list(tmp_path.glob("*.rejects*"))


@pytest.mark.django_db
@pytest.mark.parametrize("option", [("--currency", "GBP"), ("--timezone", "Europe/London")])
def test_a_tenant_keeps_its_currency_and_time_zone(tmp_path, acme, option):
    with pytest.raises(CommandError, match="the tenant acme keeps"):
        imported(sheet(tmp_path, [row()]), *option)


@pytest.mark.django_db
def test_a_customer_whose_code_is_no_dealers_is_refused(tmp_path, acme):
    with tenant_active(acme):
        maker = Party.objects.create(kind="manufacturer", code="17850", name="Maker")
    with pytest.raises(CommandError, match="17850 belongs to a manufacturer"):
        imported(sheet(tmp_path, [row()]))
    with tenant_active(acme):
        assert list(Party.objects.all()) == [maker]
        assert not Order.objects.exists()


def everything(slug: str) -> dict[str, Any]:
    """What an import leaves behind, without ids."""
    with tenant_active(Tenant.objects.get(slug=slug)):
        return {
            "orders": list(
                Order.objects.order_by("number").values_list("number", "placed_at", "total", "state")
            ),
            "lines": list(
                OrderLine.objects.order_by("order__number", "position").values_list(
                    "order__number", "position", "sku", "qty", "delivered_qty", "amount"
                )
            ),
            "shipments": list(Shipment.objects.order_by("number").values_list("number", "amount")),
            "shipped": ShipmentLine.objects.aggregate(sum=Sum("net"), qty=Sum("qty")),
            "returns": list(Return.objects.order_by("number").values_list("number", "credit")),
            "returned": ReturnLine.objects.aggregate(sum=Sum("net"), qty=Sum("qty")),
            "facts": sorted(
                TradeFact.objects.values_list("day", "ordered_qty", "delivered_net", "returned_net")
            ),
            "balances": sorted(Account.objects.values_list("book__buyer__code", "kind", "balance")),
            "journals": sorted(Journal.objects.values_list("memo", "kind", "seq")),
            "items": sorted(OpenItem.objects.values_list("due_on", "amount", "settled")),
            "masters": (Party.objects.count(), Product.objects.count(), Book.objects.count()),
        }


@pytest.mark.process
def test_killed_at_any_chunk_it_goes_on_and_ends_as_if_undisturbed(tmp_path, committed):
    path = sheet(tmp_path, a_year(120))
    undisturbed = output_of(*arguments_for(path, "bolt"))
    environment = on_database(committed)
    for line in (1, 70, 200):
        assert killed_after(path, "acme", line, environment) == -signal.SIGKILL
    with tenant_active(Tenant.objects.get(slug="acme")):
        job = Job.objects.get(kind=KIND)
        assert (job.state, job.done > 0) == (Job.State.RUNNING, True)
    again = output_of(*arguments_for(path, "acme"))
    assert again.replace("acme", "bolt") == undisturbed
    assert everything("acme") == everything("bolt")
    assert path.with_name("acme.rejects").read_bytes() == path.with_name("bolt.rejects").read_bytes()
    assert output_of(*arguments_for(path, "acme")) == again


@pytest.mark.process
def test_a_lost_database_is_told_and_the_next_run_goes_on(tmp_path, committed):
    path = sheet(tmp_path, a_year(120))
    undisturbed = output_of(*arguments_for(path, "bolt"))
    with started(path, "acme", on_database(committed)) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.strip().startswith("line ") and "line 1 " not in line:
                break
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )
        told = process.stderr.read()
    assert process.returncode == 1
    last = told.strip().splitlines()[-1]
    assert last.startswith("CommandError: ")
    assert "run the same command again" in last
    assert output_of(*arguments_for(path, "acme")).replace("acme", "bolt") == undisturbed
    assert everything("acme") == everything("bolt")
