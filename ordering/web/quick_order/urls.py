from django.urls import path

from ordering.web.quick_order import draft, lookups, overrides, placing

urlpatterns = [
    path("orders/new", draft.show, name="order-new"),
    path("orders/new/price", draft.change, name="order-new-price"),
    path("orders/new/place", placing.place, name="order-new-place"),
    path("orders/new/override-price", overrides.override_price, name="order-new-override"),
    path("orders/new/find", lookups.find, name="order-new-find"),
    path("orders/new/why", lookups.why, name="order-new-why"),
    path("orders/<uuid:order_id>/placed", placing.placed, name="order-placed"),
]
