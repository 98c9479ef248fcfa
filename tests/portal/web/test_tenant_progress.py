"""A demonstration that is still being made says so on each page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.rights import the_system
from jobs.models import Job
from jobs.operations import schedules
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.people import a_member_of, as_owner, signed_in
from tests.scene import MOST, statements

pytestmark = pytest.mark.django_db
HOMES = [("manufacturer", "director", "/"), ("dealer", "owner", "/"), ("member", "owner", "/m/")]
FRAGMENT = "/tenant-progress"


@pytest.fixture
def demo(acme: Tenant) -> Iterator[Tenant]:
    """acme is a demonstration while the test runs; only the owner's role may say so."""
    as_owner("UPDATE tenancy_tenant SET is_demo = true WHERE id = %s", acme.pk)
    yield acme
    as_owner("UPDATE tenancy_tenant SET is_demo = false WHERE id = %s", acme.pk)


def a_load_of(tenant: Tenant, **values: Any) -> Job:
    given = {"state": "running", "done": 8, "total": 21, **values}
    with tenant_active(tenant):
        job: Job = Job.objects.create(kind="demo.load_demo", period="demo", **given)
    return job


def change(tenant: Tenant, job: Job, **values: Any) -> None:
    with tenant_active(tenant):
        Job.objects.filter(id=job.id).update(**values)


@pytest.mark.parametrize(("kind", "role", "home"), HOMES)
def test_each_home_displays_a_bar_that_goes_on_by_itself_until_the_end(demo, kind, role, home):
    client = signed_in(a_member_of(demo, kind, role))
    job = a_load_of(demo)
    page = client.get(home).content.decode()
    assert "演示数据生成中：21 步已完成 8 步" in page
    assert f'hx-get="{FRAGMENT}"' in page
    change(demo, job, done=9)
    fragment = client.get(FRAGMENT).content.decode()
    assert 'value="9"' in fragment
    assert f'hx-get="{FRAGMENT}"' in fragment
    change(demo, job, state="done", done=21)
    fragment = client.get(FRAGMENT).content.decode()
    assert 'href=""' in fragment
    assert "hx-get" not in fragment
    assert "tenant-progress" not in client.get(home).content.decode()


def test_a_bar_whose_job_has_failed_says_so_and_stands_still(demo):
    a_load_of(demo, state="failed")
    fragment = signed_in(a_member_of(demo)).get(FRAGMENT).content.decode()
    assert "tp-is-bad" in fragment
    assert "hx-get" not in fragment


@pytest.mark.parametrize(("kind", "role", "home"), HOMES)
def test_the_homes_of_a_demonstration_need_one_statement_more_and_few_in_all(acme, kind, role, home):
    client = signed_in(a_member_of(acme, kind, role))
    a_load_of(acme)
    others = statements(client, home)
    as_owner("UPDATE tenancy_tenant SET is_demo = true WHERE id = %s", acme.pk)
    try:
        assert statements(client, home) == others + 1 <= MOST
    finally:
        as_owner("UPDATE tenancy_tenant SET is_demo = false WHERE id = %s", acme.pk)


def test_a_tenant_that_is_no_demonstration_has_no_bar(acme):
    a_load_of(acme)
    client = signed_in(a_member_of(acme))
    assert "tenant-progress" not in client.get("/").content.decode()
    assert client.get(FRAGMENT).status_code == 404


def test_the_rounds_leave_a_demonstration_out_until_it_is_made(acme, bolt, monkeypatch):
    called = []
    monkeypatch.setattr(schedules, "_run", lambda call, tenant_id=None, **_: called.append(tenant_id))
    job = a_load_of(acme)
    schedules.run_round("daily", by=the_system(), at=timezone.now())
    assert bolt.id in called
    assert acme.id not in called
    change(acme, job, state="done")
    schedules.run_round("daily", by=the_system(), at=timezone.now())
    assert acme.id in called
