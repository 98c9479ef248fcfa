from django.contrib import admin

from audit.models import Trace
from tenancy.admin import TenantAdmin


@admin.register(Trace)
class TraceAdmin(TenantAdmin):
    view_right = "people.edit"
    list_display = ("at", "actor", "deed", "noun", "noun_id")
    list_filter = ("deed", "noun")
    search_fields = ("actor", "noun_id")
    ordering = ("-at",)
