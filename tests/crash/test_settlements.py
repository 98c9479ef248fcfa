"""kill -9 of worker, database and cache while a settlement is half done: each settled once."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from approvals.models import ApprovalRule
from jobs import tasks
from jobs.models import Job
from rebates.models import Program
from tenancy.context import tenant_active
from tests.crash.battlefield import Battlefield, Sums, difference
from tests.processes import until

_number = count(1).__next__
POINTS = [
    ("rebates_statement", False, "after the statements", ("database",)),
    ("ledger_journal", False, "after the postings", ("worker",)),
    ("rebates_statement", True, "at the step's commit", ("worker", "database")),
    ("jobs_job", False, "after the claim", ("cache",)),
]
"""Table, whether at the commit, point, and the victims shot there in each run; all with --every-point.

The cache comes last: a worker that lost it is started again for the next shot.
"""


def shots() -> list[Any]:
    return [
        pytest.param(
            *(table, at_commit, point, victim),
            id=f"{point.replace(' ', '-')}-{victim}",
            marks=[] if victim in always else [pytest.mark.every_point],
        )
        for table, at_commit, point, always in POINTS
        for victim in ("worker", "database", "cache")
    ]


def _program(field: Battlefield) -> Program:
    """Two per cent of the second quarter's deliveries, for every dealer; nothing follows it yet."""
    code = f"{field.world.mark}-Q{_number()}"
    with tenant_active(field.world.tenant):
        ApprovalRule.objects.get_or_create(kind="rebates.settlement", defaults={"is_required": False})
        return Program.objects.create(
            seller=field.world.manufacturer,
            code=code,
            name=code,
            method="retroactive",
            measure="amount",
            tiers=[{"from": "0", "rate": "0.02"}],
            starts_on=date(2026, 4, 1),
            until=date(2026, 7, 1),
            settled_every=12,
            state="active",
        )


def _asked(field: Battlefield) -> Any:
    """A settlement requested through the API; the job's id."""
    field.start("web")
    program = _program(field)
    body = {"program": str(program.id), "starts_on": "2026-04-01"}
    status, answer = field.post("settlements", body, f"settle-{_number()}")
    assert status == 201, answer
    with tenant_active(field.world.tenant):
        return Job.objects.latest("created_at").id


def _state(field: Battlefield, job_id: Any) -> str:
    with tenant_active(field.world.tenant):
        return str(Job.objects.get(id=job_id).state)


def _resumed(field: Battlefield, job_id: Any) -> bool:
    """Time passes: the lease runs out, and the beat's resume_jobs finds the job."""
    with tenant_active(field.world.tenant):
        Job.objects.filter(id=job_id, state__in=["running", "queued"]).update(
            leased_until=timezone.now() - timedelta(seconds=1)
        )
    tasks.resume_jobs()
    return _state(field, job_id) == "done"


def _settle_calmly(field: Battlefield) -> Sums:
    before = field.sums()
    job_id = _asked(field)
    field.start("worker")
    until(lambda: _state(field, job_id) == "done", "the settlement")
    return difference(before, field.sums())


@pytest.fixture(scope="module")
def calm(battlefield: Battlefield) -> Sums:
    found = _settle_calmly(battlefield)
    assert found["statements"][0] == 2
    assert found["statements"][1] > 0
    return found


@pytest.mark.parametrize(("table", "at_commit", "point", "victim"), shots())
def test_a_settlement_cut_off_settles_once(
    battlefield: Battlefield, calm: Sums, table: str, at_commit: bool, point: str, victim: str
) -> None:
    field = battlefield
    field.let_worker_rest()
    before = field.sums()
    job_id = _asked(field)
    with field.held(table, at_commit) as reached:
        field.let_worker_work()
        until(reached, point, patience=60)
        field.kill(victim)
        if victim != "worker":
            field.revive(victim)
    field.revive("worker") if victim == "worker" else None
    until(lambda: _resumed(field, job_id), "the settlement", patience=90)
    assert difference(before, field.sums()) == calm
    assert field.proofs() == []


NAIVE = """
import sys, psycopg2
line = psycopg2.connect(sys.argv[1])
for party in ("first", "second"):
    line.cursor().execute("INSERT INTO naive_statement VALUES (%s)", [party])
    if party == "second": print("at the second", flush=True); sys.stdin.read()
    line.commit()
"""


def test_a_plain_loop_settles_a_party_twice(battlefield: Battlefield) -> None:
    """It commits as it goes; killed at the second party and run again, the first has two."""
    command = [sys.executable, "-c", NAIVE, battlefield.cluster.server.url("owner", "tripact")]
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE naive_statement (party text)")
        loop = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert loop.stdout is not None
        assert loop.stdout.readline() == b"at the second\n"
        loop.kill()
        loop.wait()
        subprocess.run(command, input=b"", stdout=subprocess.DEVNULL, check=True)
        cursor.execute("SELECT party, count(*) FROM naive_statement GROUP BY party ORDER BY party")
        assert cursor.fetchall() == [("first", 2), ("second", 1)]
        cursor.execute("DROP TABLE naive_statement")


def test_settled_again_by_hand_is_settled_once(battlefield: Battlefield, calm: Sums) -> None:
    """Ten more messages for a job that is done."""
    before = battlefield.sums()
    with tenant_active(battlefield.world.tenant):
        done = Job.objects.filter(state="done").latest("ended_at")
    for _ in range(10):
        tasks.run_job(tenant_id=str(battlefield.world.tenant.id), job_id=str(done.id))
    assert battlefield.sums() == before
