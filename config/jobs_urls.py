"""The jobs' pages behind the guard of accounts, which tenancy lies beneath."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.web.guard import entering
from tenancy.web import jobs
from tenancy.web.pages import list_view

jobs.describe("rebates.settle", _("Settlement"))
jobs.describe("rebates.book_guarantees", _("Guarantees booked"))
jobs.describe("dealers.tier_month", _("Tiers of a month"))
jobs.describe("integrations.import_sales", _("Import of sales"))
jobs.describe("integrations.load_demo", _("Demonstration"))
anyone = entering()
urlpatterns = [
    path("jobs", anyone(list_view(jobs.Jobs)), name="jobs"),
    path("jobs/<uuid:job_id>", anyone(jobs.job_page), name="job"),
    path("jobs/<uuid:job_id>/progress", anyone(jobs.job_progress), name="job-progress"),
    path("jobs/<uuid:job_id>/change", anyone(jobs.change_job), name="job-change"),
    path("jobs/<uuid:job_id>/file", anyone(jobs.job_file), name="job-file"),
]
