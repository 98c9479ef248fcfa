"""The models of a tenant and its host names."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import new_id


class Tenant(models.Model):
    """One manufacturer's workspace. It is read before a tenant is active; only the owner's role writes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    prices_include_tax = models.BooleanField(_("prices include tax"), default=True)
    is_open = models.BooleanField(_("open"), default=True)
    is_demo = models.BooleanField(_("demonstration"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")

    def __str__(self) -> str:
        return self.name


class TenantHost(models.Model):
    """A host name under which a tenant is served."""

    host = models.CharField(_("host name"), max_length=253, primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="hosts")

    class Meta:
        verbose_name = _("host name")
        verbose_name_plural = _("host names")

    def __str__(self) -> str:
        return self.host
