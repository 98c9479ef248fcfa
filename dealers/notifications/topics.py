"""Notification topics of tiers. Texts are stored untranslated and translated for the reader."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

TIER_CHANGED = NotificationTopic(
    "dealers.tier_changed",
    "tiers",
    gettext_noop("Your tier is now %(tier)s"),
    gettext_noop("It was %(before)s. The month's scorecard tells why, and what lifts it."),
)
TIERS_SET = NotificationTopic(
    "dealers.tiers_set",
    "tiers",
    gettext_noop("The tiers of %(month)s are set"),
    gettext_noop("%(promoted)s promoted, %(demoted)s demoted, %(warned)s warned."),
)

TOPICS = (
    TIER_CHANGED,
    TIERS_SET,
)
