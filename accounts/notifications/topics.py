"""Notification topics about a person's account."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

FACTOR_LIFTED = NotificationTopic(
    "accounts.factor_lifted",
    "account",
    gettext_noop("Your second factor was lifted"),
    gettext_noop(
        "%(by)s has done so, because the device was lost."
        " If you did not ask for it, change your password and set it up again."
    ),
)

TOPICS = (FACTOR_LIFTED,)
