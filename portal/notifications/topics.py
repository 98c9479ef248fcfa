"""The notification topics of ended jobs.

Their texts are stored untranslated and translated for the reader.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

JOB_DONE = NotificationTopic("jobs.job_done", "jobs", gettext_noop("%(job)s is done"))
JOB_FAILED = NotificationTopic(
    "jobs.job_failed", "jobs", gettext_noop("%(job)s has failed"), gettext_noop("Reason: %(message)s")
)

TOPICS = (JOB_DONE, JOB_FAILED)
