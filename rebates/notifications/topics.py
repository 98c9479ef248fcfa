"""The notification topics of settlements and statements.

Their texts are stored untranslated and translated for the reader.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

SETTLED = NotificationTopic(
    "rebates.settled",
    "money",
    gettext_noop("%(program)s is settled"),
    gettext_noop("From %(start)s to %(end)s: %(parties)s statements, %(due)s due altogether."),
)
STATEMENT = NotificationTopic(
    "rebates.statement",
    "money",
    gettext_noop("Your statement of %(program)s is there"),
    gettext_noop("From %(start)s to %(end)s. It opens down to the deliveries beneath each figure."),
)
PRICE_DROP_COMPUTED = NotificationTopic(
    "rebates.price_drop_computed",
    "money",
    gettext_noop("%(code)s lowers prices: %(claims)s claims of partners"),
    gettext_noop("%(amount)s for stock on hand and in transit. %(questions)s claims have a question."),
)
PRICE_DROP_CLAIM = NotificationTopic(
    "rebates.price_drop_claim",
    "money",
    gettext_noop("%(seller)s lowers prices from %(start)s: your stock is compensated"),
    gettext_noop("Check stock and amount by %(until)s. Without a reply the claim counts as accepted."),
)
PRICE_DROP_REPLIED = NotificationTopic(
    "rebates.price_drop_replied",
    "money",
    gettext_noop("%(party)s: %(reply)s"),
    gettext_noop("Price-drop claim of %(code)s, %(amount)s. It waits for your decision."),
)
PRICE_DROP_POSTED = NotificationTopic(
    "rebates.price_drop_decided",
    "money",
    gettext_noop("%(seller)s compensates %(amount)s for the price drop"),
    gettext_noop("Price list %(code)s. The amount is in your wallet."),
)
PRICE_DROP_REFUSED = NotificationTopic(
    "rebates.price_drop_decided",
    "money",
    gettext_noop("%(seller)s refuses the price-drop claim"),
    gettext_noop("Price list %(code)s: %(reason)s"),
)
REPLY_NAMES = {
    "accepted": gettext_noop("claim accepted"),
    "corrected": gettext_noop("other stock stated"),
    "disputed": gettext_noop("claim disputed"),
    "silent": gettext_noop("no reply: accepted as computed"),
}

TOPICS = (
    SETTLED,
    STATEMENT,
    PRICE_DROP_COMPUTED,
    PRICE_DROP_CLAIM,
    PRICE_DROP_REPLIED,
    PRICE_DROP_POSTED,
    PRICE_DROP_REFUSED,
)
