from django.utils.translation import gettext_lazy as _

from integrations.audit_actions import ApiKeyAction
from tenancy.rooms import RoomConfig, ScheduledCall


class IntegrationsConfig(RoomConfig):
    name = "integrations"
    verbose_name = _("Integration")
    audit_actions = (ApiKeyAction,)
    tenant_wide_models = ("integrations.apikey",)  # for those who hold people.edit, who see all people
    schedule = (
        ScheduledCall("integrations.operations.idempotency_pruning.prune_answers"),
        ScheduledCall("integrations.operations.api_keys.end_orphaned_keys"),
    )
