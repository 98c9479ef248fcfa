import io
import os
import stat
import zipfile

import pytest
from django.test import override_settings
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from catalogue.models import Product
from dealers.models import Membership
from jobs.models import Job
from jobs.operations.files import folder, write_file
from jobs.operations.jobs import request_job, run_job
from portal.tasks import daily
from tenancy.context import tenant_active
from tests.factories import a_party
from tests.people import a_member_of, a_membership, signed_in
from tests.ui.web import goods
from ui.web.exports import harmless

assert goods.Goods.name == "test-goods"


@pytest.fixture(autouse=True)
def var_dir(tmp_path):
    with override_settings(VAR_DIR=tmp_path):
        yield tmp_path


def asked_for(membership, query="", name="test-goods"):
    params = {
        "list": name,
        "title": "Goods",
        "query": query,
        "kwargs": {},
        "membership": str(membership.id),
        "language": "zh-hans",
    }
    return request_job("export", params, by=membership.user_id, nudge=False)


def exported(tenant, job):
    run_job(tenant_id=tenant.id, job_id=job.id)
    with tenant_active(tenant):
        job.refresh_from_db()
    return job


def sheet_of(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_ten_thousand_rows_come_whole_and_in_order(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        Product.objects.bulk_create(Product(sku=f"S{n:06}", name=f"品{n}") for n in range(10_500))
        job = asked_for(who)
    job = exported(acme, job)
    assert (job.state, job.done, job.total) == ("done", 10_500, 10_500), job.message
    answer = signed_in(who).get(f"/jobs/{job.id}/file")
    rows = sheet_of(answer.getvalue())
    assert rows[0] == ["SKU", "Name", "Brand", "Tax"]
    assert [row[0] for row in rows[1:]] == [f"S{n:06}" for n in range(10_500)]
    assert rows[1][3] == 0.13


def test_filters_columns_and_sort_of_the_address_hold(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        Product.objects.create(sku="a", name="A", stage="ended")
        Product.objects.create(sku="b", name="B", stage="ended")
        Product.objects.create(sku="c", name="C")
        job = asked_for(who, "stage=ended&sort=-sku&cols=stage")
    job = exported(acme, job)
    rows = sheet_of(signed_in(who).get(f"/jobs/{job.id}/file").getvalue())
    with translation.override("zh-hans"):
        ended = str(Product.Stage.ENDED.label)
    assert rows == [["SKU", "Stage"], ["b", ended], ["a", ended]]


@pytest.mark.parametrize("text", ["=1+1", "\uff1d1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_text_is_never_a_formula(acme, text):
    assert harmless(text).startswith("'")
    who = a_member_of(acme)
    with tenant_active(acme):
        Product.objects.create(sku=f"x{text}", name=text)
        job = asked_for(who)
    content = signed_in(who).get(f"/jobs/{exported(acme, job).id}/file").getvalue()
    assert sheet_of(content)[1][1].strip("'").strip() == text.strip()
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_only_the_person_who_asked_may_download_it_and_the_file_is_the_servers_alone(acme, bolt):
    who, other, elsewhere = a_member_of(acme), a_member_of(acme, "dealer"), a_member_of(bolt)
    with tenant_active(acme):
        job = asked_for(who)
    job = exported(acme, job)
    with tenant_active(acme):
        path = folder() / job.result["file"]
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert signed_in(who).get(f"/jobs/{job.id}/file").status_code == 200
    for person in (other, elsewhere):
        assert signed_in(person).get(f"/jobs/{job.id}").status_code == 404
        assert signed_in(person).get(f"/jobs/{job.id}/file").status_code == 404


def test_a_director_sees_a_colleagues_job_but_not_the_file(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        boss = a_membership(who.party)
        job = asked_for(who)
    job = exported(acme, job)
    page = signed_in(boss).get(f"/jobs/{job.id}")
    assert page.status_code == 200
    assert b"/file" not in page.content
    assert signed_in(boss).get(f"/jobs/{job.id}/file").status_code == 404


def test_who_has_left_exports_nothing(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        job = asked_for(who)
        Membership.objects.filter(id=who.id).update(is_active=False)
    job = exported(acme, job)
    assert (job.state, job.result) == ("failed", {})


def test_the_rights_are_those_of_when_it_runs(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        Product.objects.create(sku="a", name="A")
        job = asked_for(who, name="jobs")
        Membership.objects.filter(id=who.id).update(role="warehouse")
        Job.objects.create(kind="not mine")
    job = exported(acme, job)
    rows = sheet_of(signed_in(who).get(f"/jobs/{job.id}/file").getvalue())
    assert len(rows) == 2
    assert "not mine" not in str(rows)


def test_who_may_no_longer_open_the_list_exports_nothing_of_it(acme):
    who = a_member_of(acme)
    assert signed_in(who).post("/price-lists", {"action": "export"}).status_code == 302
    with tenant_active(acme):
        Membership.objects.filter(id=who.id).update(role="warehouse")
        job = Job.objects.get(kind="export")
    job = exported(acme, job)
    assert (job.state, job.result) == ("failed", {})


def test_a_file_is_read_where_it_was_asked_for_and_not_in_the_name_of_another_party(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        job = asked_for(who)
        other = a_membership(a_party("dealer"), user=who.user)
    job = exported(acme, job)
    with tenant_active(acme):
        Membership.objects.filter(id=who.id).update(is_active=False)
    client = signed_in(other)
    assert client.get(f"/jobs/{job.id}").status_code == 200
    assert client.get(f"/jobs/{job.id}/file").status_code == 404


def test_an_export_asked_for_on_the_page_becomes_a_job_of_that_person(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        Job.objects.create(kind="test")
    client = signed_in(who)
    answer = client.post("/jobs?state=queued", {"action": "export", "once": "abc"})
    again = client.post("/jobs?state=queued", {"action": "export", "once": "abc"})
    assert answer.status_code == 302
    assert again["Location"] == answer["Location"]
    with tenant_active(acme):
        job = Job.objects.get(kind="export")
    assert answer["Location"] == f"/jobs/{job.id}"
    assert (job.params["query"], job.requested_by_id) == ("state=queued", who.user_id)


def test_files_go_after_a_week(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        job = asked_for(who)
    job = exported(acme, job)
    with tenant_active(acme):
        path = folder() / job.result["file"]
    daily()
    assert path.exists()
    week = timezone.now().timestamp() - 8 * 86400
    os.utime(path, (week, week))
    daily()
    assert not path.exists()
    assert signed_in(who).get(f"/jobs/{job.id}/file").status_code == 404


def test_a_file_is_sent_piece_by_piece_and_not_read_whole(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        job = asked_for(who)
        job = exported(acme, job)
        write_file(job.result["file"], bytes(5_000_000))
    answer = signed_in(who).get(f"/jobs/{job.id}/file")
    assert answer.streaming
    pieces = list(answer.streaming_content)
    assert (sum(map(len, pieces)), max(map(len, pieces)) < 100_000) == (5_000_000, True)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_file_is_for_the_role_that_asked_for_it(acme):
    """It shows what that role might see; a director who became a clerk does not take it along."""
    who = a_member_of(acme, role="finance")
    signed_in(who).post("/jobs", {"action": "export"})
    with tenant_active(acme):
        job = exported(acme, Job.objects.get(kind="export"))
    assert signed_in(who).get(f"/jobs/{job.id}/file").status_code == 200
    with tenant_active(acme):
        Membership.objects.filter(id=who.id).update(role="supervisor")
    assert signed_in(who).get(f"/jobs/{job.id}/file").status_code == 404
    assert b"/file" not in signed_in(who).get(f"/jobs/{job.id}").content


def test_a_file_needs_the_right_that_opens_its_list(acme):
    who = a_member_of(acme, role="finance")
    with tenant_active(acme):
        job = exported(acme, asked_for(who))
        Job.objects.filter(id=job.id).update(params={**job.params, "right": "people.edit"})
    assert signed_in(who).get(f"/jobs/{job.id}/file").status_code == 404
