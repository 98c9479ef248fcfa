from django.urls import path

from accounts.web.permissions import entering
from ordering.web import held_orders, line_reasons, orders, price_review, returns, shipments, stock_count
from ordering.web.delivery_windows import delivery_windows
from ordering.web.lists import Orders, Returns, Shipments, Stocks
from ordering.web.manual_prices import ManualPrices
from ui.web.list_view import list_view

urlpatterns = [
    path("orders", entering("order.view")(list_view(Orders)), name="orders"),
    path("orders/price-reviews", price_review.queue, name="price-reviews"),
    path("orders/manual-prices", entering("price.view")(list_view(ManualPrices)), name="manual-prices"),
    path("orders/delivery-windows", delivery_windows, name="delivery-windows"),
    path("orders/<uuid:order_id>", orders.order, name="order"),
    path(
        "orders/<uuid:order_id>/lines/<int:position>/reasons",
        line_reasons.line_reasons,
        name="order-line-reasons",
    ),
    path("orders/<uuid:order_id>/cancel", orders.cancel, name="order-cancel"),
    path("orders/<uuid:order_id>/ship", orders.ship_order, name="order-ship"),
    path("orders/<uuid:order_id>/send-back", price_review.send_order_back, name="order-send-back"),
    path("orders/<uuid:order_id>/price-decision", price_review.decide, name="order-price-decision"),
    path("orders/<uuid:order_id>/return", returns.new_return, name="return-new"),
    path("orders/<uuid:order_id>/<slug:action>", orders.run_action, name="order-action"),
    path("shipments", entering("order.view")(list_view(Shipments)), name="shipments"),
    path("shipments/<uuid:shipment_id>", shipments.shipment, name="shipment"),
    path("shipments/<uuid:shipment_id>/receive", shipments.receive, name="shipment-receive"),
    path("shipments/<uuid:shipment_id>/slips", shipments.add_slip, name="slip-add"),
    path("delivery-slips/<uuid:slip_id>", shipments.slip, name="slip"),
    path("returns", entering("order.view")(list_view(Returns)), name="returns"),
    path("returns/<uuid:return_id>", returns.return_detail, name="return"),
    path("return-requests/<uuid:return_request_id>", returns.decide_return, name="return-decide"),
    path("books/<uuid:book_id>/held-orders", held_orders.held_orders, name="held-orders"),
    path("stock/count", stock_count.count, name="stock-count"),
    path("stock", entering("stock.view")(list_view(Stocks, template="ordering/stock.html")), name="stock"),
]
