"""The fields of orders, shipments and returns that need the right to see prices, and who has it."""

from uuid import UUID

from accounts.rights import MANUFACTURER, Actor

PRICES = "price.view"
MONEY_OF_AN_ORDER = ("subtotal", "discount", "total", "tax", "open_amount")
MONEY_OF_A_LINE = (
    "base_price",
    "unit_price",
    "net_unit_price",
    "discount",
    "amount",
    "net",
    "tax",
    "price_list",
    "manual_price",
)
MONEY_OF_A_SHIPMENT = ("amount", "net", "tax")
MONEY_OF_A_RETURN = ("net", "tax", "credit", "unit_price")


def is_own_trade(actor: Actor, *parties: UUID | None) -> bool:
    """Return whether the actor acts for a party of the trade, or for the manufacturer.

    What a dealer's member sells is no trade of the dealer: it sees the goods, never the prices.
    """
    return actor.party_kind == MANUFACTURER or actor.party_id in parties


def sees_prices(actor: Actor, *parties: UUID | None) -> bool:
    """Return whether the actor may see the prices of a trade between the parties.

    A warehouse, for example, sees quantities only.
    """
    return actor.may(PRICES) and is_own_trade(actor, *parties)
