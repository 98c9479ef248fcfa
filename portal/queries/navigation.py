"""List the pages that staff, dealers and members may go to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Page:
    """A list or a desk that one may go to; `to` is a URL's name, with a query where it narrows."""

    label: Any
    to: str
    right: str = ""

    def url(self) -> str:
        name, mark, query = self.to.partition("?")
        return reverse(name) + mark + query


@dataclass(frozen=True, slots=True)
class Room:
    """A room of the staff's rail: its first open page is where it leads."""

    label: Any
    icon: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of a rail, of tabs or of bottom tabs."""

    label: str
    icon: str
    url: str
    here: bool = False
    count: int = 0


ROOMS = (
    Room(_("Home"), "home", (Page(_("Home"), "home"),)),
    Room(
        _("Alliance"), "heart-handshake",
        (Page(_("Contracts"), "contracts", "contract.view"),
         Page(_("Guarantees"), "guarantees", "contract.view")),
    ),
    Room(_("Catalogue"), "package", (Page(_("Products"), "products", "catalogue.view"),)),
    Room(
        _("Prices"), "tag",
        (Page(_("Price lists"), "price-lists", "price.view"), Page(_("Schemes"), "schemes", "price.view"),
         Page(_("Ask for a price"), "quote", "price.view")),
    ),
    Room(
        _("Ordering"), "shopping-cart",
        (Page(_("Orders"), "orders", "order.view"), Page(_("Shipments"), "shipments", "order.view"),
         Page(_("Returns"), "returns", "order.view"), Page(_("Stock"), "stock", "stock.view"),
         Page(_("Delivery windows"), "delivery-windows", "people.edit")),
    ),
    Room(_("Ledger"), "book-2", (Page(_("Accounts"), "books", "ledger.view"),)),
    Room(
        _("Rebates"), "receipt-yuan",
        (Page(_("Settlements"), "settlements", "rebate.view"),
         Page(_("Statements"), "statements", "rebate.view"),
         Page(_("Programs"), "programs", "rebate.view")),
    ),
    Room(
        _("Partners"), "building-store",
        (Page(_("Partners"), "parties", "party.view"), Page(_("Tiers"), "tiers", "tier.view")),
    ),
    Room(_("What if"), "calculator", (Page(_("What if"), "what-ifs", "simulate"),)),
    Room(_("Jobs"), "progress-check", (Page(_("Jobs"), "jobs"),)),
)  # fmt: skip

DEALER_TABS = (
    Page(_("Home"), "home"),
    Page(_("Order goods"), "order-new", "order.place"),
    Page(_("Orders"), "orders?side=bought", "order.view"),
    Page(_("Customers' orders"), "orders?side=sold", "order.view"),
    Page(_("Shipments"), "shipments", "order.view"),
    Page(_("Stock"), "stock", "stock.view"),
    Page(_("Rebates"), "statements", "rebate.view"),
    Page(_("Accounts"), "books", "ledger.view"),
    Page(_("Contracts"), "contracts", "contract.view"),
    Page(_("Standing"), "standing", "tier.view"),
    Page(_("Customers"), "parties", "party.view"),
)
BOTTOM_TABS = (
    (Page(_("Home"), "member-home"), "home"),
    (Page(pgettext_lazy("bottom tab", "Order"), "member-order", "order.place"), "shopping-cart"),
    (Page(pgettext_lazy("bottom tab", "Outlets"), "presale-outlets", "order.view"), "building-store"),
    (Page(_("Rebates"), "member-rebates", "rebate.view"), "receipt-yuan"),
    (Page(_("Mine"), "member-mine"), "user"),
)
