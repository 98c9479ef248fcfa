"""Notification topics of approvals. Texts are stored untranslated and translated for the reader."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

REQUESTED = NotificationTopic(
    "approvals.requested",
    "approvals",
    gettext_noop("%(person)s asks for your approval: %(title)s"),
    gettext_noop("It takes effect when a second person approves it."),
)
APPROVED = NotificationTopic(
    "approvals.approved",
    "approvals",
    gettext_noop("%(person)s approved: %(title)s"),
)
REJECTED = NotificationTopic(
    "approvals.rejected",
    "approvals",
    gettext_noop("%(person)s rejected: %(title)s"),
    gettext_noop("Reason: %(reason)s"),
)
TOPICS = (REQUESTED, APPROVED, REJECTED)
