"""Base classes of every room's admin: the actor's rights, one tenant, refusals displayed on the form.

    @admin.register(Product)
    class ProductAdmin(TenantAdmin):
        view_right, edit_right = "catalogue.view", "catalogue.edit"

Without an `edit_right` the model is read only. A Refusal raised in `save_model` and a constraint broken in
the database become an error of the form, at the field that it names. A form carries the version that it
was filled with, so that a user who would overwrite another user's change sees both values first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    ValidationError,
)
from django.db import IntegrityError, models, transaction
from django.forms.models import _get_foreign_key, model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from kernel.refusals import Refusal
from ui.admin_rights import ByRights, may, root_of
from ui.edit_conflicts import differences, fingerprint
from ui.web.last_days import LastDayAdmin
from ui.web.typed_input import AmountField, CountField, DayField

VERSION = "_version"
TRAIL_RIGHT = "people.edit"  # the right to the audit trail, whose facts have amounts
_COUNT = {"form_class": CountField, "widget": forms.TextInput(attrs={"class": "vIntegerField"})}
TYPED_FIELDS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.DecimalField: {"form_class": AmountField, "min_value": None},
    models.IntegerField: _COUNT | {"min_value": -(2**31), "max_value": 2**31 - 1},
    models.BigIntegerField: _COUNT | {"min_value": -(2**63), "max_value": 2**63 - 1},
    models.PositiveSmallIntegerField: _COUNT | {"min_value": 0, "max_value": 2**15 - 1},
    models.PositiveIntegerField: _COUNT | {"min_value": 0, "max_value": 2**31 - 1},
    models.PositiveBigIntegerField: _COUNT | {"min_value": 0, "max_value": 2**63 - 1},
    models.DateField: {"form_class": DayField},
}


class TenantForm(forms.ModelForm):
    """A form that also checks constraints with the tenant, and names the field that breaks one."""

    def _post_clean(self) -> None:
        """Check the constraints here: Django skips those with the tenant and names no field."""
        self.instance.full_clean = partial(self.instance.full_clean, validate_constraints=False)
        try:
            super()._post_clean()  # type: ignore[misc]  # of the class that it is mixed into
        finally:
            del self.instance.full_clean
        self.validate_constraints()

    def validate_constraints(self) -> None:
        exclude = self._get_validation_exclusions() - {"tenant"}  # type: ignore[attr-defined]  # of the class that it is mixed into
        for constraint in self._meta.model._meta.constraints:
            try:
                constraint.validate(self._meta.model, self.instance, exclude=exclude)
            except ValidationError:
                self.add_error(_field_of(constraint, self.fields), _message_for(constraint))


def _field_of(constraint: Any, fields: Any) -> str | None:
    """Return the last of the constraint's fields that the form displays, if there is one."""
    named = set(getattr(constraint, "fields", ()))
    if isinstance(constraint, models.CheckConstraint):
        named = constraint.condition.referenced_base_fields  # type: ignore[union-attr]  # of the class that it is mixed into
    displayed = [name for name in fields if name in named]
    return displayed[-1] if displayed else None


def _message_for(constraint: Any) -> str:
    if isinstance(constraint, models.UniqueConstraint):
        return _("This is there already.")
    if constraint.name.endswith("_period"):
        return _("It ends before it starts, or on the same day.")
    return _("The rule %(name)s is broken.") % {"name": constraint.name.replace("_", " ")}


class TypedFields(ByRights, LastDayAdmin):
    """Rights, last days, and typed values by the one reader."""

    formfield_overrides: ClassVar[Mapping[type[models.Field[Any, Any]], Mapping[str, Any]]] = TYPED_FIELDS


