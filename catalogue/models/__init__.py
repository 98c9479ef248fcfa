from catalogue.models.portfolio import Portfolio, PortfolioProduct
from catalogue.models.product import Barcode, Brand, Category, Product, Unit
from catalogue.models.unit_name import UnitName

__all__ = ["Barcode", "Brand", "Category", "Portfolio", "PortfolioProduct", "Product", "Unit", "UnitName"]
