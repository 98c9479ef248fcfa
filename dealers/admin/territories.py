"""Admin pages of territories and of the people in charge of them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import MANUFACTURER, actor_of
from dealers.models import (
    Membership,
    Region,
    Territory,
    TerritoryArea,
    TerritoryUserObjectPermission,
)
from dealers.operations.territories import grant_territory, revoke_territory
from dealers.queries.parties import region_by_code
from ui.base_admin import TenantAdmin, TenantForm, TenantInline


class TerritoryForm(TenantForm):
    """A territory with the manufacturer's people who are granted it."""

    people = forms.ModelMultipleChoiceField(
        label=_("people who look after it"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "people" not in self.fields:
            return
        staff = Membership.objects.filter(party_kind=MANUFACTURER, is_active=True).values("user_id")
        self.fields["people"].queryset = User.objects.filter(id__in=staff).order_by("username")  # type: ignore[attr-defined]  # a choice field of a model form
        if self.instance.pk:
            self.initial["people"] = granted_to(self.instance)


def granted_to(territory: Territory) -> list[Any]:
    rows = TerritoryUserObjectPermission.objects.filter(content_object=territory)
    return list(rows.values_list("user_id", flat=True))


class AreaForm(TenantForm):
    """A region as a code of GB/T 2260, because there are three thousand regions."""

    region = forms.CharField(label=_("region"), max_length=12, help_text=_("Code of GB/T 2260, like 4412."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" in self.fields and self.instance.region_id:
            self.initial["region"] = self.instance.region_id

    def clean_region(self) -> Region:
        found = region_by_code(self.cleaned_data["region"].strip())
        if found is None:
            raise forms.ValidationError(_("There is no such region."))
        return found


class AreaInline(TenantInline):
    view_right, edit_right = "party.view", "people.edit"
    model = TerritoryArea
    form = AreaForm
    readonly_fields = ("place",)

    @admin.display(description=_("full name"))
    def place(self, row: TerritoryArea) -> str:
        return str(row.region) if row.region_id else "—"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("region")


@admin.register(Territory)
class TerritoryAdmin(TenantAdmin):
    view_right, edit_right = "party.view", "people.edit"
    form = TerritoryForm
    fields = ("code", "name", "name_en", "people")
    list_display = ("code", "name", "name_en")
    search_fields = ("code", "name", "name_en")
    ordering = ("code",)
    inlines = (AreaInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "people" not in form.cleaned_data:
            return
        territory, by, at = form.instance, actor_of(request), timezone.now()
        wanted: dict[Any, User | Group] = {user.pk: user for user in form.cleaned_data["people"]}
        had = set(granted_to(territory))
        for user_id in sorted(set(wanted) - had):
            grant_territory(territory=territory, to=wanted[user_id], by=by, at=at)
        for user in User.objects.filter(pk__in=had - set(wanted)).order_by("pk"):
            revoke_territory(territory=territory, to=user, by=by, at=at)
