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

DUTIES_DUE = NotificationTopic(
    "alliance.duties_due",
    "duties",
    gettext_noop("Duties: %(overdue)s overdue, %(due)s due within 3 days"),
    gettext_noop("Report what was done, with the document that shows it."),
)
PLAN_HANDED_DOWN = NotificationTopic(
    "alliance.plan_handed_down",
    "duties",
    gettext_noop("Your objectives of the channel plan %(year)s"),
    gettext_noop("%(plan)s: read the objectives, agree to them or ask for others with a reason."),
)
OBJECTIVE_CHANGED = NotificationTopic(
    "alliance.objective_changed",
    "duties",
    gettext_noop("An objective of the channel plan was changed"),
    gettext_noop("%(plan)s: the objective is %(amount)s now."),
)
OBJECTIVE_AGREED = NotificationTopic(
    "alliance.objective_agreed",
    "duties",
    gettext_noop("%(party)s agrees to an objective"),
    gettext_noop("%(plan)s: %(amount)s."),
)
OBJECTIVE_COUNTERED = NotificationTopic(
    "alliance.objective_countered",
    "duties",
    gettext_noop("%(party)s asks for another objective"),
    gettext_noop("%(plan)s: %(asked)s instead of %(amount)s, because: %(reason)s"),
)
PLAN_IN_FORCE = NotificationTopic(
    "alliance.plan_in_force",
    "duties",
    gettext_noop("The channel plan %(year)s is in force"),
    gettext_noop("%(plan)s: its objectives are measured each month from deliveries."),
)

TOPICS = (
    CONTRACT_SUBMITTED,
    CONTRACT_SIGNED,
    CONTRACT_ACTIVE,
    CONTRACT_ENDED,
    DUTIES_DUE,
    PLAN_HANDED_DOWN,
    OBJECTIVE_CHANGED,
    OBJECTIVE_AGREED,
    OBJECTIVE_COUNTERED,
    PLAN_IN_FORCE,
)
