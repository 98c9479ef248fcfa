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
    gettext_noop("Order %(number)s is on credit hold"),
    gettext_noop(
        "%(buyer)s ordered for %(total)s %(currency)s: credit limit exceeded."
        " A payment, a prepayment or a higher limit releases the order."
    ),
)
ORDER_REVIEW = NotificationTopic(
    "ordering.review",
    "orders",
    gettext_noop("Order %(number)s needs approval"),
    gettext_noop("Price outside limits in the order of %(buyer)s (%(total)s %(currency)s); needs approval."),
)
ORDER_APPROVED = NotificationTopic(
    "ordering.approved",
    "orders",
    gettext_noop("The prices of order %(number)s are approved"),
    gettext_noop("%(seller)s has approved the prices: %(total)s %(currency)s."),
)
ORDER_SENT_BACK = NotificationTopic(
    "ordering.sent_back",
    "orders",
    gettext_noop("Order %(number)s was sent back"),
    gettext_noop("%(seller)s did not approve the prices: %(reason)s"),
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
    gettext_noop("The unshipped quantity is closed. %(seller)s → %(buyer)s."),
)
SHIPPED = NotificationTopic(
    "ordering.shipped",
    "orders",
    gettext_noop("Shipment %(shipment)s is in transit"),
    gettext_noop(
        "Order %(number)s from %(seller)s: %(amount)s %(currency)s. Confirm receipt when it arrives."
    ),
)
DELIVERED = NotificationTopic(
    "ordering.delivered",
    "orders",
    gettext_noop("Shipment %(shipment)s was delivered"),
    gettext_noop("Order %(number)s to %(buyer)s, signed for by %(signed_by)s: %(amount)s %(currency)s."),
)
SLIP_ADDED = NotificationTopic(
    "ordering.slip_added",
    "orders",
    gettext_noop("The signed slip of shipment %(shipment)s is uploaded"),
    gettext_noop(
        "%(seller)s says that the goods of order %(number)s have arrived. Confirm the receipt;"
        " without an answer they count as received after %(hours)s hours."
    ),
)
TIMED_OUT = NotificationTopic(
    "ordering.timed_out",
    "orders",
    gettext_noop("Shipment %(shipment)s was received by time-out"),
    gettext_noop(
        "%(buyer)s did not answer the signed slip of order %(number)s in time. The goods count as received."
    ),
)
SHIPPED_WITHOUT_PRICES = replace(
    SHIPPED, body=gettext_noop("Order %(number)s from %(seller)s. Confirm receipt when it arrives.")
)
DELIVERED_WITHOUT_PRICES = replace(
    DELIVERED, body=gettext_noop("Order %(number)s to %(buyer)s, signed for by %(signed_by)s.")
)
RETURN_REQUESTED = NotificationTopic(
    "ordering.return_asked",
    "orders",
    gettext_noop("Return requested for order %(number)s"),
    gettext_noop("%(buyer)s requests a return. Accept or decline it."),
)
RETURNED = NotificationTopic(
    "ordering.returned",
    "orders",
    gettext_noop("Return %(number)s is booked"),
    gettext_noop("%(buyer)s returned goods for %(credit)s; %(seller)s has credited them."),
)
RETURNED_WITHOUT_PRICES = replace(
    RETURNED, body=gettext_noop("%(buyer)s returned goods; %(seller)s has credited them.")
)
PRODUCT_PHASED_OUT = NotificationTopic(
    "ordering.product_phased_out",
    "products",
    gettext_noop("%(product)s is being phased out"),
    gettext_noop("There is no new supply; what is in stock is sold. Reason: %(reason)s"),
)
PRODUCT_PHASED_OUT_FOR = replace(
    PRODUCT_PHASED_OUT,
    body=gettext_noop(
        "There is no new supply; what is in stock is sold. Successor: %(successor)s. Reason: %(reason)s"
    ),
)
PRODUCT_ENDED = NotificationTopic(
    "ordering.product_ended",
    "products",
    gettext_noop("%(product)s is no longer sold"),
    gettext_noop("Reason: %(reason)s"),
)
PRODUCT_ENDED_FOR = replace(PRODUCT_ENDED, body=gettext_noop("Successor: %(successor)s. Reason: %(reason)s"))
PRODUCT_ON_SALE_AGAIN = NotificationTopic(
    "ordering.product_on_sale_again",
    "products",
    gettext_noop("%(product)s is on sale again"),
    gettext_noop("Reason: %(reason)s"),
)

TOPICS = (
    PRODUCT_PHASED_OUT,
    PRODUCT_PHASED_OUT_FOR,
    PRODUCT_ENDED,
    PRODUCT_ENDED_FOR,
    PRODUCT_ON_SALE_AGAIN,
    ORDER_PLACED,
    ORDER_HELD,
    ORDER_REVIEW,
    ORDER_APPROVED,
    ORDER_SENT_BACK,
    ORDER_CONFIRMED,
    ORDER_CANCELLED,
    SHIPPED,
    DELIVERED,
    SLIP_ADDED,
    TIMED_OUT,
    SHIPPED_WITHOUT_PRICES,
    DELIVERED_WITHOUT_PRICES,
    RETURN_REQUESTED,
    RETURNED,
    RETURNED_WITHOUT_PRICES,
)
