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
APPLICATION_RECEIVED = NotificationTopic(
    "alliance.applied",
    "recruitment",
    gettext_noop("%(company)s applies from %(region)s"),
    gettext_noop("Application %(code)s waits for its review."),
)
APPLICATION_ANSWERED = NotificationTopic(
    "alliance.application_answered",
    "recruitment",
    gettext_noop("%(company)s has answered your question"),
    gettext_noop("Application %(code)s is in review again."),
)
AUTHORISED = NotificationTopic(
    "alliance.authorised",
    "contracts",
    gettext_noop("Authorisation %(number)s is issued to you"),
    gettext_noop("It holds from %(start)s to %(end)s. Download the certificate from its page."),
)
AUTHORISATION_REVOKED = NotificationTopic(
    "alliance.authorisation_revoked",
    "contracts",
    gettext_noop("Authorisation %(number)s is revoked"),
    gettext_noop("Reason: %(reason)s. Its verification page says so from now on."),
)
AUTHORISATION_EXPIRING = NotificationTopic(
    "alliance.authorisation_expiring",
    "contracts",
    gettext_noop("Authorisation %(number)s of %(party)s expires after %(end)s"),
    gettext_noop("From the next day its verification page says so. Issue a new one in time, if it goes on."),
)

GUARANTEE_BROKEN = NotificationTopic(
    "guarantee.broken",
    "contracts",
    gettext_noop("%(code)s: a guarantee of %(month)s was not met, %(owed)s is owed"),
    gettext_noop("%(kind)s for %(member)s. The side at fault replies by %(reply_by)s."),
)
BREACH_REPLY_DUE = NotificationTopic(
    "breach.reply_due",
    "contracts",
    gettext_noop("%(code)s: reply to the breach by %(reply_by)s"),
    gettext_noop("%(kind)s of %(month)s, %(owed)s. Without a reply it is decided by what was measured."),
)
BREACH_REPLIED = NotificationTopic(
    "breach.replied",
    "contracts",
    gettext_noop("%(code)s: %(replier)s replied to the breach of %(month)s"),
    gettext_noop("%(kind)s for %(member)s, %(owed)s. Read the reply and decide."),
)
BREACH_DECIDED = NotificationTopic(
    "breach.decided",
    "contracts",
    gettext_noop("%(code)s: the breach of %(month)s is decided"),
    gettext_noop("%(kind)s for %(member)s: of %(owed)s measured, %(payable)s is owed."),
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

CONTRACT_PROPOSED = NotificationTopic(
    "alliance.proposed",
    "contracts",
    gettext_noop("%(dealer)s proposes contract %(code)s"),
    gettext_noop("It is for %(member)s. Take the draft over, complete it and submit it for signature."),
)

TOPICS = (
    GUARANTEE_BROKEN,
    BREACH_REPLY_DUE,
    BREACH_REPLIED,
    BREACH_DECIDED,
    CONTRACT_PROPOSED,
    CONTRACT_SUBMITTED,
    CONTRACT_SIGNED,
    CONTRACT_ACTIVE,
    CONTRACT_CONCLUDED,
    CONTRACT_EXPIRING,
    CONTRACT_END_ANNOUNCED,
    CONTRACT_ENDED,
    APPLICATION_RECEIVED,
    APPLICATION_ANSWERED,
    AUTHORISED,
    AUTHORISATION_EXPIRING,
    AUTHORISATION_REVOKED,
    DEPOSIT_DUE,
    DEPOSIT_RETURN,
    DUTIES_DUE,
    PLAN_HANDED_DOWN,
    OBJECTIVE_CHANGED,
    OBJECTIVE_AGREED,
    OBJECTIVE_COUNTERED,
    PLAN_IN_FORCE,
)
