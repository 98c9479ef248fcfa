from typing import Any

from django.db.backends.postgresql.features import DatabaseFeatures
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from tenancy import health_checks
from tenancy.rooms import RoomConfig, ScheduledCall


class TenancyConfig(RoomConfig):
    name = "tenancy"
    verbose_name = _("Tenants")
    schedule = (
        ScheduledCall("tenancy.operations.partitions.warn_of_missing_partitions", is_per_tenant=False),
    )

    def ready(self) -> None:
        DatabaseFeatures.allows_group_by_selected_pks_on_model = _key_is_id_alone  # type: ignore[method-assign, assignment]
        health_checks.connect()


def _key_is_id_alone(features: Any, model: type[Model]) -> bool:
    """Whether GROUP BY id stands for all columns: not where the database's key is (tenant_id, id)."""
    return bool(model._meta.managed) and not any(field.name == "tenant" for field in model._meta.fields)
