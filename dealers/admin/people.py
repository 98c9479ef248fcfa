from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dealers.models import Membership
from dealers.operations.people import add_person, change_role, withdraw
from tenancy.admin import TenantAdmin, TenantForm


class AdmissionForm(TenantForm):
    """Lets a person in: one who is new gets a one-time password, shown once after saving."""

    username = forms.CharField(label=gettext_lazy("user name"), max_length=150)
    full_name = forms.CharField(label=gettext_lazy("name"), max_length=150, required=False)
    phone = forms.CharField(label=gettext_lazy("phone"), max_length=20, required=False)

    class Meta:
        model = Membership
        fields = ("party", "role")


class RoleForm(TenantForm):
    class Meta:
        model = Membership
        fields = ("role", "is_active")


@admin.register(Membership)
class MembershipAdmin(TenantAdmin):
    view_right = edit_right = "people.edit"
    list_display = ("person", "party_name", "party_kind", "role", "is_active", "created_at")
    list_filter = ("party_kind", "role", "is_active")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__first_name", "party_name")
    ordering = ("-created_at",)
    autocomplete_fields = ("party",)

    @admin.display(description=gettext_lazy("person"), ordering="user__username")
    def person(self, row: Membership) -> str:
        return f"{row.user} ({row.user.username})"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A membership is withdrawn, never deleted: the trail names it."""
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = RoleForm if obj else AdmissionForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            return ("person", "party_name", "role", "is_active")
        return ("party", "role", "username", "full_name", "phone")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("person", "party_name") if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: Membership, form: forms.ModelForm, change: bool) -> None:
        by, at = request.actor, timezone.now()  # type: ignore[attr-defined]
        if change:
            self._change(obj, form, by, at)
            return
        typed = form.cleaned_data
        admission = add_person(
            party=obj.party, role=obj.role, username=typed["username"], name=typed["full_name"],
            phone=typed["phone"], by=by, at=at,
        )  # fmt: skip
        obj.pk, obj.user = admission.membership.pk, admission.membership.user
        if admission.password:
            told = _("One-time password of %(user)s, shown only now: %(password)s")
            facts = {"user": typed["username"], "password": admission.password}
            messages.warning(request, told % facts)

    def _change(self, obj: Membership, form: forms.ModelForm, by: Any, at: Any) -> None:
        if "is_active" in form.changed_data and not obj.is_active:
            withdraw(membership_id=obj.pk, by=by, at=at)
        elif "is_active" in form.changed_data:
            add_person(party=obj.party, role=obj.role, username=obj.user.username, by=by, at=at)
        elif "role" in form.changed_data:
            change_role(membership=obj, role=obj.role, by=by, at=at)
