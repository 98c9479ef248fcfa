"""Serializers of products with their units and barcodes."""

from rest_framework import serializers

from catalogue.models import Barcode, Product, Unit
from ui.models import local_name
from ui.web.local_names import unit_name

IN_LANGUAGE = "In the language of the request; Chinese without an English name."


class UnitSerializer(serializers.ModelSerializer):
    """A unit of a product: `factor` base units."""

    local_name = serializers.SerializerMethodField(help_text=IN_LANGUAGE)

    class Meta:
        model = Unit
        fields = ("name", "local_name", "factor")

    def get_local_name(self, unit: Unit) -> str:
        return unit_name(unit.name)


class BarcodeSerializer(serializers.ModelSerializer):
    """A barcode of a product, for one of its units."""

    unit = serializers.CharField(source="unit.name", default="", help_text="Empty for the base unit.")

    class Meta:
        model = Barcode
        fields = ("code", "unit")


class ProductSerializer(serializers.ModelSerializer):
    """A product with its units and barcodes; `tax_rate` is a fraction, as a string."""

    category = serializers.CharField(source="category.code", default="")
    category_name = serializers.SerializerMethodField(help_text=IN_LANGUAGE)
    brand = serializers.CharField(source="brand.name", default="")
    brand_name = serializers.SerializerMethodField(help_text=IN_LANGUAGE)
    base_unit_name = serializers.SerializerMethodField(help_text=IN_LANGUAGE)
    units = UnitSerializer(many=True)
    barcodes = BarcodeSerializer(many=True)

    class Meta:
        model = Product
        fields = (
            "id",
            "sku",
            "name",
            "category",
            "category_name",
            "brand",
            "brand_name",
            "base_unit",
            "base_unit_name",
            "tax_rate",
            "stage",
            "units",
            "barcodes",
        )

    def get_category_name(self, product: Product) -> str:
        return local_name(product.category)

    def get_brand_name(self, product: Product) -> str:
        return local_name(product.brand)

    def get_base_unit_name(self, product: Product) -> str:
        return unit_name(product.base_unit)
