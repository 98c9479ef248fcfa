"""What an actor may see of the admin: pages by right, rows by `visible_to`, columns by right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from tenancy.rooms import tenant_wide_models


class ByRights:
    """Permissions from the actor's role instead of Django's tables.

    `column_rights` names, by field, the right that its column needs, or a function of the actor. Without
    it the actor finds the field neither in lists, forms and inlines nor by sorting, filters and lookups.
    """

    view_right = ""
    edit_right = ""
    column_rights: ClassVar[Mapping[str, str | Callable[[Any], bool]]] = {}

    def hidden_columns(self, request: HttpRequest) -> set[str]:
        """Return the fields that the actor may not see."""
        return {name for name, right in self.column_rights.items() if not _may_see(request, right)}

    def without_hidden(self, request: HttpRequest, fields: Iterable[Any]) -> list[Any]:
        """Return the fields (names, rows of names, filters) without those that the actor may not see."""
        hidden = self.hidden_columns(request)
        visible: list[Any] = []
        for field in fields:
            if isinstance(field, (list, tuple)) and not _is_filter(field):
                row = tuple(self.without_hidden(request, field))
                visible += [row] if row else []
            elif root_of(field) not in hidden:
                visible.append(field)
        return visible

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.without_hidden(request, super().get_fields(request, obj))  # type: ignore[misc]  # of the class that it is mixed into

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.without_hidden(request, super().get_readonly_fields(request, obj))  # type: ignore[misc]  # of the class that it is mixed into

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)  # type: ignore[misc]  # of the class that it is mixed into
        return [
            (name, {**options, "fields": self.without_hidden(request, options["fields"])})
            for name, options in found
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request, self.view_right)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self.view_right)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self.edit_right)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self.edit_right)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self.edit_right)

    def get_queryset(self, request: HttpRequest) -> Any:
        return visible_rows(request, super().get_queryset(request))  # type: ignore[misc]  # of the class that it is mixed into

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if "queryset" not in kwargs:
            choices = db_field.remote_field.model._default_manager.all()
            kwargs["queryset"] = visible_rows(request, choices) if has_rule(choices) else choices.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # of the class that it is mixed into


def may(request: HttpRequest, right: str) -> bool:
    actor = getattr(request, "actor", None)
    return bool(right) and actor is not None and actor.may(right)


def _may_see(request: HttpRequest, right: str | Callable[[Any], bool]) -> bool:
    if isinstance(right, str):
        return may(request, right)
    actor = getattr(request, "actor", None)
    return actor is not None and right(actor)


def root_of(field: Any) -> str:
    """Return the model's field that a column, lookup or filter begins with."""
    name = field[0] if isinstance(field, tuple) else getattr(field, "parameter_name", field)
    return str(name).lstrip("-=^@").partition("__")[0]


def _is_filter(field: Any) -> bool:
    return len(field) == 2 and isinstance(field[1], type)


def visible_rows(request: HttpRequest, rows: Any) -> Any:
    """Return the rows that the actor may see, by the model's `visible_to`.

    A model without it is refused, unless a room registers that its rows are the same for everyone.
    """
    actor = getattr(request, "actor", None)
    if actor is None:
        return rows.none()
    if not has_rule(rows):
        raise ImproperlyConfigured(f"{rows.model._meta.label} has no visible_to and is not tenant-wide.")
    return rows.visible_to(actor) if hasattr(rows, "visible_to") else rows


def has_rule(rows: Any) -> bool:
    """Return whether it is known who may see which of the rows."""
    return hasattr(rows, "visible_to") or rows.model._meta.label_lower in tenant_wide_models()
