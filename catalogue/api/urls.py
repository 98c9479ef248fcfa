"""API routes of the catalogue."""

from django.urls import path

from catalogue.api.views import ProductDetail, ProductList

urlpatterns = [
    path("products", ProductList.as_view(), name="api-products"),
    path("products/<uuid:pk>", ProductDetail.as_view(), name="api-product"),
]
