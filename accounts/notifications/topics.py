"""The words of what happens to a person's account.

They are stored untranslated and translated for the reader.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

FACTOR_LIFTED = NotificationTopic(
    "accounts.factor_lifted", "account", gettext_noop("Your second factor was lifted"),
    gettext_noop(
        "%(by)s has done so, because the device was lost."
        " If you did not ask for it, change your password and set it up again."
    ),
)  # fmt: skip

TOPICS = (FACTOR_LIFTED,)
