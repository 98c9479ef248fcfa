"""Models of sign-in: browsers, codes and a tenant's policy.

Devices and codes are global because they are read before a tenant is active. Row security limits devices
and backup codes to their own person (`app.user`), and a sign-in code to its phone number (`app.sign_in`).
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel, new_id


class Device(models.Model):
    """A browser in which a person has signed in; its cookie's secret is stored as a hash.

    `session_key` is the key of its open session, or "". Until `trusted_until` it needs no second factor.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    secret_hash = models.CharField(max_length=64)
    session_key = models.CharField(max_length=40, blank=True)
    browser = models.CharField(_("browser"), max_length=300, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    made_at = models.DateTimeField(_("first seen"))
    visited_at = models.DateTimeField(_("last seen"))
    trusted_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "secret_hash"], name="device_once")]

    def __str__(self) -> str:
        return self.browser


class BackupCode(models.Model):
    """A code that replaces a lost second factor; it can be used once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    code_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="backup_code_once")]

    def __str__(self) -> str:
        return str(self.id)


class SignInCode(models.Model):
    """A six-digit code requested for a phone number, whether or not a person has that number."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone_hash", "-requested_at"], name="sign_in_code_newest")]

    def __str__(self) -> str:
        return str(self.id)


class SignInPolicy(TenantModel):
    """A tenant's requirements for the sign-in of its staff; without a row a password is enough."""

    staff_second_factor = models.BooleanField(_("second factor for staff"), default=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("sign-in policy")
        verbose_name_plural = _("sign-in policies")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="sign_in_policy_once")]

    def __str__(self) -> str:
        return str(self.tenant_id)
