"""URLs of the homes, the search, the jobs and the sign-in policy."""

from django.urls import path

from accounts.web.permissions import entering
from portal.web import component_gallery, home, jobs, sign_in_policy, tenant_progress
from portal.web.search import search_page
from ui.web.list_view import list_view

signed_in = entering()

urlpatterns = [
    path("", home.home, name="home"),
    path("kit", component_gallery.kit, name="kit"),
    path("m/", home.member_home, name="member-home"),
    path("m/rebates", home.member_rebates, name="member-rebates"),
    path("m/mine", home.member_mine, name="member-mine"),
    path("people/sign-in", sign_in_policy.policy_page, name="sign-in-policy"),
    path("people/<uuid:membership_id>/lift-second-factor", sign_in_policy.lift, name="lift-second-factor"),
    path("jobs", signed_in(list_view(jobs.Jobs)), name="jobs"),
    path("jobs/<uuid:job_id>", signed_in(jobs.job_page), name="job"),
    path("jobs/<uuid:job_id>/progress", signed_in(jobs.job_progress), name="job-progress"),
    path("jobs/<uuid:job_id>/change", signed_in(jobs.change_job), name="job-change"),
    path("jobs/<uuid:job_id>/file", signed_in(jobs.job_file), name="job-file"),
    path("tenant-progress", signed_in(tenant_progress.tenant_progress), name="tenant-progress"),
    path("search", search_page, name="search"),
]
