from django.urls import path

from portal.api import jobs

urlpatterns = [
    path("jobs", jobs.JobList.as_view(), name="api-jobs"),
    path("jobs/<uuid:pk>", jobs.JobDetail.as_view(), name="api-job"),
    path("jobs/<uuid:pk>/stop", jobs.JobStop.as_view(), name="api-job-stop"),
    path("jobs/<uuid:pk>/resume", jobs.JobResume.as_view(), name="api-job-resume"),
]
