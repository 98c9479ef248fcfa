"""Web routes of the catalogue."""

from django.urls import path

from accounts.web.permissions import entering
from catalogue.web import products
from ui.web.list_view import list_view

urlpatterns = [
    path("products", entering("catalogue.view")(list_view(products.Products)), name="products"),
    path("products/<uuid:product_id>", products.product, name="product"),
]
