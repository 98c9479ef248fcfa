"""The words of each event. They are kept untranslated and read in the reader's language."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_noop

from accounts.domain.topics import Topic

ORDER_PLACED = Topic(
    "ordering.placed", "orders", gettext_noop("New order %(number)s"),
    gettext_noop("%(buyer)s ordered for %(total)s %(currency)s."),
)  # fmt: skip
ORDER_HELD = Topic(
    "ordering.held", "orders", gettext_noop("Order %(number)s is held by credit"),
    gettext_noop(
        "%(buyer)s ordered for %(total)s %(currency)s, more than the credit reaches."
        " A payment, a deposit or a higher limit releases it."
    ),
)  # fmt: skip
ORDER_REVIEW = Topic(
    "ordering.review", "orders", gettext_noop("Order %(number)s waits for a decision"),
    gettext_noop("A price in the order of %(buyer)s (%(total)s %(currency)s) wants a person's yes."),
)  # fmt: skip
ORDER_CONFIRMED = Topic(
    "ordering.confirmed", "orders", gettext_noop("Order %(number)s is confirmed"),
    gettext_noop("%(seller)s has confirmed it: %(total)s %(currency)s."),
)  # fmt: skip
ORDER_CANCELLED = Topic(
    "ordering.cancelled", "orders", gettext_noop("Order %(number)s is cancelled"),
    gettext_noop("What was not shipped of it will not come. %(seller)s → %(buyer)s."),
)  # fmt: skip
SHIPPED = Topic(
    "ordering.shipped", "orders", gettext_noop("Shipment %(shipment)s is on its way"),
    gettext_noop(
        "Of order %(number)s, from %(seller)s: %(amount)s %(currency)s. Sign for it when it is there."
    ),
)  # fmt: skip
DELIVERED = Topic(
    "ordering.delivered", "orders", gettext_noop("Shipment %(shipment)s was delivered"),
    gettext_noop("Of order %(number)s, to %(buyer)s, signed for by %(signed_by)s: %(amount)s %(currency)s."),
)  # fmt: skip
SHIPPED_PLAINLY = replace(
    SHIPPED, body=gettext_noop("Of order %(number)s, from %(seller)s. Sign for it when it is there.")
)
DELIVERED_PLAINLY = replace(
    DELIVERED, body=gettext_noop("Of order %(number)s, to %(buyer)s, signed for by %(signed_by)s.")
)
RETURN_ASKED = Topic(
    "ordering.return_asked", "orders", gettext_noop("A return of order %(number)s is asked for"),
    gettext_noop("%(buyer)s wants to give goods back. Take them back or say no."),
)  # fmt: skip
RETURNED = Topic(
    "ordering.returned", "orders", gettext_noop("Return %(number)s is booked"),
    gettext_noop("%(buyer)s gave back goods for %(credit)s; %(seller)s has credited them."),
)  # fmt: skip
RETURNED_PLAINLY = replace(
    RETURNED, body=gettext_noop("%(buyer)s gave back goods; %(seller)s has credited them.")
)
SETTLED = Topic(
    "rebates.settled", "money", gettext_noop("%(program)s is settled"),
    gettext_noop("From %(start)s to %(end)s: %(parties)s statements, %(due)s due altogether."),
)  # fmt: skip
STATEMENT = Topic(
    "rebates.statement", "money", gettext_noop("Your statement of %(program)s is there"),
    gettext_noop("From %(start)s to %(end)s. It opens down to the deliveries beneath each figure."),
)  # fmt: skip
CONTRACT_SUBMITTED = Topic(
    "alliance.submitted", "contracts", gettext_noop("Contract %(code)s is ready to be signed"),
    gettext_noop("%(manufacturer)s, %(dealer)s and %(member)s sign the same text. Read it and sign."),
)  # fmt: skip
CONTRACT_SIGNED = Topic(
    "alliance.signed", "contracts", gettext_noop("%(signer)s has signed contract %(code)s"),
    gettext_noop("It comes into force with the third signature."),
)  # fmt: skip
CONTRACT_ACTIVE = Topic(
    "alliance.activated", "contracts", gettext_noop("Contract %(code)s is in force"),
    gettext_noop(
        "All three have signed. It runs from %(start)s to %(end)s;"
        " its guarantees are measured from now on."
    ),
)  # fmt: skip
CONTRACT_ENDED = Topic(
    "alliance.ended", "contracts", gettext_noop("Contract %(code)s has ended"),
    gettext_noop("Its regions are free, and its guarantees are measured no more."),
)  # fmt: skip
TIER_CHANGED = Topic(
    "dealers.tier_changed", "tiers", gettext_noop("Your tier is now %(tier)s"),
    gettext_noop("It was %(before)s. The month's scorecard tells why, and what lifts it."),
)  # fmt: skip
TIERS_SET = Topic(
    "dealers.tiers_set", "tiers", gettext_noop("The tiers of %(month)s are set"),
    gettext_noop("%(promoted)s promoted, %(demoted)s demoted, %(warned)s warned."),
)  # fmt: skip
JOB_DONE = Topic("jobs.job_done", "jobs", gettext_noop("%(job)s is done"))
JOB_FAILED = Topic(
    "jobs.job_failed", "jobs", gettext_noop("%(job)s has failed"), gettext_noop("It says: %(message)s")
)
PRICES_PUBLISHED = Topic(
    "pricing.published", "prices", gettext_noop("Price list %(code)s is published"),
    gettext_noop("%(seller)s, valid from %(start)s."),
)  # fmt: skip
PRICES_FOR_YOU = Topic(
    "pricing.published", "prices", gettext_noop("New prices of %(seller)s"),
    gettext_noop("Price list %(code)s is valid from %(start)s."),
)  # fmt: skip
FACTOR_LIFTED = Topic(
    "accounts.factor_lifted", "account", gettext_noop("Your second factor was lifted"),
    gettext_noop(
        "%(by)s has done so, because the device was lost."
        " If you did not ask for it, change your password and set it up again."
    ),
)  # fmt: skip
