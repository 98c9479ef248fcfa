import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from jobs.models import Job
from portal import tasks
from rebates.models import Settlement
from rebates.operations import settlement_requests
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests import factories as make

AT = datetime(2026, 4, 1, 2, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nobody_is_nudged(monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)


def a_tenant_with_programs(slug):
    tenant = Tenant.objects.get(slug=slug)
    with tenant_active(tenant):
        seller, buyer, soy = make.a_manufacturer(), make.a_party(), make.a_product()
        make.a_tier("base", 0)
        make.a_fact(seller, buyer, soy, date(2026, 3, 1))
        for _ in range(3):
            make.a_program(seller, [(0, "0.10")])
        make.a_program(make.a_party(), [(0, "0.10")])
    return tenant


def asked_for(tenant):
    with tenant_active(tenant):
        kinds = list(Job.objects.values_list("kind", flat=True))
        return {kind: kinds.count(kind) for kind in kinds}, Settlement.objects.count()


ONCE = ({"rebates.book_guarantees": 1, "rebates.settle": 2, "analytics.tier_month": 1}, 4)


def test_two_schedulers_at_once_and_again_later_ask_for_each_period_once(committed):
    acme = a_tenant_with_programs("acme")
    ready = threading.Barrier(6)
    failed = []

    def ring():
        try:
            ready.wait()
            tasks.monthly(at=AT.isoformat())
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ring) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert asked_for(acme) == ONCE
    tasks.monthly(at=AT.isoformat())
    tasks.daily(at=AT.isoformat())
    assert asked_for(acme) == ONCE


@pytest.mark.django_db
def test_each_tenant_gets_what_its_own_calendar_says(acme, bolt):
    a_tenant_with_programs("acme")
    a_tenant_with_programs("bolt")
    tasks.monthly(at="2026-03-31T16:00:00+00:00")
    assert asked_for(acme) == asked_for(bolt) == ONCE


@pytest.mark.django_db
def test_before_the_tenants_midnight_only_the_month_before_is_due(acme):
    a_tenant_with_programs("acme")
    tasks.monthly(at="2026-03-31T15:59:00+00:00")
    with tenant_active(acme):
        periods = set(Job.objects.values_list("kind", "period"))
    assert periods == {("rebates.book_guarantees", "2026-02"), ("analytics.tier_month", "2026-02")}


@pytest.mark.django_db
def test_a_tenant_that_fails_keeps_no_other_from_its_own(acme, bolt, monkeypatch):
    a_tenant_with_programs("acme")
    a_tenant_with_programs("bolt")
    real = settlement_requests.request_due

    def fails_in_acme(**given):
        if connection.cursor() and make.Party.objects.first().tenant_id == acme.id:
            raise RuntimeError("no")
        return real(**given)

    monkeypatch.setattr(settlement_requests, "request_due", fails_in_acme)
    tasks.daily(at=AT.isoformat())
    assert asked_for(acme) == ({"rebates.book_guarantees": 1, "analytics.tier_month": 1}, 0)
    assert asked_for(bolt) == ONCE


def test_the_worker_knows_the_tasks_that_beat_sends():
    from config.celery import app

    app.loader.import_default_modules()
    assert {"portal.daily", "portal.monthly"} <= set(app.tasks)
