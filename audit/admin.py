from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.models import Trace
from audit.models.words import DEEDS, OF_ROOM, noun_in_words
from ui.base_admin import TenantAdmin, by_words, in_words


class NounFilter(admin.SimpleListFilter):
    title, parameter_name = _("noun"), "noun"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        short = {label: noun for noun, label in OF_ROOM.items()}
        labels = [model._meta.label_lower for model in model_admin.admin_site._registry]
        return sorted((short.get(label, label), noun_in_words(label)) for label in labels)

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(noun=self.value()) if self.value() else queryset


@admin.register(Trace)
class TraceAdmin(TenantAdmin):
    view_right = "people.edit"
    list_display = ("at", "actor", "done", "thing", "noun_id")
    list_filter = (by_words("deed", _("deed"), DEEDS), NounFilter)
    search_fields = ("actor", "noun_id")
    ordering = ("-at",)
    fields = readonly_fields = ("at", "actor", "user", "done", "thing", "noun_id", "facts")
    done = in_words("deed", _("deed"), DEEDS)

    @admin.display(description=_("noun"), ordering="noun")
    def thing(self, row: Trace) -> str:
        return noun_in_words(row.noun)
