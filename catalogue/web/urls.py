"""Web routes of the catalogue."""

from django.urls import path

from accounts.web.permissions import entering
from catalogue.web import master_data, pictures, product_form, products, stages
from ui.web.list_view import list_view

urlpatterns = [
    path(
        "products",
        entering("catalogue.view")(list_view(products.Products, template="catalogue/products.html")),
        name="products",
    ),
    path("products/new", product_form.edit, name="product-new"),
    path("products/<uuid:product_id>", products.product, name="product"),
    path("products/<uuid:product_id>/edit", product_form.edit, name="product-edit"),
    path("products/<uuid:product_id>/stage", stages.move, name="product-stage"),
    path("products/<uuid:product_id>/pictures", pictures.add, name="product-picture-add"),
    path("products/<uuid:product_id>/pictures/remove", pictures.remove, name="product-picture-remove"),
    path("product-pictures/<uuid:picture_id>/<str:size>", pictures.serve, name="product-picture"),
    path("master-data", master_data.overview, name="master-data"),
    path("master-data/brands/new", master_data.brand, name="brand-new"),
    path("master-data/brands/<uuid:brand_id>", master_data.brand, name="brand"),
    path("master-data/categories/new", master_data.category, name="category-new"),
    path("master-data/categories/<uuid:category_id>", master_data.category, name="category"),
    path("master-data/tax-classes/new", master_data.tax_class, name="tax-class-new"),
    path("master-data/tax-classes/<uuid:tax_class_id>", master_data.tax_class, name="tax-class"),
    path("master-data/tax-classes/<uuid:tax_class_id>/rates", master_data.add_rate, name="tax-rate-add"),
]
