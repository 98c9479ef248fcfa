"""Settlements by real Celery workers, also ones that are killed in the middle of a step."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from accounts.rights import the_system
from jobs.models import Job
from jobs.operations.jobs import run_job
from ledger.models import Account, Entry, Journal
from rebates.models import Settlement, Statement, Tally
from rebates.operations.settlement_requests import request_due
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests import factories as make
from tests.processes import environment, uncounted, until

APRIL = datetime(2026, 4, 2, tzinfo=UTC)
BUYERS = 25
QUEUE = f"settling-{os.getpid()}"
pytestmark = pytest.mark.process


def own_redis():
    return urlsplit(settings.REDIS_URL)._replace(path="/13").geturl()


@contextmanager
def worker(database, application="config", *, name="settler"):
    """A `celery worker` process on the tests' database and a queue of its own."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        application,
        "worker",
        "--pool=solo",
        "-Q",
        QUEUE,
        f"--hostname={name}",
        "--without-gossip",
        "--without-mingle",
        "--loglevel=WARNING",
    ]
    process = subprocess.Popen(
        command,
        env=uncounted(environment(database=database, redis_url=own_redis())),
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    patience = threading.Timer(60, process.kill)
    patience.start()
    try:
        yield process
    finally:
        patience.cancel()
        process.send_signal(signal.SIGKILL)
        process.wait()


def ring(tenant, job):
    with current_app.connection_for_write(own_redis()) as connection:
        current_app.send_task(
            "jobs.run_job",
            kwargs={"tenant_id": str(tenant.id), "job_id": str(job.id)},
            queue=QUEUE,
            connection=connection,
        )


def a_quarter(slug):
    """The same trade in any tenant: 25 buyers, two programs; the job that settles them."""
    tenant = Tenant.objects.get(slug=slug)
    with tenant_active(tenant):
        seller, soy = make.a_manufacturer(), make.a_product()
        for number in range(BUYERS):
            buyer = make.a_party(code=f"B{number:03}")
            make.a_fact(
                seller,
                buyer,
                soy,
                date(2026, 2, 5),
                delivered_net=f"{100 + number * 137}.37",
                delivered_qty=7,
            )
        make.a_program(seller, [(0, "0.013"), (1000, "0.021")], code="A")
        make.a_program(seller, [(0, "0.33")], code="B", measure="quantity", method="incremental")
        (job,) = request_due(by=the_system(), at=APRIL)
    return tenant, job


def state_of(tenant, job):
    with tenant_active(tenant):
        return Job.objects.get(id=job.id).state


def totals(tenant):
    """What a settlement leaves behind, without the ids."""
    with tenant_active(tenant):
        statements = Statement.objects.order_by("settlement__program__code", "party__code")
        return {
            "statements": list(
                statements.values_list("settlement__program__code", "party__code", "base", "earned", "due")
            ),
            "settlements": list(Settlement.objects.order_by("due").values_list("parties", "due")),
            "wallets": Account.objects.filter(kind="rebate_wallet").aggregate(sum=Sum("balance"))["sum"],
            "entries": Entry.objects.aggregate(sum=Sum("amount"))["sum"],
            "journals": Journal.objects.count(),
            "tallies": Tally.objects.count(),
        }


@pytest.fixture(autouse=True)
def _only_the_test_rings(monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)


def test_a_worker_settles_a_quarter_from_end_to_end(committed):
    tenant, job = a_quarter("acme")
    with worker(committed):
        ring(tenant, job)
        ring(tenant, job)
        until(lambda: state_of(tenant, job) == "done", "the end of the job")
    found = totals(tenant)
    assert len(found["statements"]) == found["journals"] == 2 * BUYERS
    assert found["entries"] == found["tallies"] == 0
    assert -found["wallets"] == sum(due for *_rest, due in found["statements"])


_undisturbed: dict[str, Any] = {}


def undisturbed():
    """What the quarter leaves behind when nobody kills the worker: the same at every point."""
    if not _undisturbed:
        tenant, job = a_quarter("bolt")
        assert run_job(tenant_id=tenant.id, job_id=job.id) == "done"
        _undisturbed.update(totals(tenant))
    return _undisturbed


@pytest.mark.parametrize(
    "point",
    [
        "posted",
        "finished",
        *(pytest.param(point, marks=pytest.mark.every_point) for point in ("counted", "stated", "summed")),
    ],
)
def test_a_killed_settlement_goes_on_and_ends_as_an_undisturbed_one(committed, point):
    calm = undisturbed()
    tenant, job = a_quarter("acme")
    with worker(committed, "tests.rebates.slow_worker", name=point) as process:
        ring(tenant, job)
        assert any(line.strip() == "HERE" for line in process.stdout)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with tenant_active(tenant):
        assert Job.objects.get(id=job.id).state == "running"
    until(lambda: _resumed(tenant, job) == "done", "the end of the job")
    assert totals(tenant) == calm


def _resumed(tenant, job):
    """Another worker takes over when the lease of the killed one has run out."""
    with tenant_active(tenant):
        Job.objects.filter(id=job.id, state="running").update(leased_until=timezone.now())
    return run_job(tenant_id=tenant.id, job_id=job.id) if state_of(tenant, job) != "done" else "done"
