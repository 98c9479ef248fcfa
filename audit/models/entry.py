from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.registry import action_label, target_label
from tenancy.models import TenantModel


class AuditEntry(TenantModel):
    """One action: who did what to which row. Partitioned by month; append-only.

    `action` is a registered value (audit.registry), `target` the `app.model` of the row, `target_id`
    its key as text. The user is an id without a foreign key: this room stands below accounts.
    """

    at = models.DateTimeField(_("at"))
    user_id = models.UUIDField(_("person"), null=True)
    party_id = models.UUIDField(_("acted for"), null=True)
    actor = models.CharField(_("actor"), max_length=200, blank=True)
    action = models.CharField(_("action"), max_length=60)
    target = models.CharField(_("target"), max_length=60)
    target_id = models.CharField(_("target's id"), max_length=60)
    facts = models.JSONField(_("facts"), default=dict)

    class Meta(TenantModel.Meta):
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        indexes = [models.Index(fields=["tenant", "target", "target_id", "at"], name="audit_entry_of_target")]

    def __str__(self) -> str:
        return f"{self.action_label} · {target_label(self.target)}"

    @property
    def action_label(self) -> str:
        return action_label(self.action)
