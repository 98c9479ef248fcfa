"""Registration of the room."""

from django.utils.translation import gettext_lazy as _

from tenancy.rooms import RoomConfig, ScheduledCall


class JobsConfig(RoomConfig):
    name = "jobs"
    verbose_name = _("Jobs")
    schedule = (ScheduledCall("jobs.operations.files.prune_files"),)
