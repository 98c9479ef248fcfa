from catalogue.models.attribute import CategoryAttribute, ProductAttribute
from catalogue.models.life_cycle import StageChange
from catalogue.models.picture import ProductPicture
from catalogue.models.portfolio import Portfolio, PortfolioProduct
from catalogue.models.product import Barcode, Brand, Category, Product, Unit
from catalogue.models.tax import TaxClass, TaxRate
from catalogue.models.unit_name import UnitName

__all__ = [
    "Barcode",
    "Brand",
    "Category",
    "CategoryAttribute",
    "Portfolio",
    "PortfolioProduct",
    "Product",
    "ProductAttribute",
    "ProductPicture",
    "StageChange",
    "TaxClass",
    "TaxRate",
    "Unit",
    "UnitName",
]
