"""Audit actions of the catalogue."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProductAction(TextChoices):
    ADD = "product.add", _("product added")
    EDIT = "product.edit", _("product changed")
    MOVE = "product.move", _("product moved to another stage")
    ADD_PICTURE = "product.add_picture", _("picture added")
    REMOVE_PICTURE = "product.remove_picture", _("picture removed")


class PortfolioAction(TextChoices):
    SAVE = "portfolio.save", _("portfolio saved")
    SET_PRODUCTS = "portfolio.products", _("products of a portfolio changed")


class MasterDataAction(TextChoices):
    SAVE_CATEGORY = "category.save", _("category saved")
    SAVE_BRAND = "brand.save", _("brand saved")
    SAVE_TAX_CLASS = "tax_class.save", _("tax class saved")
    SET_TAX_RATE = "tax_class.rate", _("tax rate set")
