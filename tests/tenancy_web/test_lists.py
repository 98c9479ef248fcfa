from django.urls import reverse

from tenancy.context import tenant_active
from tenancy.models import Job
from tests.people import a_member_of, signed_in


def test_a_list_shows_pages_by_cursor(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        Job.objects.bulk_create(Job(kind=f"test.{n:03}") for n in range(120))
    client = signed_in(who)
    first = client.get("/jobs")
    assert first.status_code == 200, first.content
    page = first.context["list"]
    assert (page.page.start, page.last, page.total) == (1, 50, 120)
    seen = [line.row.kind for line in page.lines]
    while page.next_url:
        page = client.get("/jobs" + page.next_url).context["list"]
        seen += [line.row.kind for line in page.lines]
    assert sorted(seen) == [f"test.{n:03}" for n in range(120)]
    assert reverse("jobs") == "/jobs"
