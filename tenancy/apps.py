"""Registration of the room, and the changes to Django that its tables need."""

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
        # Django means this method to be replaced; the stubs declare it without `self`.
        DatabaseFeatures.allows_group_by_selected_pks_on_model = _key_is_id_alone  # type: ignore[method-assign, assignment]  # replaced on purpose
        health_checks.connect()


def _key_is_id_alone(features: Any, model: type[Model]) -> bool:
    """Return whether GROUP BY id covers all columns: false if the primary key is (tenant_id, id)."""
    return bool(model._meta.managed) and not any(field.name == "tenant" for field in model._meta.fields)