class TenantAdmin(TypedFields, admin.ModelAdmin):
    """The admin of a tenant's model."""

    form = TenantForm
    list_per_page = 50
    show_full_result_count = False
    actions = None
    save_on_top = False

    def get_list_select_related(self, request: HttpRequest) -> Any:
        """Return the foreign keys in the list, including nullable ones, to avoid a query per row."""
        if self.list_select_related:
            return self.list_select_related
        keys = {field.name for field in self.model._meta.fields if field.is_relation}
        return [name for name in self.get_list_display(request) if name in keys]

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.without_hidden(request, super().get_list_display(request))

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.without_hidden(request, super().get_list_filter(request))

    def get_search_fields(self, request: HttpRequest) -> Any:
        return self.without_hidden(request, super().get_search_fields(request))

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Allow only lookups of the list's own filters: any other field could be probed by its values."""
        return root_of(lookup) in {root_of(one) for one in self.get_list_filter(request)}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            found = (refusal.field, refusal.message)
        except IntegrityError as error:
            found = self._field_and_message(error)
        request.refused = found  # type: ignore[attr-defined]  # of the class that it is mixed into
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form; after a refused save it fails with the refusal."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is not None and VERSION in request.POST:
            form = _with_version_check(form, lambda names: self.version_of(request, obj, names))
        refused = getattr(request, "refused", None)
        return form if refused is None else _with_error(form, *refused)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Return the row; lock it in a POST, so that nobody changes it between the check and the save."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not self.has_change_permission(request, found):
            return found
        list(self.model._base_manager.select_for_update().filter(pk=found.pk).values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def version_of(self, request: HttpRequest, row: Any, names: Iterable[str]) -> str:
        """Return the fingerprint of a row's fields `names` and of its inline rows."""
        values = model_to_dict(row, fields=list(names))
        for inline in self.get_inline_instances(request, row):
            key = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name)
            rows = inline.model._default_manager.filter(**{key.name: row}).order_by("pk")
            columns = [field.attname for field in inline.model._meta.concrete_fields]
            values[inline.model._meta.label] = list(rows.values_list(*columns))
        return fingerprint(values)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj is not None:
            # A form with errors has assigned the typed values to its object.
            stored = obj if request.method != "POST" else self.model._base_manager.get(pk=obj.pk)
            fields = context["adminform"].form.fields
            context["displayed_version"] = self.version_of(request, stored, fields)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _field_and_message(self, error: IntegrityError) -> tuple[str, str]:
        """Return the field and the message for a broken constraint, by the constraint's name."""
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        for model in [self.model, *(inline.model for inline in self.inlines)]:
            for constraint in model._meta.constraints:
                if constraint.name == name:
                    fields = [field.name for field in model._meta.fields] if model is self.model else []
                    return _field_of(constraint, fields) or "", _message_for(constraint)
        return "", _("The database refuses this: %(name)s.") % {"name": name.replace("_", " ") or error}

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except (IntegrityError, Refusal) as error:
            in_use = _("It is in use and cannot be deleted.")
            messages.error(request, error.message if isinstance(error, Refusal) else in_use)
            url_name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(url_name, args=[object_id]))

    def log_addition(self, request: HttpRequest, object: Any, message: Any) -> Any:
        self._record(request, "add", object, message)

    def log_change(self, request: HttpRequest, object: Any, message: Any) -> Any:
        if not hasattr(request, "held_back"):
            self._record(request, "change", object, message)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Say what the change waits for if it was held back."""
        if not hasattr(request, "held_back"):
            return super().response_change(request, obj)
        messages.warning(request, request.held_back)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for one in queryset:
            self._record(request, "delete", one, str(one))

    def _record(self, request: HttpRequest, action: str, row: Any, message: Any) -> None:
        self.admin_site.record(request, action, row, message)  # type: ignore[attr-defined]  # of the class that it is mixed into

    def rows_of_history(self, row: Any) -> Sequence[models.Model]:
        """Return the rows whose audit entries make up the history of this row."""
        return [row]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Render the audit trail of one row. Django's own log has no tenant and is not written."""
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]  # of the class that it is mixed into
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(thing)s") % {"thing": row},
            "shows_facts": may(request, TRAIL_RIGHT),
            "entries": self.admin_site.trail_of(self.rows_of_history(row)),  # type: ignore[attr-defined]  # of the class that it is mixed into
            "object": row,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/object_history.html", context)


def hold_back(request: HttpRequest, message: str) -> None:
    """Note in `save_model` that nothing was saved: the message says what the change waits for."""
    request.held_back = message  # type: ignore[attr-defined]  # of the class that it is mixed into


def _with_version_check(form: Any, stored_version: Callable[[Iterable[str]], str]) -> Any:
    """Return a subclass of the form that fails if its version differs from the stored one."""

    def clean(self: Any) -> Any:
        stored = model_to_dict(self.instance, fields=list(self.fields))
        changed = self.data[VERSION] != stored_version(self.fields)
        cleaned = form.clean(self)
        if changed:
            message = _("Someone else changed this meanwhile; nothing of theirs is overwritten.")
            both_values = [
                _("%(field)s: they saved “%(theirs)s”, you typed “%(yours)s”.")
                % {"field": one.label, "theirs": one.stored or "—", "yours": one.typed or "—"}
                for one in differences(self, stored)
            ]
            way_out = _("Correct it, or save it as it is: then yours takes its place knowingly.")
            self.add_error(None, [message, *both_values, way_out])
        return cleaned

    return type(form.__name__, (form,), {"clean": clean})


def _with_error(form: Any, field: str, message: str) -> Any:
    """Return a subclass of the form with one more error."""

    def clean(self: Any) -> Any:
        cleaned = form.clean(self)
        self.add_error(field if field in self.fields else NON_FIELD_ERRORS, message)
        return cleaned

    return type(form.__name__, (form,), {"clean": clean})


class TenantInline(TypedFields, admin.TabularInline):
    """Rows in the form of the row that they belong to; rights as on TenantAdmin."""

    form = TenantForm
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the rows of the visible parent with their foreign keys joined, which their names need."""
        keys = [
            field.name for field in self.model._meta.fields if field.is_relation and field.name != "tenant"
        ]
        return admin.TabularInline.get_queryset(self, request).select_related(*keys)


def in_words(field: str, label: Any, words: Mapping[str, Any]) -> Callable[..., str]:
    """Return an admin column that displays the label of a stored code, or the code if it has none."""

    @admin.display(description=label, ordering=field)
    def label_of_code(self: Any, row: Any) -> str:
        code = getattr(row, field)
        return str(words.get(code, code))

    return label_of_code


def by_words(field: str, label: Any, words: Mapping[str, Any]) -> type[admin.SimpleListFilter]:
    """Return the filter for a column of `in_words`. It offers all labels without a query."""

    class ByWords(admin.SimpleListFilter):
        title, parameter_name = label, field

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
            return list(words.items())

        def queryset(self, request: HttpRequest, queryset: Any) -> Any:
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    return ByWords


def examples(of: Iterable[tuple[Any, str]]) -> str:
    """Return the help text of a JSON field: a list of example values."""
    return format_html_join("", "<span class=tp-example>{} <code>{}</code></span>", of)
