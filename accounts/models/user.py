"""The model of a person."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tenancy.models import new_id


class User(AbstractUser):
    """A person. Global: one person may act for parties of several tenants (dealers.Membership).

    `session_epoch` is part of every session's hash; incrementing it ends all sessions at once.
    `second_factor_at` is set while the person has a confirmed second factor. `email` is unconfirmed:
    messages are sent only to `proved_email`, which the person has confirmed (accounts.operations.own_mail).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    proved_email = models.EmailField(_("confirmed email address"), blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    second_factor_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(fields=["phone"], condition=~models.Q(phone=""), name="user_phone_once")
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return the hash that Django compares with each session; it includes the session epoch."""
        value = f"{self.password}:{self.session_epoch}" if self.session_epoch else self.password
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()
