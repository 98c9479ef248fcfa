"""The notification topics of settlements and statements.

Their texts are stored untranslated and translated for the reader.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

SETTLED = NotificationTopic(
    "rebates.settled",
    "money",
    gettext_noop("%(program)s is settled"),
    gettext_noop("From %(start)s to %(end)s: %(parties)s statements, %(due)s due altogether."),
)
STATEMENT = NotificationTopic(
    "rebates.statement",
    "money",
    gettext_noop("Your statement of %(program)s is there"),
    gettext_noop("From %(start)s to %(end)s. It opens down to the deliveries beneath each figure."),
)

TOPICS = (
    SETTLED,
    STATEMENT,
)
