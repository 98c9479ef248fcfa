"""Base classes of every tenant's models.

In the database the primary key is (tenant_id, id) and foreign keys are composite; for Django the key is
`id`. `tenancy.migration.TenantTable` converts a table that Django created.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid_utils
from django.db import models
from django.db.models.expressions import Expression
from django.db.models.sql.where import AND, WhereNode

from tenancy.context import active_tenant_id


def new_id() -> UUID:
    """Return a UUIDv7: globally unique, and ordered by time of creation."""
    return uuid_utils.uuid7()


class CurrentTenant(Expression):
    """The active tenant's id in a query; compiling the query without a tenant raises NoTenant."""

    output_field = models.UUIDField()

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [active_tenant_id()]

    def get_group_by_cols(self) -> list[Any]:
        return []


class TenantQuerySet(models.QuerySet[Any]):
    pass


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]  # django-stubs lacks it
    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(tenant_id=CurrentTenant())


class _SameTenant:
    """The join condition `a.tenant_id = b.tenant_id`, as the SQL compiler expects it.

    If exclude() removes the first table from its sub-query, there is no `a`; then the condition compares
    with the active tenant.
    """

    def __init__(self, alias: str | None, related_alias: str) -> None:
        self.alias, self.related_alias = alias, related_alias
        self.contains_aggregate = self.contains_over_clause = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        name = compiler.quote_name_unless_alias
        if self.alias is None:
            return f"{name(self.related_alias)}.tenant_id = %s", [active_tenant_id()]
        return f"{name(self.alias)}.tenant_id = {name(self.related_alias)}.tenant_id", []

    def relabeled_clone(self, change_map: dict[str | None, str]) -> _SameTenant:
        return _SameTenant(
            change_map.get(self.alias, self.alias),
            change_map.get(self.related_alias, self.related_alias),
        )


class TenantForeignKey(models.ForeignKey):
    """A foreign key inside the tenant: composite in the database, with the tenant in every join.

    Django creates no constraint and no index for it: TenantTable creates the constraint, and each model
    declares the indexes that its queries need.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs.setdefault("db_constraint", False)
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["db_constraint"] = False
        kwargs["db_index"] = self.db_index  # type: ignore[attr-defined]  # django-stubs lacks it
        return name, path, list(args), kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> WhereNode:
        return WhereNode([_SameTenant(alias, related_alias)], connector=AND)  # type: ignore[list-item]  # django-stubs lacks it


class TenantModel(models.Model):
    """A row of one tenant. A subclass declares `class Meta(TenantModel.Meta)` for the base manager."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(
        "tenancy.Tenant",
        on_delete=models.PROTECT,
        default=active_tenant_id,
        editable=False,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def _do_update(  # type: ignore[override]  # the stubs are of Django 6
        self,
        base_qs: Any,
        using: Any,
        pk_val: Any,
        values: list[Any],
        update_fields: Any,
        forced_update: bool,
    ) -> bool:
        """Update the row without the tenant in SET: Citus refuses to change a distribution column."""
        values = [value for value in values if value[0].name != "tenant"]
        return super()._do_update(base_qs, using, pk_val, values, update_fields, forced_update)  # type: ignore[call-arg, return-value]  # django-stubs lacks it

    def delete(self, using: Any = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """Delete by the manager, which filters by tenant; Django's own method filters only by id."""
        return type(self)._base_manager.using(using).filter(pk=self.pk).delete()
