from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dealers.models import Party
from tenancy.models import TenantForeignKey, TenantModel


class Why(models.TextChoices):
    """Why a key has ended."""

    REVOKED = "revoked", _("revoked")
    ISSUER_LEFT = "issuer_left", _("its issuer left")
    ISSUER_UNKNOWN = "issuer_unknown", _("nobody knows who issued it")


class ApiKey(TenantModel):
    """A partner system's key: acts for one party within its scopes. Only the hash is kept.

    It ends with the standing of the person who issued it, unless it is the platform's own
    (`is_platforms`); one of which neither is known opens nothing, and the database lets none be
    active. Its row is readable before a tenant is known, to whoever names its hash
    (`app.key_hash`).
    """

    name = models.CharField(_("name"), max_length=100)
    key_hash = models.CharField(_("hash of the key"), max_length=64, editable=False)
    hint = models.CharField(_("begins with"), max_length=12, editable=False)
    party = TenantForeignKey(Party, models.CASCADE, related_name="api_keys", verbose_name=_("party"))
    party_kind = models.CharField(
        _("kind of party"), max_length=12, choices=Party.Kind.choices, editable=False
    )
    role = models.CharField(_("role"), max_length=20, default="system")
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    issued_by = models.ForeignKey(
        User,
        models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("issued by"),
    )
    is_platforms = models.BooleanField(_("the platform's own"), default=False, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    ended_why = models.CharField(
        _("ended because"), max_length=20, blank=True, choices=Why.choices, editable=False
    )
    created_at = models.DateTimeField(_("issued at"), auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key_hash"], name="api_key_once"),
            models.CheckConstraint(
                condition=models.Q(is_active=False)
                | models.Q(issued_by__isnull=False)
                | models.Q(is_platforms=True),
                name="api_key_answers_to_somebody",
            ),
        ]
        indexes = [models.Index(fields=["key_hash"], name="api_key_hash")]

    def __str__(self) -> str:
        return self.name
