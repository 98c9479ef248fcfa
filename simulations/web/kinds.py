"""The kinds of what-if: their titles, fields and examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from simulations.web import quote_form
from simulations.web.fields import (
    CHOICE,
    DAY,
    FLAG,
    INTEGER,
    PERCENT,
    QUANTITY,
    TEXT,
    Choices,
    FilledCase,
    Rows,
    ValueField,
    rates_by_measure,
    through_last_days,
)

METHODS: Choices = (
    ("retroactive", _("on the whole amount")),
    ("incremental", _("each step at its own rate")),
)
MEASURES: Choices = (("amount", _("amounts")), (QUANTITY, _("base units")))
GROWTH_MODES: Choices = (
    ("full", _("on total sales")),
    ("excess", _("on the growth above the baseline")),
    ("banded", _("each band at its own rate")),
)
GIVING: Choices = (
    ("unit", _("for each full set")),
    ("proportional", _("in proportion, rounded down")),
    ("whole", _("only where the order is a multiple")),
)
COUNTING: Choices = (("exclusive", _("free ones on top")), ("inclusive", _("free ones within")))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of what-if. `then` restructures the rows if the case does not take a list of plain rows."""

    slug: str
    label: str | Promise
    sentence: str | Promise
    icon: str
    fields: tuple[ValueField | Rows, ...]
    then: Callable[[FilledCase], None] | None = None


