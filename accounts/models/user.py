from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import new_id


class User(AbstractUser):
    """A person. Global: one person may act for parties of several tenants (dealers.Membership)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(fields=["phone"], condition=~models.Q(phone=""), name="user_phone_once")
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username
