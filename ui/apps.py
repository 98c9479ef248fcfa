"""Registration of the room."""

from tenancy.rooms import RoomConfig, ScheduledCall


class UiConfig(RoomConfig):
    name = "ui"
    schedule = (ScheduledCall("ui.web.submit_once.prune_sent_forms"),)
