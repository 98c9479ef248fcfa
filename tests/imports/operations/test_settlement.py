"""The rebate and the tiers that follow from an imported year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from accounts.rights import the_system
from imports.operations.sales import settlement
from imports.operations.sales.settlement import settle_and_tier
from jobs.operations.jobs import run_job
from ledger.models import Account
from rebates.models import Program, Settlement
from tenancy.context import tenant_active
from tests.imports.real import NOW
from tests.imports.sheets import row, sheet

JANUARY_TO_JULY = [
    row(invoice=str(month), qty=100 * month, price="10", at=f"2011-{month:02}-01 10:00:00")
    for month in range(1, 8)
]


def import_them(tmp_path) -> None:
    path = sheet(
        tmp_path, [*JANUARY_TO_JULY, row(invoice="C9", qty=-10, price="10", at="2011-06-20 10:00:00")]
    )
    call_command(
        "import_sales",
        str(path),
        "--tenant",
        "acme",
        "--rejects",
        str(tmp_path / "rejects"),
        stdout=StringIO(),
        stderr=StringIO(),
    )


@pytest.mark.django_db
def test_only_quarters_traded_in_from_end_to_end_are_settled(tmp_path, acme):
    import_them(tmp_path)
    year = settle_and_tier(tenant=acme, by=the_system(), at=NOW)
    assert [(one.starts_on, one.base, one.due) for one in year.quarters] == [
        (date(2011, 1, 1), Decimal("6000.00"), Decimal("120.00")),
        (date(2011, 4, 1), Decimal("14900.00"), Decimal("298.00")),
    ]
    assert [month.month for month in year.months] == [date(2011, month, 1) for month in range(1, 7)]
    with tenant_active(acme):
        assert Account.objects.get(kind="rebate_wallet").balance == Decimal("-418.00")


@pytest.mark.django_db
def test_asked_again_it_settles_nothing_twice(tmp_path, acme):
    import_them(tmp_path)
    first = settle_and_tier(tenant=acme, by=the_system(), at=NOW)
    assert settle_and_tier(tenant=acme, by=the_system(), at=NOW) == first
    with tenant_active(acme):
        settled = Settlement.objects.filter(starts_on__lt=F("program__until"))
        assert (Program.objects.count(), settled.count(), Settlement.objects.count()) == (1, 2, 3)


@pytest.mark.django_db
def test_a_job_that_a_worker_was_quicker_to_take_is_waited_for(tmp_path, acme, monkeypatch):
    import_them(tmp_path)
    asked: list[object] = []

    def taken_at_first(**which):
        asked.append(which["job_id"])
        return "taken" if asked.count(which["job_id"]) == 1 else run_job(**which)

    monkeypatch.setattr(settlement, "run_job", taken_at_first)
    monkeypatch.setattr(settlement, "PAUSE", 0)
    year = settle_and_tier(tenant=acme, by=the_system(), at=NOW)
    assert (len(year.quarters), len(year.months)) == (2, 6)


@pytest.mark.django_db
def test_the_command_prints_a_line_for_each_quarter_and_month(tmp_path, acme):
    import_them(tmp_path)
    out = StringIO()
    call_command("settle_and_tier", "--tenant", "acme", stdout=out, stderr=StringIO())
    assert "2011-04-01          1         14,900.00            298.00" in out.getvalue()
    assert "2011-06" in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(("tenant", "why"), [("nobody", "no tenant nobody"), ("acme", "Nothing was traded")])
def test_without_a_year_there_is_nothing_to_settle(acme, tenant, why):
    with pytest.raises(CommandError, match=why):
        call_command("settle_and_tier", "--tenant", tenant, stdout=StringIO(), stderr=StringIO())
