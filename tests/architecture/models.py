"""Django's side of the walls: each rule is a function from models to what breaks it, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import constraints, deletion

from tenancy.models import TenantForeignKey, TenantManager, TenantModel
from tests.architecture.catalogue import APPEND_ONLY, GLOBALS

Models = Iterable[type[models.Model]]


def _tenants(all_models: Models) -> list[Any]:
    return [model for model in all_models if issubclass(model, TenantModel)]


def _leads_to_a_tenants(field: Any) -> bool:
    return isinstance(field.related_model, type) and issubclass(field.related_model, TenantModel)


def every_model_is_a_tenants_or_has_a_reason(all_models: Models) -> list[str]:
    return [
        f"{model.__name__} is no TenantModel"
        for model in all_models
        if model._meta.managed and not issubclass(model, TenantModel) and model._meta.db_table not in GLOBALS
    ]


def every_manager_filters_by_tenant(all_models: Models) -> list[str]:
    return [
        f"{model.__name__}.{manager.name}"
        for model in _tenants(all_models)
        for manager in {model._default_manager, model._base_manager, *model._meta.managers}
        if not isinstance(manager, TenantManager)
    ]


def keys_inside_the_tenant_are_tenant_keys(all_models: Models) -> list[str]:
    return [
        f"{model.__name__}.{field.name} is no TenantForeignKey"
        for model in _tenants(all_models)
        for field in model._meta.local_fields
        if _leads_to_a_tenants(field) and not isinstance(field, TenantForeignKey)
    ]


def no_global_model_points_at_a_tenants(all_models: Models) -> list[str]:
    return [
        f"{model.__name__}.{field.name}"
        for model in all_models
        if not issubclass(model, TenantModel)
        for field in model._meta.local_fields
        if _leads_to_a_tenants(field)
    ]


def no_many_to_many_by_itself(all_models: Models) -> list[str]:
    """Its automatic table would have no tenant."""
    return [
        f"{model.__name__}.{field.name}"
        for model in _tenants(all_models)
        for field in model._meta.local_many_to_many
        if field.remote_field.through._meta.auto_created
    ]


def unique_constraints_begin_with_the_tenant(all_models: Models) -> list[str]:
    found = []
    for model in _tenants(all_models):
        for one in model._meta.constraints:
            if not isinstance(one, constraints.UniqueConstraint):
                continue
            first = one.fields[:1] or tuple(getattr(each, "name", "") for each in one.expressions[:1])
            if first != ("tenant",):
                found.append(f"{model.__name__}: {one.name}")
        found += [f"{model.__name__}: unique_together" for _ in model._meta.unique_together]
        found += [
            f"{model.__name__}.{field.name} is unique alone"
            for field in model._meta.local_fields
            if field.unique and not field.primary_key
        ]
    return found


def nothing_empties_a_key_inside_the_tenant(all_models: Models) -> list[str]:
    return [
        f"{model.__name__}.{field.name}"
        for model in _tenants(all_models)
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey)
        and field.remote_field.on_delete in {deletion.SET_NULL, deletion.SET_DEFAULT}
    ]


def what_is_append_only_is_not_deleted_with_another(all_models: Models) -> list[str]:
    """The role may not delete there, so Django's cascade would fail even where there is no row."""
    return [
        f"{model.__name__}.{field.name}"
        for model in _tenants(all_models)
        if model._meta.db_table in APPEND_ONLY
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey) and field.remote_field.on_delete is deletion.CASCADE
    ]


def every_key_is_composite_in_the_database(all_models: Models, cursor: Any) -> list[str]:
    """A TenantForeignKey that TenantTable has not seen has no constraint at all."""
    cursor.execute(
        "SELECT conrelid::regclass::text, a.attname FROM pg_constraint k JOIN pg_attribute a"
        " ON a.attrelid = conrelid AND a.attnum = ANY (conkey)"
        " WHERE contype = 'f' AND cardinality(conkey) > 1"
    )
    there = set(cursor.fetchall())
    return [
        f"{model.__name__}.{field.name} has no foreign key in the database"
        for model in _tenants(all_models)
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey) and (model._meta.db_table, field.column) not in there
    ]
