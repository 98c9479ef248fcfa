"""The jobs' pages behind the guard of accounts, which tenancy lies beneath."""

from collections.abc import Callable

from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from accounts.web.permissions import entering
from dealers.models.party import TERRITORY_ROLES
from portal.queries.job_kinds import describe
from portal.web import jobs
from ui.web.list_view import list_view


def who_sees_all(right: str) -> Callable[[Actor], bool]:
    """The manufacturer's people with a right, but those of some territories: a job is of all of them."""

    def told_to(actor: Actor) -> bool:
        return actor.party_kind == MANUFACTURER and actor.role not in TERRITORY_ROLES and actor.may(right)

    return told_to


describe("rebates.settle", _("Settlement"), told_to=who_sees_all("rebate.view"))
describe("rebates.book_guarantees", _("Guarantees booked"), told_to=who_sees_all("ledger.view"))
describe("dealers.tier_month", _("Tiers of a month"), told_to=who_sees_all("tier.view"))
describe("imports.import_sales", _("Import of sales"))
describe("demo.load_demo", _("Demonstration"))
anyone = entering()
urlpatterns = [
    path("jobs", anyone(list_view(jobs.Jobs)), name="jobs"),
    path("jobs/<uuid:job_id>", anyone(jobs.job_page), name="job"),
    path("jobs/<uuid:job_id>/progress", anyone(jobs.job_progress), name="job-progress"),
    path("jobs/<uuid:job_id>/change", anyone(jobs.change_job), name="job-change"),
    path("jobs/<uuid:job_id>/file", anyone(jobs.job_file), name="job-file"),
]
