"""The kinds of what-if: their sentences, the words of their fields, and an example of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from simulations.web import quote_form
from simulations.web.fields import CHOICE, DAY, FLAG, PERCENT, TEXT, WHOLE, Ask, Choices, Made, Rows

METHODS: Choices = (("retroactive", _("on everything")), ("incremental", _("each step on its own")))
GROWTH_MODES: Choices = (
    ("full", _("on the whole turnover")),
    ("excess", _("on what is above the baseline")),
    ("banded", _("each band on its own")),
)
GIVING: Choices = (
    ("unit", _("for each full set")),
    ("proportional", _("in proportion, rounded down")),
    ("whole", _("only where the order is a multiple")),
)
COUNTING: Choices = (("exclusive", _("free ones on top")), ("inclusive", _("free ones within")))


@dataclass(frozen=True, slots=True)
class Kind:
    """`then` makes of the rows what the case wants where that is no list of plain rows."""

    slug: str
    label: str | Promise
    sentence: str | Promise
    icon: str
    asked: tuple[Ask | Rows, ...]
    then: Callable[[Made], None] | None = None


KINDS = {
    one.slug: one
    for one in (
        Kind(
            "quote",
            _("Price"),
            _("What an order would cost a buyer, by which lists and schemes."),
            "tag",
            quote_form.ASKED,
            quote_form.then,
        ),
        Kind(
            "free-goods",
            _("Free goods"),
            _("How many come free for what is bought, by shipment, and what a return costs."),
            "gift",
            (
                Ask("rule.buy", _("Buy"), WHOLE, "8"),
                Ask("rule.free", _("Get free"), WHOLE, "1"),
                Ask("rule.mode", _("Given"), CHOICE, "unit", choices=GIVING),
                Ask("rule.count", _("Counted"), CHOICE, "exclusive", choices=COUNTING),
                Ask("rule.cap", _("At most free"), WHOLE, help=_("empty: no limit")),
                Ask("ordered", _("Ordered, paid"), WHOLE, "20"),
                Ask("cancelled", _("Cancelled of these"), WHOLE),
                Ask("unit_price", _("Price of a unit"), example="60"),
                Rows(
                    "shipments",
                    _("Shipments"),
                    (Ask("", _("Paid units"), WHOLE),),
                    (("10",), ("10",)),
                    _("one a row: paid units"),
                ),
                Rows(
                    "returns",
                    _("Returns"),
                    (Ask("paid", _("Paid units"), WHOLE), Ask("free", _("Free units"), WHOLE)),
                    (("5", "0"),),
                    _("one a row: paid units, free units"),
                ),
            ),
        ),
        Kind(
            "rebate",
            _("Volume rebate"),
            _("What a partner earns in each settlement, and what is missing to the next step."),
            "receipt-yuan",
            (
                Ask("program.method", _("Rate counts"), CHOICE, "retroactive", choices=METHODS),
                Ask("program.cap", _("At most"), help=_("empty: no limit")),
                Rows(
                    "program.tiers",
                    _("Steps"),
                    (Ask("from", _("From")), Ask("rate", _("Rate %"), PERCENT)),
                    (("0", "0"), ("5000000", "3"), ("10000000", "5")),
                    _("one a row: from, rate %"),
                ),
                Rows(
                    "periods",
                    _("Purchases of each period"),
                    (Ask("base", _("Delivered and paid")),),
                    (("4800000",), ("1200000",)),
                    _("one a row, the oldest first; a return is negative"),
                ),
            ),
        ),
        Kind(
            "growth",
            _("Growth rebate"),
            _("What growing over last year's baseline earns."),
            "trending-up",
            (
                Ask("baseline", _("Baseline"), example="2000000"),
                Ask("actual", _("Reached"), example="2350000"),
                Ask("mode", _("Rate counts"), CHOICE, "excess", choices=GROWTH_MODES),
                Ask("strict", _("Only above the bar, not on it"), FLAG),
                Rows(
                    "bands",
                    _("Bands"),
                    (
                        Ask("from", _("From (percent of the baseline)"), PERCENT),
                        Ask("rate", _("Rate %"), PERCENT),
                    ),
                    (("110", "2"), ("115", "3"), ("120", "4")),
                    _("one a row: from (percent of the baseline), rate (percent)"),
                ),
            ),
        ),
        Kind(
            "tier",
            _("Tier"),
            _("Where five scores place a partner, month by month."),
            "scale",
            (
                Ask("current", _("Tier now"), TEXT, _("key")),
                Ask("months_below", _("Months below its bar so far"), WHOLE),
                Rows(
                    "tiers",
                    _("Tiers"),
                    (Ask("name", _("Tier"), TEXT), Ask("from", _("From score"))),
                    ((_("ordinary"), "0"), (_("key"), "60"), (_("core"), "80")),
                    _("one a row: tier, from score"),
                ),
                Rows(
                    "months",
                    _("Scores of each month"),
                    (
                        Ask("scale", _("Scale")),
                        Ask("expertise", _("Expertise")),
                        Ask("coverage", _("Coverage")),
                        Ask("growth", _("Growth")),
                        Ask("collaboration", _("Collaboration")),
                    ),
                    (("60", "95", "70", "90", "80"), ("60", "95", "", "90", "80")),
                    _("one month a row, in the order of the weights; nothing where there is no data"),
                ),
                Ask("weights.scale", _("Weight of scale"), example="30"),
                Ask("weights.expertise", _("Weight of expertise"), example="25"),
                Ask("weights.coverage", _("Weight of coverage"), example="20"),
                Ask("weights.growth", _("Weight of growth"), example="15"),
                Ask("weights.collaboration", _("Weight of collaboration"), example="10"),
            ),
        ),
        Kind(
            "credit",
            _("Credit"),
            _("Whether one more order fits in a partner's limit."),
            "credit-card",
            (
                Ask("today", _("Day"), DAY, "2026-06-01"),
                Ask("limit", _("Credit limit"), example="500000"),
                Ask("order.amount", _("This order"), example="130000"),
                Ask("order.deposit_received", _("Deposit received for it")),
                Ask("open_items", _("Invoiced, not paid"), example="220000"),
                Ask("unapplied_receipts", _("Received, not applied"), example="20000"),
                Ask("delivered_not_invoiced", _("Delivered, not invoiced"), example="60000"),
                Ask("horizon_days", _("Orders due within days"), WHOLE, "30", _("empty: all count")),
                Ask("oldest_overdue_days", _("Longest overdue, days"), WHOLE),
                Ask("max_overdue_days", _("Overdue allowed, days"), WHOLE, help=_("empty: no limit")),
                Rows(
                    "open_orders",
                    _("Open orders"),
                    (Ask("amount", _("Amount")), Ask("due", _("Payment due"), DAY)),
                    (("110000", "2026-06-10"), ("40000", "2026-07-15")),
                    _("one a row: amount, day of payment"),
                ),
            ),
        ),
        Kind(
            "stock",
            _("Stock"),
            _("How much of a product can be promised, today and later."),
            "box",
            (
                Ask("on_hand", _("On hand"), WHOLE, "100"),
                Ask("safety", _("Safety stock"), WHOLE, "10"),
                Ask("quarantine", _("In quarantine"), WHOLE, "5"),
                Ask("hard", _("Reserved for orders"), WHOLE, "30"),
                Ask("soft", _("Held for carts and pre-sales"), WHOLE, "15"),
                Rows(
                    "future",
                    _("Expected"),
                    (Ask("date", _("Day"), DAY), Ask("qty", _("Units"), WHOLE)),
                    (("2026-06-04", "50"), ("2026-06-05", "-60")),
                    _("one a row: day, units; what goes out is negative"),
                ),
            ),
        ),
        Kind(
            "spread",
            _("Price spread"),
            _("What is owed to a member whose guaranteed spread was not kept."),
            "arrows-vertical",
            (
                Ask("guaranteed", _("Guaranteed spread of a unit"), example="4.50"),
                Rows(
                    "sales",
                    _("Purchases"),
                    (
                        Ask("purchase_price", _("Purchase price")),
                        Ask("advised_resale", _("Advised resale price")),
                        Ask("qty", _("Units"), WHOLE),
                    ),
                    (("47", "52", "1000"), ("48", "52", "1000")),
                    _("one a row: purchase price, advised resale price, units"),
                ),
            ),
        ),
    )
}
