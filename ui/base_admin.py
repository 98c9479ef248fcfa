"""What every room's admin is made of: the actor's rights, one tenant, refusals shown on the form.

    @admin.register(Product)
    class ProductAdmin(TenantAdmin):
        view_right, edit_right = "catalogue.view", "catalogue.edit"

Without an `edit_right` the noun is read only. An operation called in `save_model` may raise a
Refusal, and the database may refuse: both become an error of the form, at the field that it names.
A form says what it was filled with: who would save over another's change sees both first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.forms.models import _get_foreign_key, model_to_dict  # type: ignore[attr-defined]
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.models import Job
from kernel.refusals import Refusal
from tenancy.rooms import job_kinds
from ui.edit_conflicts import differences, fingerprint

VERSION = "_version"


class TenantForm(forms.ModelForm):
    """Checks unique constraints inside the tenant too, and says which field breaks them."""

    def _post_clean(self) -> None:
        """Django checks no constraint that names the tenant, and says of the others no field."""
        self.instance.full_clean = partial(self.instance.full_clean, validate_constraints=False)
        try:
            super()._post_clean()  # type: ignore[misc]
        finally:
            del self.instance.full_clean
        self.validate_constraints()

    def validate_constraints(self) -> None:
        exclude = self._get_validation_exclusions() - {"tenant"}  # type: ignore[attr-defined]
        for constraint in self._meta.model._meta.constraints:
            try:
                constraint.validate(self._meta.model, self.instance, exclude=exclude)
            except ValidationError:
                self.add_error(_field_of(constraint, self.fields), _in_words(constraint))


def _field_of(constraint: Any, fields: Any) -> str | None:
    """The last of the constraint's fields that the form shows."""
    named = set(getattr(constraint, "fields", ()))
    if isinstance(constraint, models.CheckConstraint):
        named = constraint.condition.referenced_base_fields  # type: ignore[union-attr]
    shown = [name for name in fields if name in named]
    return shown[-1] if shown else None


def _in_words(constraint: Any) -> str:
    if isinstance(constraint, models.UniqueConstraint):
        return _("This is there already.")
    if constraint.name.endswith("_period"):
        return _("It ends before it starts, or on the same day.")
    return _("The rule %(name)s is broken.") % {"name": constraint.name.replace("_", " ")}


class _Rights:
    """Permissions from the role of who acts, never from Django's tables."""

    view_right = ""
    edit_right = ""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _may(request, self.view_right)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request, self.view_right)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request, self.edit_right)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request, self.edit_right)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request, self.edit_right)

    def get_queryset(self, request: HttpRequest) -> Any:
        return _seen_by(request, super().get_queryset(request))  # type: ignore[misc]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if "queryset" not in kwargs:
            choices = db_field.remote_field.model._default_manager.all()
            kwargs["queryset"] = _seen_by(request, choices)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


def _may(request: HttpRequest, right: str) -> bool:
    actor = getattr(request, "actor", None)
    return bool(right) and actor is not None and actor.may(right)


