"""Admin pages of parties, channels, tags and tiers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import actor_of
from dealers.models import Channel, Party, PartyTag, Region, Tag, Tier, TierMonth
from dealers.operations.parties import add_party, edit_party
from dealers.queries.parties import parties_like, region_by_code
from ui.base_admin import TenantAdmin, TenantForm, TenantInline


class _Parties:
    view_right, edit_right = "party.view", "party.edit"


class PartyForm(TenantForm):
    """A party form with the region as a code of GB/T 2260, because there are three thousand regions."""

    region = forms.CharField(
        label=_("region"), required=False, max_length=12, help_text=_("Code of GB/T 2260, like 441284.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" in self.fields and self.instance.region_id:
            self.initial["region"] = self.instance.region_id
            self.fields["region"].help_text = str(self.instance.region)

    def clean_region(self) -> Region | None:
        code = self.cleaned_data["region"].strip()
        if not code:
            return None
        found = region_by_code(code)
        if found is None:
            raise forms.ValidationError(_("There is no region %(code)s."), params={"code": code})
        return found


class TagInline(_Parties, TenantInline):
    model = PartyTag
    autocomplete_fields = ("tag",)


@admin.register(Party)
class PartyAdmin(_Parties, TenantAdmin):
    form = PartyForm
    list_display = ("code", "name", "kind", "region", "tier", "channel", "parent", "phone", "is_active")
    list_display_links = ("code", "name")
    list_filter = ("kind", "is_active", "tier", "channel")
    search_fields = ("search",)
    search_help_text = _("Code, name, contact, phone, pinyin or initials")
    ordering = ("code",)
    autocomplete_fields = ("parent",)
    readonly_fields = ("tier", "months_below")
    inlines = (TagInline,)
    fieldsets = (
        (None, {"fields": (("kind", "code"), "name", "uscc", ("contact", "phone"), "address")}),
        (_("Place in the alliance"), {"fields": ("region", "channel", "parent", "joined_on", "is_active")}),
        (_("Trade"), {"fields": ("tracks_stock", "confirms_itself", ("tier", "months_below"))}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Make the kind of a stored party read-only; tiers are changed by the monthly run only."""
        return (*self.readonly_fields, "kind") if obj is not None else self.readonly_fields

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Restrict the choices of a field that is named after a kind of party to that kind."""
        wanted = request.GET.get("field_name")
        if wanted in Party.Kind.values:
            queryset = queryset.filter(kind=wanted)
        return parties_like(queryset, search_term), False

    def save_model(self, request: HttpRequest, obj: Party, form: forms.ModelForm, change: bool) -> None:
        save = edit_party if change else add_party
        save(party=obj, by=actor_of(request), at=timezone.now())


@admin.register(Channel, Tag)
class CodedAdmin(_Parties, TenantAdmin):
    fields = ("code", "name", "name_en")
    list_display = ("code", "name", "name_en")
    search_fields = ("code", "name", "name_en")
    ordering = ("code",)


@admin.register(Tier)
class TierAdmin(TenantAdmin):
    view_right, edit_right = "tier.view", "tier.run"
    fields = ("code", "name", "name_en", "from_score")
    list_display = ("code", "name", "name_en", "from_score")
    ordering = ("-from_score",)


@admin.register(TierMonth)
class TierMonthAdmin(TenantAdmin):
    """Read-only scorecards: the monthly run writes them once."""

    view_right = "tier.view"
    list_display = ("party", "month", "score", "before", "tier", "move")
    list_filter = ("move", "tier", "month")
    ordering = ("-month", "-score")
