from django.urls import path

from ordering.api import delivery_slips, price_control, return_requests, views

urlpatterns = [
    path("orders", views.OrderList.as_view(), name="api-orders"),
    path("orders/<uuid:pk>", views.OrderDetail.as_view(), name="api-order"),
    path("orders/<uuid:pk>/approve", views.ApprovePrices.as_view(), name="api-order-approve"),
    path("manual-prices", price_control.ManualPriceList.as_view(), name="api-manual-prices"),
    path("orders/<uuid:pk>/confirm", views.ConfirmOrder.as_view(), name="api-order-confirm"),
    path("orders/<uuid:pk>/cancel", views.CancelOrder.as_view(), name="api-order-cancel"),
    path("orders/<uuid:pk>/send-back", views.SendOrderBack.as_view(), name="api-order-send-back"),
    path("orders/<uuid:pk>/ship", views.ShipOrder.as_view(), name="api-order-ship"),
    path("orders/<uuid:pk>/release", views.ReleaseOrder.as_view(), name="api-order-release"),
    path("shipments", views.ShipmentList.as_view(), name="api-shipments"),
    path("shipments/<uuid:pk>", views.ShipmentDetail.as_view(), name="api-shipment"),
    path("shipments/<uuid:pk>/deliver", views.DeliverShipment.as_view(), name="api-shipment-deliver"),
    path("shipments/<uuid:pk>/slips", delivery_slips.ShipmentSlips.as_view(), name="api-shipment-slips"),
    path("delivery-slips/<uuid:pk>", delivery_slips.DeliverySlipDetail.as_view(), name="api-delivery-slip"),
    path("returns", views.ReturnList.as_view(), name="api-returns"),
    path("returns/<uuid:pk>", views.ReturnDetail.as_view(), name="api-return"),
    path("return-requests", return_requests.ReturnRequestList.as_view(), name="api-return-requests"),
    path(
        "return-requests/<uuid:pk>/accept",
        return_requests.AcceptReturnRequest.as_view(),
        name="api-return-request-accept",
    ),
    path(
        "return-requests/<uuid:pk>/decline",
        return_requests.DeclineReturnRequest.as_view(),
        name="api-return-request-decline",
    ),
    path("stock", views.StockList.as_view(), name="api-stock"),
]
