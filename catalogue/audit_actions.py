"""Audit actions of the catalogue."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProductAction(TextChoices):
    ADD = "product.add", _("product added")
    EDIT = "product.edit", _("product changed")
