"""English names of the tenant's units, by the stored name."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel
from ui.models import BilingualName


class UnitName(BilingualName, TenantModel):
    """The English name of a unit such as 箱, for all products that have it."""

    name = models.CharField(_("name"), max_length=20)
    plural_en = models.CharField(
        _("English plural"), max_length=100, blank=True, default="", help_text=_("Blank: as in the singular.")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("name of a unit")
        verbose_name_plural = _("names of units")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="unit_name_once")]
