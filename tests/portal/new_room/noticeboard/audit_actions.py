from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeAction(TextChoices):
    POSTED = "notice.posted", _("notice posted")
