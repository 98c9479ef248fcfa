from django.urls import path

from ordering.web import quick

urlpatterns = [
    path("orders/new", quick.new, name="order-new"),
    path("orders/new/price", quick.price, name="order-new-price"),
    path("orders/new/place", quick.place, name="order-new-place"),
    path("orders/new/find", quick.find, name="order-new-find"),
    path("orders/new/why", quick.why, name="order-new-why"),
    path("orders/<uuid:order_id>/placed", quick.placed, name="order-placed"),
]
