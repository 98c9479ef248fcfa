"""API keys."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dealers.models import Party
from tenancy.models import TenantForeignKey, TenantModel


class KeyEndReason(models.TextChoices):
    """Why a key has ended."""

    REVOKED = "revoked", _("revoked")
    ISSUER_LEFT = "issuer_left", _("its issuer left")
    ISSUER_UNKNOWN = "issuer_unknown", _("issuer unknown")


class ApiKey(TenantModel):
    """A key by which a partner's system acts for one party within its scopes. Only its hash is stored.

    A key ends if the person who issued it loses the right to do so. A key of the platform itself
    (`is_platforms`) does not end. A constraint requires one or the other of an active key. Row security
    lets a request read the row by its hash (`app.key_hash`) before the tenant is known.
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
        _("ended because"), max_length=20, blank=True, choices=KeyEndReason.choices, editable=False
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
