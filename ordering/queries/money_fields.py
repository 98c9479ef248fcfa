"""The fields of orders, shipments and returns that need the right to see prices."""

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
)
MONEY_OF_A_SHIPMENT = ("amount", "net", "tax")
MONEY_OF_A_RETURN = ("net", "tax", "credit", "unit_price")
