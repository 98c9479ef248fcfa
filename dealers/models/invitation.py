"""The model of invitations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import ROLE_NAMES
from dealers.models.party import Party
from tenancy.models import TenantForeignKey, TenantModel


class Invitation(TenantModel):
    """An invitation to act for a party in a role. The membership begins when the person accepts.

    `user` is the person if the user name or phone belongs to an account; the inviter does not learn
    whether it does. Row security lets that person (`app.user`) and the holder of the link's hash
    (`app.invitation`) read the row before a tenant is active; hence party_kind and party_name.
    """

    class State(models.TextChoices):
        OPEN = "open", _("awaiting an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    party = TenantForeignKey(Party, models.CASCADE, related_name="invitations", verbose_name=_("party"))
    role = models.CharField(_("role"), max_length=20, choices=list(ROLE_NAMES.items()))
    party_kind = models.CharField(
        _("kind of party"), max_length=12, choices=Party.Kind.choices, editable=False
    )
    party_name = models.CharField(_("party"), max_length=200, editable=False)
    user = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="invitations", editable=False, verbose_name=_("person")
    )
    username = models.CharField(_("user name"), max_length=150, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    token_hash = models.CharField(_("hash of the link"), max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    invited_by = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="+", db_index=False, verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("expires at"))
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [models.UniqueConstraint(fields=["tenant", "token_hash"], name="invitation_token_once")]
        indexes = [
            models.Index(fields=["token_hash"], name="invitation_token"),
            models.Index(fields=["tenant", "party", "state"], name="invitation_of_party"),
        ]

    def __str__(self) -> str:
        return f"{self.username or self.phone} · {self.party_name}"
