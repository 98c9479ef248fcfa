"""Notification topics of contracts. Texts are stored untranslated and translated for the reader."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

CONTRACT_SUBMITTED = NotificationTopic(
    "alliance.submitted",
    "contracts",
    gettext_noop("Contract %(code)s is ready to be signed"),
    gettext_noop("%(manufacturer)s, %(dealer)s and %(member)s sign the same text. Read it and sign."),
)
CONTRACT_SIGNED = NotificationTopic(
    "alliance.signed",
    "contracts",
    gettext_noop("%(signer)s has signed contract %(code)s"),
    gettext_noop("It comes into force with the third signature."),
)
CONTRACT_ACTIVE = NotificationTopic(
    "alliance.activated",
    "contracts",
    gettext_noop("Contract %(code)s is in force"),
    gettext_noop(
        "All three have signed. It is in force from %(start)s to %(end)s;"
        " its guarantees are measured from now on."
    ),
)
CONTRACT_ENDED = NotificationTopic(
    "alliance.ended",
    "contracts",
    gettext_noop("Contract %(code)s has ended"),
    gettext_noop("Its regions are free; its guarantees are no longer measured."),
)

CONTRACT_PROPOSED = NotificationTopic(
    "alliance.proposed",
    "contracts",
    gettext_noop("%(dealer)s proposes contract %(code)s"),
    gettext_noop("It is for %(member)s. Take the draft over, complete it and submit it for signature."),
)

TOPICS = (
    CONTRACT_PROPOSED,
    CONTRACT_SUBMITTED,
    CONTRACT_SIGNED,
    CONTRACT_ACTIVE,
    CONTRACT_ENDED,
)
