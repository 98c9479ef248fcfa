from django.urls import path

from accounts.web.guard import entering
from catalogue.web import products
from tenancy.web.pages import list_view

urlpatterns = [
    path("products", entering("catalogue.view")(list_view(products.Products)), name="products"),
    path("products/<uuid:product_id>", products.product, name="product"),
]
