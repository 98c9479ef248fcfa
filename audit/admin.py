from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEntry
from audit.registry import registered_actions, target_label
from ui.base_admin import TenantAdmin


class ActionFilter(admin.SimpleListFilter):
    title, parameter_name = _("action"), "action"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(action, str(label)) for action, label in registered_actions().items()]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(action=self.value()) if self.value() else queryset


class TargetFilter(admin.SimpleListFilter):
    title, parameter_name = _("target"), "target"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        labels = [model._meta.label_lower for model in model_admin.admin_site._registry]
        return sorted((label, target_label(label)) for label in labels)

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(target=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(TenantAdmin):
    view_right = "people.edit"
    list_display = ("at", "actor", "done", "kind", "target_id")
    list_filter = (ActionFilter, TargetFilter)
    search_fields = ("actor", "target_id")
    ordering = ("-at",)
    fields = readonly_fields = ("at", "actor", "user_id", "party_id", "done", "kind", "target_id", "facts")

    @admin.display(description=_("action"), ordering="action")
    def done(self, row: AuditEntry) -> str:
        return row.action_label

    @admin.display(description=_("target"), ordering="target")
    def kind(self, row: AuditEntry) -> str:
        return target_label(row.target)
