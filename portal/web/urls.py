"""The homes, the search, the jobs and who signs in how."""

from django.urls import path

from accounts.web.permissions import entering
from portal.web import component_gallery, home, jobs, sign_in_policy, tenant_progress
from portal.web.search import search_page
from ui.web.list_view import list_view

anyone = entering()

urlpatterns = [
    path("", home.home, name="home"),
    path("kit", component_gallery.kit, name="kit"),
    path("m/", home.member_home, name="member-home"),
    path("m/rebates", home.member_rebates, name="member-rebates"),
    path("m/mine", home.member_mine, name="member-mine"),
    path("people/sign-in", sign_in_policy.door_policy, name="door-policy"),
    path("people/<uuid:membership_id>/lift-second-factor", sign_in_policy.lift, name="lift-second-factor"),
    path("jobs", anyone(list_view(jobs.Jobs)), name="jobs"),
    path("jobs/<uuid:job_id>", anyone(jobs.job_page), name="job"),
    path("jobs/<uuid:job_id>/progress", anyone(jobs.job_progress), name="job-progress"),
    path("jobs/<uuid:job_id>/change", anyone(jobs.change_job), name="job-change"),
    path("jobs/<uuid:job_id>/file", anyone(jobs.job_file), name="job-file"),
    path("tenant-progress", anyone(tenant_progress.tenant_progress), name="tenant-progress"),
    path("search", search_page, name="search"),
]
