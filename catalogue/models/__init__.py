from catalogue.models.product import Barcode, Brand, Category, Product, Unit

__all__ = ["Barcode", "Brand", "Category", "Product", "Unit"]
