"""The admin of the monthly inputs of the tiers, read-only."""

from django.contrib import admin

from dealers.models import MonthInput
from ui.base_admin import TenantAdmin


@admin.register(MonthInput)
class MonthInputAdmin(TenantAdmin):
    view_right = "tier.view"
    list_display = ("party", "month", "scale", "expertise", "coverage", "growth", "collaboration")
    list_filter = ("month",)
    search_fields = ("party__code",)
    ordering = ("-month", "-id")
