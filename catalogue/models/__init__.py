from catalogue.models.portfolio import Portfolio, PortfolioProduct
from catalogue.models.product import Barcode, Brand, Category, Product, Unit

__all__ = ["Barcode", "Brand", "Category", "Portfolio", "PortfolioProduct", "Product", "Unit"]
