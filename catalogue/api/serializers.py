"""Serializers of products with their units and barcodes."""

from rest_framework import serializers

from catalogue.models import Barcode, Product, Unit
from ui.models import local_name
from ui.web.local_names import unit_name
from ui.web.typed_serializers import CountField

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
    successor = serializers.CharField(source="successor.sku", default="", help_text="A SKU, or empty.")
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
            "successor",
            "units",
            "barcodes",
        )

    def get_category_name(self, product: Product) -> str:
        return local_name(product.category)

    def get_brand_name(self, product: Product) -> str:
        return local_name(product.brand)

    def get_base_unit_name(self, product: Product) -> str:
        return unit_name(product.base_unit)


class UnitCreateSerializer(serializers.Serializer):
    """A larger unit of a product."""

    name = serializers.CharField(max_length=20)
    factor = CountField(min_value=1, help_text="The base units that one holds.")


class BarcodeCreateSerializer(serializers.Serializer):
    """A barcode with a valid check digit."""

    code = serializers.CharField(max_length=14)
    unit = serializers.CharField(
        max_length=20, default="", allow_blank=True, help_text="Empty for the base unit."
    )


class ProductUpdateSerializer(serializers.Serializer):
    """The fields of a product to change; `units` and `barcodes` replace all of them, given together."""

    sku = serializers.CharField(max_length=60, required=False)
    name = serializers.CharField(max_length=200, required=False)
    category = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="The code of a category."
    )
    brand = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="The name of a brand."
    )
    base_unit = serializers.CharField(max_length=20, required=False)
    tax_rate = serializers.CharField(max_length=10, required=False, help_text="A fraction like 0.13.")
    units = UnitCreateSerializer(many=True, required=False)
    barcodes = BarcodeCreateSerializer(many=True, required=False)


class ProductCreateSerializer(ProductUpdateSerializer):
    """A new product; its stage is development or on sale."""

    sku = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=200)
    stage = serializers.ChoiceField(choices=["development", "active"], default="development")


class StageMoveSerializer(serializers.Serializer):
    """A move of a product to another stage."""

    stage = serializers.ChoiceField(choices=Product.Stage.choices)
    successor = serializers.CharField(
        max_length=60, default="", allow_blank=True, help_text="The SKU of the successor."
    )
    reason = serializers.CharField(max_length=300, default="", allow_blank=True)
