from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections

from audit.models import AuditEntry
from ordering.models import TradeFact
from portal.tasks import daily
from tenancy.context import tenant_active
from tenancy.models import Tenant, new_id
from tenancy.operations.partitions import make_partitions
from tenancy.queries import missing_partitions

FIRST = date(2031, 1, 1)


PARTITIONS = "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'"


@pytest.fixture
def tenants(committed):
    with connections["owner"].cursor() as cursor:
        cursor.execute(PARTITIONS)
        before = set(cursor.fetchall())
        yield Tenant.objects.get(slug="acme"), Tenant.objects.get(slug="bolt")
        connections["default"].close()
        cursor.execute(PARTITIONS)
        for (name,) in set(cursor.fetchall()) - before:
            cursor.execute(f'DROP TABLE "{name}"')


def _fact(day: date) -> TradeFact:
    return TradeFact.objects.create(
        day=day, seller_id=new_id(), buyer_id=new_id(), product_id=new_id(), delivered_qty=1
    )


def _where(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT tableoid::regclass::text FROM {table} ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def test_a_month_made_late_takes_its_rows_out_of_the_default(tenants):
    acme, _ = tenants
    for tenant in tenants:
        with tenant_active(tenant):
            _fact(date(2031, 2, 1))
            _fact(date(2031, 3, 31))
            _fact(date(2030, 12, 31))
            AuditEntry.objects.create(
                at=datetime(2031, 2, 28, 23, 59, tzinfo=UTC), action="d", target="n", target_id="1"
            )
    made = {one.name: one.moved for one in make_partitions(on=FIRST, ahead=2)}
    assert made["ordering_tradefact_203101"] == 0
    assert made["ordering_tradefact_203102"] == made["ordering_tradefact_203103"] == 2
    assert made["audit_auditentry_203102"] == 2
    with tenant_active(acme):
        assert TradeFact.objects.count() == 3
        assert _where("ordering_tradefact") == [
            "ordering_tradefact_203102",
            "ordering_tradefact_203103",
            "ordering_tradefact_default",
        ]
        assert _where("audit_auditentry") == ["audit_auditentry_203102"]
    assert make_partitions(on=FIRST, ahead=2) == []


def test_a_new_month_keeps_every_wall(tenants):
    acme, bolt = tenants
    make_partitions(on=FIRST, ahead=0)
    with tenant_active(acme):
        _fact(date(2031, 1, 15))
        AuditEntry.objects.create(at=datetime(2031, 1, 2, tzinfo=UTC), action="d", target="n", target_id="1")
        assert _where("ordering_tradefact") == ["ordering_tradefact_203101"]
    with tenant_active(bolt):
        assert not TradeFact.objects.exists()
    with (
        tenant_active(acme),
        pytest.raises(Exception, match="permission denied"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM ordering_tradefact_203101")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ordering_tradefact_203101")
        assert cursor.fetchone() == (0,)
        cursor.execute("ALTER TABLE audit_auditentry_203101 NO FORCE ROW LEVEL SECURITY")
        with pytest.raises(Exception, match="append-only"):
            cursor.execute("DELETE FROM audit_auditentry_203101")


def test_the_command_says_what_it_made(tenants):
    said = StringIO()
    call_command("partitions", "--ahead", "1", stdout=said)
    assert "6 partitions made" in said.getvalue()
    call_command("partitions", "--ahead", "1", stdout=said)
    assert said.getvalue().endswith("0 partitions made\n")


def test_the_daily_round_warns_of_months_that_are_missing(tenants, caplog):
    make_partitions(on=FIRST, ahead=2)
    assert missing_partitions(on=FIRST, ahead=2) == []
    missing = missing_partitions(on=date(2031, 1, 31))
    assert "audit_auditentry_203104" in missing
    assert not any("203103" in name for name in missing)
    daily.run(datetime(2031, 1, 31, tzinfo=UTC).isoformat())
    assert "partitions_missing" in caplog.text
    assert "ordering_tradefact_203104" in caplog.text
