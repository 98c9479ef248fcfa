"""The real file: its totals, and its first days imported. Skipped where it is not there."""

from __future__ import annotations

import gzip
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.rights import the_system
from imports.operations.sales.file import SalesFile
from imports.operations.sales.job import KIND
from imports.operations.sales.scan import scan
from imports.operations.sales.settlement import settle_and_tier
from jobs.models import Job
from ordering.queries.reconciliation import differences
from tenancy.context import tenant_active
from tests.imports.real import DATA, NOW

pytestmark = pytest.mark.skipif(not DATA.is_file(), reason=f"{DATA} is not there: DATA=… names it")


def test_accepted_and_rejected_add_up_to_all_of_it(tmp_path):
    found = scan(SalesFile(DATA), tmp_path / "rejects.csv")
    rejected = found.rejected_in_all
    assert (found.accepted.lines, rejected.lines) == (399_656, 142_253)
    assert found.accepted.lines + rejected.lines == 541_909
    assert found.accepted.amount + rejected.amount == Decimal("9747747.934")
    assert {reason: total.lines for reason, total in found.rejected.items()} == {
        "no_customer": 135_080,
        "fee_code": 1_920,
        "duplicate": 5_220,
        "zero_price": 33,
    }
    assert (len(found.customers), len(found.names), len(found.numbers)) == (4_362, 3_676, 25_900)
    assert list(found.reaches) == ["542806"]
    assert sum(1 for _ in (tmp_path / "rejects.csv").open(encoding="utf-8")) == 142_254


@pytest.mark.django_db
def test_its_first_days_fold_to_what_was_accepted(tmp_path, acme):
    head = tmp_path / "first.csv"
    with gzip.open(DATA, "rt", encoding="utf-8") as real, head.open("w", encoding="utf-8") as file:
        file.writelines(line for number, line in enumerate(real) if number <= 3_000)
    call_command(
        "import_sales",
        str(head),
        "--tenant",
        "acme",
        "--rejects",
        str(tmp_path / "rejects"),
        "--chunk",
        "800",
        stdout=StringIO(),
        stderr=StringIO(),
    )
    with tenant_active(acme):
        assert differences() == []
        result = Job.objects.get(kind=KIND).result
        assert Decimal(result["exact"]) == scan(SalesFile(head)).accepted.amount
    year = settle_and_tier(tenant=acme, by=the_system(), at=NOW)
    assert (year.quarters, year.months) == ([], [])