KINDS = {
    one.slug: one
    for one in (
        Kind(
            "quote",
            _("Price"),
            _("What an order would cost a buyer, by which lists and schemes."),
            "tag",
            quote_form.FIELDS,
            quote_form.then,
        ),
        Kind(
            "free-goods",
            _("Free goods"),
            _("Free units earned, by shipment, and what a return costs."),
            "gift",
            (
                ValueField("rule.buy", _("Buy"), INTEGER, "8"),
                ValueField("rule.free", _("Get free"), INTEGER, "1"),
                ValueField("rule.mode", _("Given"), CHOICE, "unit", choices=GIVING),
                ValueField("rule.count", _("Counted"), CHOICE, "exclusive", choices=COUNTING),
                ValueField("rule.cap", _("At most free"), INTEGER, help=_("empty: no limit")),
                ValueField("ordered", _("Ordered, paid"), INTEGER, "20"),
                ValueField("cancelled", _("Cancelled of these"), INTEGER),
                ValueField("unit_price", _("Price of a unit"), example="60"),
                Rows(
                    "shipments",
                    _("Shipments"),
                    (ValueField("", _("Paid units"), INTEGER),),
                    (("10",), ("10",)),
                    _("one a row: paid units"),
                ),
                Rows(
                    "returns",
                    _("Returns"),
                    (
                        ValueField("paid", _("Paid units"), INTEGER),
                        ValueField("free", _("Free units"), INTEGER),
                    ),
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
                ValueField("measure", _("Steps count"), CHOICE, "amount", choices=MEASURES),
                ValueField("program.method", _("Rate counts"), CHOICE, "retroactive", choices=METHODS),
                ValueField("program.cap", _("At most"), help=_("empty: no limit")),
                Rows(
                    "program.tiers",
                    _("Steps"),
                    (ValueField("from", _("From")), ValueField("rate", _("Rebate rate"), PERCENT)),
                    (("0", "0"), ("5000000", "3"), ("10000000", "5")),
                    _("one a row: from, rate; the rate is in percent of amounts, or money per unit of units"),
                ),
                Rows(
                    "periods",
                    _("Purchases of each period"),
                    (ValueField("base", _("Delivered and paid")),),
                    (("4800000",), ("1200000",)),
                    _("one a row, the oldest first; a return is negative"),
                ),
            ),
            rates_by_measure,
        ),
        Kind(
            "growth",
            _("Growth rebate"),
            _("What growing over last year's baseline earns."),
            "trending-up",
            (
                ValueField("baseline", _("Baseline"), example="2000000"),
                ValueField("actual", _("Reached"), example="2350000"),
                ValueField("mode", _("Rate counts"), CHOICE, "excess", choices=GROWTH_MODES),
                ValueField("strict", _("Only above the bar, not on it"), FLAG),
                Rows(
                    "bands",
                    _("Bands"),
                    (
                        ValueField("from", _("From (percent of the baseline)"), PERCENT),
                        ValueField("rate", _("Rate %"), PERCENT),
                    ),
                    (("110", "2"), ("115", "3"), ("120", "4")),
                    _("one a row: from (percent of the baseline), rate (percent)"),
                ),
            ),
        ),
        Kind(
            "tier",
            _("Tier"),
            _("Which tier five scores give a partner, month by month."),
            "scale",
            (
                ValueField("current", _("Tier now"), TEXT, _("key")),
                ValueField("months_below", _("Months below its bar so far"), INTEGER),
                Rows(
                    "tiers",
                    _("Tiers"),
                    (ValueField("name", _("Tier"), TEXT), ValueField("from", _("From score"))),
                    ((_("ordinary"), "0"), (_("key"), "60"), (_("core"), "80")),
                    _("one a row: tier, from score"),
                ),
                Rows(
                    "months",
                    _("Scores of each month"),
                    (
                        ValueField("scale", _("Scale")),
                        ValueField("expertise", _("Expertise")),
                        ValueField("coverage", _("Coverage")),
                        ValueField("growth", _("Growth")),
                        ValueField("collaboration", _("Collaboration")),
                    ),
                    (("60", "95", "70", "90", "80"), ("60", "95", "", "90", "80")),
                    _("one month a row, in the order of the weights; nothing where there is no data"),
                ),
                ValueField("weights.scale", _("Weight of scale"), example="30"),
                ValueField("weights.expertise", _("Weight of expertise"), example="25"),
                ValueField("weights.coverage", _("Weight of coverage"), example="20"),
                ValueField("weights.growth", _("Weight of growth"), example="15"),
                ValueField("weights.collaboration", _("Weight of collaboration"), example="10"),
            ),
        ),
        Kind(
            "credit",
            _("Credit"),
            _("Whether one more order fits a partner's credit limit."),
            "credit-card",
            (
                ValueField("today", _("Day"), DAY, "2026-06-01"),
                ValueField("limit", _("Credit limit"), example="500000"),
                ValueField("order.amount", _("This order"), example="130000"),
                ValueField("order.deposit_received", _("Prepayment received for it")),
                ValueField("open_items", _("Invoiced, not paid"), example="220000"),
                ValueField("unapplied_receipts", _("Received, not applied"), example="20000"),
                ValueField("delivered_not_invoiced", _("Delivered, not invoiced"), example="60000"),
                ValueField("horizon_days", _("Orders due within days"), INTEGER, "30", _("empty: all count")),
                ValueField("oldest_overdue_days", _("Longest overdue, days"), INTEGER),
                ValueField(
                    "max_overdue_days", _("Overdue allowed, days"), INTEGER, help=_("empty: no limit")
                ),
                Rows(
                    "open_orders",
                    _("Open orders"),
                    (ValueField("amount", _("Amount")), ValueField("due", _("Payment due"), DAY)),
                    (("110000", "2026-06-10"), ("40000", "2026-07-15")),
                    _("one a row: amount, day of payment"),
                ),
                Rows(
                    "temporary",
                    _("Temporary limits"),
                    (
                        ValueField("amount", _("Amount")),
                        ValueField("from", _("From"), DAY),
                        ValueField("until", _("Valid through"), DAY),
                    ),
                    (("80000", "2026-06-01", "2026-06-30"),),
                    _("one a row: amount, first day, last day"),
                ),
            ),
            lambda made: through_last_days(made.case.get("temporary", [])),
        ),
        Kind(
            "stock",
            _("Stock"),
            _("How much of a product can be promised, today and later."),
            "box",
            (
                ValueField("on_hand", _("On hand"), INTEGER, "100"),
                ValueField("safety", _("Safety stock"), INTEGER, "10"),
                ValueField("quarantine", _("In quarantine"), INTEGER, "5"),
                ValueField("hard", _("Reserved for orders"), INTEGER, "30"),
                ValueField("soft", _("Held for carts and pre-sales"), INTEGER, "15"),
                Rows(
                    "future",
                    _("Expected"),
                    (ValueField("date", _("Day"), DAY), ValueField("qty", _("Units"), INTEGER)),
                    (("2026-06-04", "50"), ("2026-06-05", "-60")),
                    _("one a row: day, units; what goes out is negative"),
                ),
            ),
        ),
        Kind(
            "spread",
            _("Price spread"),
            _("What is owed to a member whose guaranteed spread was not met."),
            "arrows-vertical",
            (
                ValueField("guaranteed", _("Guaranteed spread of a unit"), example="4.50"),
                Rows(
                    "sales",
                    _("Purchases"),
                    (
                        ValueField("purchase_price", _("Purchase price")),
                        ValueField("advised_resale", _("Advised resale price")),
                        ValueField("qty", _("Units"), INTEGER),
                    ),
                    (("47", "52", "1000"), ("48", "52", "1000")),
                    _("one a row: purchase price, advised resale price, units"),
                ),
            ),
        ),
        Kind(
            "duplicate",
            _("Duplicate"),
            _("Whether two companies or outlets are one and the same."),
            "copy-check",
            (
                ValueField("a.name", _("First name"), TEXT, "杭州老王粮油店"),
                ValueField("a.address", _("First address"), TEXT, "文三路128号"),
                ValueField("a.phone", _("First phone"), TEXT, "0571-8812 3456"),
                ValueField("a.licence", _("First licence"), TEXT),
                ValueField("a.lat", _("First latitude"), example="30.27415"),
                ValueField("a.lon", _("First longitude"), example="120.15515"),
                ValueField("b.name", _("Second name"), TEXT, "老王粮油（文三路店）"),
                ValueField("b.address", _("Second address"), TEXT, "文三路１２８号"),
                ValueField("b.phone", _("Second phone"), TEXT),
                ValueField("b.licence", _("Second licence"), TEXT),
                ValueField("b.lat", _("Second latitude"), example="30.27449"),
                ValueField("b.lon", _("Second longitude"), example="120.15515"),
                Rows(
                    "places",
                    _("Places"),
                    (ValueField("", _("Place"), TEXT),),
                    (("杭州",), ("西湖区",)),
                    _("one a row: the city and its districts, which are cut from names and addresses"),
                ),
            ),
        ),
        Kind(
            "minimum-income",
            _("Minimum income"),
            _("What tops up a member's income to the one guaranteed for each period."),
            "coins",
            (
                ValueField("guaranteed", _("Guaranteed income of a period"), example="10000"),
                ValueField("cumulative", _("A surplus counts in later periods"), FLAG),
                Rows(
                    "earned",
                    _("Income of each period"),
                    (ValueField("", _("Spread × units")),),
                    (("12000",), ("5000",)),
                    _("one a row, the oldest first"),
                ),
            ),
        ),
        Kind(
            "price-drop",
            _("Price-drop compensation"),
            _("What a partner gets for its stock on hand when a price falls."),
            "trending-down",
            (
                ValueField("effective", _("Day on which the price falls"), DAY, "2026-06-01"),
                ValueField("new_price", _("New price"), example="92"),
                ValueField("on_hand", _("Units on hand"), INTEGER, "260"),
                ValueField("lookback_days", _("Days looked back"), INTEGER, "60"),
                ValueField("price_share", _("Share compensated %"), PERCENT, "100"),
                ValueField("cap", _("At most"), help=_("empty: no limit")),
                Rows(
                    "receipts",
                    _("Receipts"),
                    (
                        ValueField("date", _("Day"), DAY),
                        ValueField("qty", _("Units"), INTEGER),
                        ValueField("price", _("Price paid")),
                    ),
                    (
                        ("2026-03-10", "100", "100"),
                        ("2026-04-20", "200", "100"),
                        ("2026-05-15", "150", "98"),
                    ),
                    _("one a row: day, units, price paid for a unit; of one day, the later row is newer"),
                ),
                Rows(
                    "in_transit",
                    _("In transit"),
                    (ValueField("qty", _("Units"), INTEGER), ValueField("price", _("Price paid"))),
                    (("50", "100"),),
                    _("one a row: units, price paid; leave it empty if they are not compensated"),
                ),
            ),
        ),
    )
}