def _seen_by(request: HttpRequest, rows: Any) -> Any:
    """A noun's own `visible_to`, where it has one."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return rows.none()
    return rows.visible_to(actor) if hasattr(rows, "visible_to") else rows


class TenantAdmin(_Rights, admin.ModelAdmin):
    form = TenantForm
    list_per_page = 50
    show_full_result_count = False
    actions = None
    save_on_top = False

    def get_list_select_related(self, request: HttpRequest) -> Any:
        """The foreign keys that the list shows, the nullable ones too: no query for each row."""
        if self.list_select_related:
            return self.list_select_related
        keys = {field.name for field in self.model._meta.fields if field.is_relation}
        return [name for name in self.get_list_display(request) if name in keys]

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
            found = self._explained(error)
        request.refused = found  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, which fails with what was refused when it was saved a moment ago."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is not None and VERSION in request.POST:
            form = _seen_before(form, lambda shown: self.version_of(request, obj, shown))
        refused = getattr(request, "refused", None)
        return form if refused is None else _failing(form, *refused)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """What is about to be changed is held until it is saved: nobody comes between look and save."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not self.has_change_permission(request, found):
            return found
        list(self.model._base_manager.select_for_update().filter(pk=found.pk).values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def version_of(self, request: HttpRequest, thing: Any, shown: Iterable[str]) -> str:
        """The fingerprint of what a form shows of a thing, and of the rows that belong to it."""
        values = model_to_dict(thing, fields=list(shown))
        for inline in self.get_inline_instances(request, thing):
            key = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name)
            rows = inline.model._default_manager.filter(**{key.name: thing}).order_by("pk")
            names = [field.attname for field in inline.model._meta.concrete_fields]
            values[inline.model._meta.label] = list(rows.values_list(*names))
        return fingerprint(values)

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, change: bool = False,
        form_url: str = "", obj: Any = None,
    ) -> Any:  # fmt: skip
        if obj is not None:
            # A form with errors has put what was typed on its object.
            stored = obj if request.method != "POST" else self.model._base_manager.get(pk=obj.pk)
            shown = context["adminform"].form.fields
            context["seen_version"] = self.version_of(request, stored, shown)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _explained(self, error: IntegrityError) -> tuple[str, str]:
        """The field and the words for what the database refused, from the constraint's name."""
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        nouns = [self.model, *(inline.model for inline in self.inlines)]
        for noun in nouns:
            for constraint in noun._meta.constraints:
                if constraint.name == name:
                    fields = [field.name for field in noun._meta.fields] if noun is self.model else []
                    return _field_of(constraint, fields) or "", _in_words(constraint)
        return "", _("The database refuses this: %(name)s.") % {"name": name.replace("_", " ") or error}

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except (IntegrityError, Refusal) as error:
            words = error.message if isinstance(error, Refusal) else _("It is in use and cannot be deleted.")
            messages.error(request, words)
            names = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(names, args=[object_id]))

    def log_addition(self, request: HttpRequest, object: Any, message: Any) -> Any:
        self._record(request, "add", object, message)

    def log_change(self, request: HttpRequest, object: Any, message: Any) -> Any:
        self._record(request, "change", object, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for one in queryset:
            self._record(request, "delete", one, str(one))

    def _record(self, request: HttpRequest, action: str, row: Any, message: Any) -> None:
        self.admin_site.record(request, action, row, message)  # type: ignore[attr-defined]

    def rows_of_history(self, row: Any) -> Sequence[models.Model]:
        """Return the rows whose audit entries make up the history of this one."""
        return [row]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show the audit trail of one row; Django's own log belongs to no tenant and stays empty."""
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(thing)s") % {"thing": row},
            "entries": self.admin_site.trail_of(self.rows_of_history(row)),  # type: ignore[attr-defined]
            "object": row,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/object_history.html", context)


def _seen_before(form: Any, now: Callable[[Iterable[str]], str]) -> Any:
    """A subclass of the form that is refused where it was filled with something else than is stored."""

    def clean(self: Any) -> Any:
        stored = model_to_dict(self.instance, fields=list(self.fields))
        changed = self.data[VERSION] != now(self.fields)
        cleaned = form.clean(self)
        if changed:
            told = _("Someone else changed this meanwhile; nothing of theirs is overwritten.")
            both = [
                _("%(field)s: they saved “%(theirs)s”, you typed “%(yours)s”.")
                % {"field": one.label, "theirs": one.stored or "—", "yours": one.typed or "—"}
                for one in differences(self, stored)
            ]
            knowing = _("Correct it, or save it as it is: then yours takes its place knowingly.")
            self.add_error(None, [told, *both, knowing])
        return cleaned

    return type(form.__name__, (form,), {"clean": clean})


def _failing(form: Any, field: str, words: str) -> Any:
    """A subclass of the form with one error more."""

    def clean(self: Any) -> Any:
        cleaned = form.clean(self)
        self.add_error(field if field in self.fields else NON_FIELD_ERRORS, words)
        return cleaned

    return type(form.__name__, (form,), {"clean": clean})


class TenantInline(_Rights, admin.TabularInline):
    """Rows within the form of what they belong to; rights as on TenantAdmin."""

    form = TenantForm
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the rows' names are made of: no query for each row."""
        keys = [
            field.name for field in self.model._meta.fields if field.is_relation and field.name != "tenant"
        ]
        return super().get_queryset(request).select_related(*keys)


def in_words(field: str, label: Any, words: Mapping[str, Any]) -> Callable[..., str]:
    """A column that says a code of the database in words; one that is not known says itself."""

    @admin.display(description=label, ordering=field)
    def said(self: Any, row: Any) -> str:
        code = getattr(row, field)
        return str(words.get(code, code))

    return said


def by_words(field: str, label: Any, words: Mapping[str, Any]) -> type[admin.SimpleListFilter]:
    """The filter beside such a column. It offers what may be there, and asks the table nothing."""

    class ByWords(admin.SimpleListFilter):
        title, parameter_name = label, field

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
            return list(words.items())

        def queryset(self, request: HttpRequest, queryset: Any) -> Any:
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    return ByWords


def examples(of: Iterable[tuple[Any, str]]) -> str:
    """The help text of a JSON field: what it may hold, case by case."""
    return format_html_join("", "<span class=tp-example>{} <code>{}</code></span>", of)


JOB_KINDS = {code: kind.label for code, kind in job_kinds().items()}


@admin.register(Job)
class JobAdmin(TenantAdmin):
    view_right = "job.view"
    list_display = ("named", "period", "state", "done", "total", "created_at", "ended_at")
    list_filter = ("state", by_words("kind", gettext_lazy("kind"), JOB_KINDS))
    named = in_words("kind", gettext_lazy("kind"), JOB_KINDS)
    ordering = ("-created_at",)
    fields = (
        "named", "period", "state", "done", "total", "message", "requested_by", "created_at", "started_at",
        "ended_at", "attempts", "params", "result", "cursor",
    )  # fmt: skip
    readonly_fields = fields
