"""Registration of the room."""

from django.utils.translation import gettext_lazy as _

from jobs import optional_cache
from tenancy.rooms import RoomConfig, ScheduledCall


class JobsConfig(RoomConfig):
    name = "jobs"
    verbose_name = _("Jobs")
    schedule = (ScheduledCall("jobs.operations.files.prune_files"),)

    def ready(self) -> None:
        optional_cache.connect()
