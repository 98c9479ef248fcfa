"""Serializers of products with their units and barcodes."""

from rest_framework import serializers

from catalogue.models import Barcode, Product, Unit


class UnitSerializer(serializers.ModelSerializer):
    """A unit of a product: `factor` base units."""

    class Meta:
        model = Unit
        fields = ("name", "factor")


class BarcodeSerializer(serializers.ModelSerializer):
    """A barcode of a product, for one of its units."""

    unit = serializers.CharField(source="unit.name", default="", help_text="Empty for the base unit.")

    class Meta:
        model = Barcode
        fields = ("code", "unit")


class ProductSerializer(serializers.ModelSerializer):
    """A product with its units and barcodes; `tax_rate` is a fraction, as a string."""

    category = serializers.CharField(source="category.code", default="")
    brand = serializers.CharField(source="brand.name", default="")
    units = UnitSerializer(many=True)
    barcodes = BarcodeSerializer(many=True)

    class Meta:
        model = Product
        fields = (
            "id",
            "sku",
            "name",
            "category",
            "brand",
            "base_unit",
            "tax_rate",
            "stage",
            "units",
            "barcodes",
        )
