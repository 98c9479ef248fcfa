"""Notification topics of pricing. Texts are stored untranslated and translated for the reader."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

PRICES_PUBLISHED = NotificationTopic(
    "pricing.published",
    "prices",
    gettext_noop("Price list %(code)s is published"),
    gettext_noop("%(seller)s, valid from %(start)s."),
)
PRICES_FOR_YOU = NotificationTopic(
    "pricing.published",
    "prices",
    gettext_noop("New prices of %(seller)s"),
    gettext_noop("Price list %(code)s is valid from %(start)s."),
)

TOPICS = (
    PRICES_PUBLISHED,
    PRICES_FOR_YOU,
)
