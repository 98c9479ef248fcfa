"""The notification topics of trials and ideas. Their texts are translated for the reader."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

TRIAL_OPENED = NotificationTopic(
    "assortment.trial_opened",
    "products",
    gettext_noop("Trial of %(product)s"),
    gettext_noop("You are on the trial list until %(until)s: order it, sell it, and give your feedback."),
)
TRIAL_DECIDED = NotificationTopic(
    "assortment.trial_decided",
    "products",
    gettext_noop("The trial of %(product)s is decided"),
    gettext_noop("Reason: %(reason)s"),
)
TRIAL_EXTENDED = NotificationTopic(
    "assortment.trial_extended",
    "products",
    gettext_noop("The trial of %(product)s is extended until %(until)s"),
    gettext_noop("Reason: %(reason)s"),
)
IDEA_ANSWERED = NotificationTopic(
    "assortment.idea_answered",
    "products",
    gettext_noop("Your idea “%(title)s” is answered"),
    gettext_noop("Answer: %(answer)s"),
)
TOPICS = (TRIAL_OPENED, TRIAL_DECIDED, TRIAL_EXTENDED, IDEA_ANSWERED)
