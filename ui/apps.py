"""Registration of the room."""

from django.utils.translation import gettext

from kernel import translation
from tenancy.rooms import RoomConfig, ScheduledCall


class UiConfig(RoomConfig):
    name = "ui"
    schedule = (ScheduledCall("ui.web.submit_once.prune_sent_forms"),)

    def ready(self) -> None:
        """Let the rules of all rooms refuse in the reader's language."""
        super().ready()
        translation.install(gettext)
