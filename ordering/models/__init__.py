"""The models of ordering."""

from ordering.models.cart import Cart
from ordering.models.delivery_plan import DeliveryPlan
from ordering.models.delivery_slip import DeliverySlip
from ordering.models.fact import TradeDay, TradeFact
from ordering.models.manual_price import ManualPrice
from ordering.models.order import Order, OrderLine
from ordering.models.return_request import ReturnRequest
from ordering.models.returns import Return, ReturnLine
from ordering.models.shipment import Shipment, ShipmentLine
from ordering.models.stock import Stock, StockMovement
from ordering.models.stock_report import StockReport

__all__ = [
    "Cart",
    "DeliveryPlan",
    "DeliverySlip",
    "ManualPrice",
    "Order",
    "OrderLine",
    "Return",
    "ReturnLine",
    "ReturnRequest",
    "Shipment",
    "ShipmentLine",
    "Stock",
    "StockMovement",
    "StockReport",
    "TradeDay",
    "TradeFact",
]
