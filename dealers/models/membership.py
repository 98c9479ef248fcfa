"""The model of memberships."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import ROLE_NAMES
from dealers.models.party import Party
from tenancy.models import TenantForeignKey, TenantModel


class Membership(TenantModel):
    """The role in which a person acts for a party. A person reads their own before a tenant is active.

    `party_kind` and `party_name` repeat the party's (dealers.operations.people writes them), because
    that query cannot join a table that requires an active tenant.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    party = TenantForeignKey(Party, models.CASCADE, related_name="memberships", verbose_name=_("party"))
    role = models.CharField(_("role"), max_length=20, choices=list(ROLE_NAMES.items()))
    party_kind = models.CharField(
        _("kind of party"), max_length=12, choices=Party.Kind.choices, editable=False
    )
    party_name = models.CharField(_("party"), max_length=200, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("joined"), auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["tenant", "user", "party"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.party_name}"
