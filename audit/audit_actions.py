"""What the trail records for the rooms that stand below it, and for the admin of every room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AdminAction(TextChoices):
    """A row changed by hand in Django's admin."""

    ADD = "admin.add", _("added in the master data")
    CHANGE = "admin.change", _("changed in the master data")
    DELETE = "admin.delete", _("deleted in the master data")


class JobAction(TextChoices):
    STOP = "job.stop", _("job stopped")
    RESUME = "job.resume", _("job resumed")
