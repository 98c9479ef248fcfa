"""The notification topics of orders, shipments and returns.

Their texts are stored untranslated and translated for the reader.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

ORDER_PLACED = NotificationTopic(
    "ordering.placed",
    "orders",
    gettext_noop("New order %(number)s"),
    gettext_noop("%(buyer)s ordered for %(total)s %(currency)s."),
)
ORDER_HELD = NotificationTopic(
    "ordering.held",
    "orders",
    gettext_noop("Order %(number)s is held by credit"),
    gettext_noop(
        "%(buyer)s ordered for %(total)s %(currency)s, more than the credit reaches."
        " A payment, a deposit or a higher limit releases it."
    ),
)
ORDER_REVIEW = NotificationTopic(
    "ordering.review",
    "orders",
    gettext_noop("Order %(number)s waits for a decision"),
    gettext_noop("A price in the order of %(buyer)s (%(total)s %(currency)s) wants a person's yes."),
)
ORDER_CONFIRMED = NotificationTopic(
    "ordering.confirmed",
    "orders",
    gettext_noop("Order %(number)s is confirmed"),
    gettext_noop("%(seller)s has confirmed it: %(total)s %(currency)s."),
)
ORDER_CANCELLED = NotificationTopic(
    "ordering.cancelled",
    "orders",
    gettext_noop("Order %(number)s is cancelled"),
    gettext_noop("What was not shipped of it will not come. %(seller)s → %(buyer)s."),
)
SHIPPED = NotificationTopic(
    "ordering.shipped",
    "orders",
    gettext_noop("Shipment %(shipment)s is on its way"),
    gettext_noop(
        "Of order %(number)s, from %(seller)s: %(amount)s %(currency)s. Sign for it when it is there."
    ),
)
DELIVERED = NotificationTopic(
    "ordering.delivered",
    "orders",
    gettext_noop("Shipment %(shipment)s was delivered"),
    gettext_noop("Of order %(number)s, to %(buyer)s, signed for by %(signed_by)s: %(amount)s %(currency)s."),
)
SHIPPED_WITHOUT_PRICES = replace(
    SHIPPED, body=gettext_noop("Of order %(number)s, from %(seller)s. Sign for it when it is there.")
)
DELIVERED_WITHOUT_PRICES = replace(
    DELIVERED, body=gettext_noop("Of order %(number)s, to %(buyer)s, signed for by %(signed_by)s.")
)
RETURN_REQUESTED = NotificationTopic(
    "ordering.return_asked",
    "orders",
    gettext_noop("A return of order %(number)s is asked for"),
    gettext_noop("%(buyer)s wants to give goods back. Take them back or say no."),
)
RETURNED = NotificationTopic(
    "ordering.returned",
    "orders",
    gettext_noop("Return %(number)s is booked"),
    gettext_noop("%(buyer)s gave back goods for %(credit)s; %(seller)s has credited them."),
)
RETURNED_WITHOUT_PRICES = replace(
    RETURNED, body=gettext_noop("%(buyer)s gave back goods; %(seller)s has credited them.")
)

TOPICS = (
    ORDER_PLACED,
    ORDER_HELD,
    ORDER_REVIEW,
    ORDER_CONFIRMED,
    ORDER_CANCELLED,
    SHIPPED,
    DELIVERED,
    SHIPPED_WITHOUT_PRICES,
    DELIVERED_WITHOUT_PRICES,
    RETURN_REQUESTED,
    RETURNED,
    RETURNED_WITHOUT_PRICES,
)
