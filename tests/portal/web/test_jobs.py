"""Who sees which job, and which of its figures: by right, by territory, and by who asked for it."""

import pytest

from jobs.models import Job
from jobs.operations.jobs import request_job
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.people import a_member_of, signed_in

pytestmark = pytest.mark.django_db
SECRET, COUNT = "987654.32", 7654
ROLES = ("director", "finance", "region_manager", "supervisor", "account_manager", "sales_rep", "warehouse")


def ended(kind, by=None):
    job = request_job(kind, {"title": "Lychee Ltd"}, by=by and by.user_id, nudge=False)
    told = {"message": f"paid {SECRET}", "result": {"due": SECRET}, "done": COUNT, "total": COUNT}
    Job.objects.filter(id=job.id).update(state="failed", **told)
    return job


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("kind", "seen", "told"),
    [
        ("rebates.settle", {"director", "finance", "region_manager", "supervisor"}, {"director", "finance"}),
        (
            "rebates.book_guarantees",
            {"director", "finance", "region_manager", "supervisor"},
            {"director", "finance"},
        ),
        (
            "analytics.tier_month",
            {"director", "finance", "region_manager", "supervisor"},
            {"director", "finance", "supervisor"},
        ),
        (
            "imports.import_sales",
            {"director", "finance", "region_manager", "supervisor"},
            {"director", "finance"},
        ),
        ("export", {"director", "finance"}, {"director", "finance"}),
    ],
)
def test_each_role_sees_what_it_may(acme, role, kind, seen, told):
    with tenant_active(acme):
        job = ended(kind)
    client = signed_in(a_member_of(acme, role=role))
    pages = [client.get(path) for path in (f"/jobs/{job.id}", f"/jobs/{job.id}/progress")]
    assert {page.status_code for page in pages} == ({200} if role in seen else {404})
    pages.append(client.get("/jobs"))
    text = "".join(page.content.decode() for page in pages)
    assert (SECRET in text) == (role in told)
    assert ("7,654" in text) == (role in told)
    assert ("Lychee" in text) == (role in seen)


def test_one_sees_all_of_what_one_asked_for(acme):
    rep = a_member_of(acme, role="sales_rep")
    other = a_member_of(acme, "dealer", "sales_rep")
    with tenant_active(acme):
        job = ended("export", by=rep)
    assert SECRET in signed_in(rep).get(f"/jobs/{job.id}").content.decode()
    assert signed_in(other).get(f"/jobs/{job.id}").status_code == 404
    assert "Lychee" not in signed_in(other).get("/jobs").content.decode()


def test_a_key_that_only_looks_sees_no_exports_of_people(acme):
    maker = a_member_of(acme).party
    with tenant_active(acme):
        job, settling = ended("export"), ended("rebates.settle")
    looks, runs = (
        ApiClient(acme, maker, "system", scopes) for scopes in (["job.view"], ["job.view", "job.run"])
    )
    assert looks.get(f"jobs/{job.id}").status_code == 404
    assert [one["id"] for one in looks.get("jobs").json()["results"]] == [str(settling.id)]
    assert runs.get(f"jobs/{job.id}").status_code == 200
