"""A member's account page: contracts, and links to the pages shared with staff and dealers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.models import Contract
from portal.queries.home_components import address_of, row_url
from portal.queries.navigation import Way

MAX_CONTRACTS = 5


def mine_facts(actor: Actor) -> dict[str, Any]:
    """Return the context of a member's account page. One SQL statement."""
    return {"contracts": _contracts(actor), "trade": _trade(actor), "own": _own()}


def _contracts(actor: Actor) -> list[dict[str, Any]]:
    rows = Contract.objects.visible_to(actor).filter(member_id=actor.party_id)
    newest = rows.select_related("dealer").order_by("-starts_on", "-id")[:MAX_CONTRACTS]
    return [
        {
            "code": one.code,
            "dealer": one.dealer.name,
            "state": one.get_state_display(),
            "starts_on": one.starts_on,
            "until": one.until,
            "url": row_url(Contract, actor, one.id),
        }
        for one in newest
    ]


def _trade(actor: Actor) -> list[Way]:
    ways = (
        (_("Standing"), "stairs-up", "standing", "tier.view"),
        (_("Duties"), "checklist", "duties", "duty.view"),
        (_("Objectives"), "target-arrow", "objectives", "plan.view"),
        (_("Accounts"), "book-2", "books", "ledger.view"),
        (_("My orders"), "shopping-cart", "orders", "order.view"),
        (_("Shipments"), "truck-delivery", "shipments", "order.view"),
        (_("Returns"), "arrow-back-up", "returns", "order.view"),
        (_("Stock"), "box", "stock", "stock.view"),
        (_("My prices"), "tag", "price-book", "price.view"),
        (_("Price enquiry"), "calculator", "quote", "price.view"),
        (_("Price lists"), "list", "price-lists", "price.view"),
        (_("Schemes"), "gift", "schemes", "price.view"),
        (_("Price limits"), "shield", "limits", "price.edit"),
        (_("Trials"), "flask", "trials", "trial.answer"),
        (_("Product ideas"), "bulb", "ideas", "idea.submit"),
        (_("Our people"), "users", "people", "people.edit"),
        (_("Rebate statements"), "receipt-yuan", "statements", "rebate.view"),
        (_("Authorisations"), "certificate", "authorisations", "authorisation.view"),
    )
    found = [Way(label, icon, address_of(name)) for label, icon, name, right in ways if actor.may(right)]
    return [way for way in found if way.url]


def _own() -> list[Way]:
    ways = (
        (_("My account"), "user-circle", "me"),
        (_("Messages"), "bell", "member-inbox"),
        (_("How messages reach me"), "settings", "message-preferences"),
        (_("Devices and sessions"), "devices", "devices"),
        (_("My invitations"), "mail", "invitations"),
    )
    return [way for way in (Way(label, icon, address_of(name)) for label, icon, name in ways) if way.url]
