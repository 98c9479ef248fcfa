"""API routes of the catalogue."""

from django.urls import path

from catalogue.api.views import ProductDetail, ProductList, ProductStage

urlpatterns = [
    path("products", ProductList.as_view(), name="api-products"),
    path("products/<uuid:pk>", ProductDetail.as_view(), name="api-product"),
    path("products/<uuid:pk>/stage", ProductStage.as_view(), name="api-product-stage"),
]
