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
    gettext_noop("It is concluded with the third signature."),
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
CONTRACT_CONCLUDED = NotificationTopic(
    "alliance.concluded",
    "contracts",
    gettext_noop("Contract %(code)s is signed by all three"),
    gettext_noop("It comes into force by itself on %(start)s and runs to %(end)s."),
)
CONTRACT_EXPIRING = NotificationTopic(
    "alliance.expiring",
    "contracts",
    gettext_noop("Contract %(code)s ends on %(end)s"),
    gettext_noop("The contract with %(member)s ends by itself. Renew it in time, or let it end."),
)
CONTRACT_END_ANNOUNCED = NotificationTopic(
    "alliance.end_announced",
    "contracts",
    gettext_noop("Contract %(code)s ends early, on %(end)s"),
    gettext_noop("%(reason)s Until then everything in it holds; open it to see what is still to be settled."),
)
CONTRACT_ENDED = NotificationTopic(
    "alliance.ended",
    "contracts",
    gettext_noop("Contract %(code)s has ended"),
    gettext_noop("Its regions are free; its guarantees are no longer measured."),
)

DEPOSIT_DUE = NotificationTopic(
    "alliance.deposit_due",
    "contracts",
    gettext_noop("%(amount)s of security deposit are due for contract %(code)s"),
    gettext_noop(
        "%(member)s pays it to %(dealer)s, who records the receipt. It is returned after the contract."
    ),
)
DEPOSIT_RETURN = NotificationTopic(
    "alliance.deposit_return",
    "contracts",
    gettext_noop("%(amount)s of security deposit are to be returned for contract %(code)s"),
    gettext_noop("The contract has ended. %(dealer)s returns it to %(member)s and records the refund."),
)

TOPICS = (
    CONTRACT_SUBMITTED,
    CONTRACT_SIGNED,
    CONTRACT_ACTIVE,
    CONTRACT_CONCLUDED,
    CONTRACT_EXPIRING,
    CONTRACT_END_ANNOUNCED,
    CONTRACT_ENDED,
    DEPOSIT_DUE,
    DEPOSIT_RETURN,
)
