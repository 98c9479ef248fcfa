"""Admin pages of memberships and invitations."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import actor_of
from dealers.models import Invitation, Membership
from dealers.operations.invitations import invite, withdraw_invitation
from dealers.operations.people import change_role, withdraw
from ui.base_admin import TenantAdmin, TenantForm


class InvitationForm(TenantForm):
    """An invitation by user name or phone. The response does not reveal whether the person has an account."""

    class Meta:
        model = Invitation
        fields = ("party", "role", "username", "name", "phone", "email")


class RoleForm(TenantForm):
    class Meta:
        model = Membership
        fields = ("role", "is_active")


@admin.register(Membership)
class MembershipAdmin(TenantAdmin):
    view_right = edit_right = "people.edit"
    form = RoleForm
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
        """Refuse: a membership is withdrawn, never deleted, because the audit trail refers to it."""
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a person joins by accepting an invitation (see InvitationAdmin)."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("person", "party_name", "role", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        withdrawn = obj is not None and not obj.is_active
        return ("person", "party_name", "role", "is_active") if withdrawn else ("person", "party_name")

    def save_model(self, request: HttpRequest, obj: Membership, form: forms.ModelForm, change: bool) -> None:
        by, at = actor_of(request), timezone.now()
        if "is_active" in form.changed_data:
            withdraw(membership_id=obj.pk, by=by, at=at)
        elif "role" in form.changed_data:
            change_role(membership=obj, role=obj.role, by=by, at=at)


@admin.register(Invitation)
class InvitationAdmin(TenantAdmin):
    """Sends invitations. Deleting an open invitation withdraws it."""

    view_right = edit_right = "people.edit"
    list_display = ("typed", "name", "party_name", "role", "state", "invited_at", "expires_at")
    list_filter = ("state", "party_kind", "role")
    search_fields = ("username", "phone", "name", "party_name")
    ordering = ("-invited_at",)
    autocomplete_fields = ("party",)

    @admin.display(description=gettext_lazy("person"), ordering="username")
    def typed(self, row: Invitation) -> str:
        return row.username or row.phone

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and obj.state == Invitation.State.OPEN

    def delete_model(self, request: HttpRequest, obj: Invitation) -> None:
        withdraw_invitation(invitation_id=obj.pk, by=actor_of(request), at=timezone.now())

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = InvitationForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("party", "role", "username", "name", "phone", "email")
        return (
            "party_name",
            "role",
            "username",
            "name",
            "phone",
            "email",
            "state",
            "invited_at",
            "expires_at",
        )

    def save_model(self, request: HttpRequest, obj: Invitation, form: forms.ModelForm, change: bool) -> None:
        invited = invite(
            party=obj.party,
            role=obj.role,
            username=obj.username,
            name=obj.name,
            phone=obj.phone,
            email=obj.email,
            by=actor_of(request),
            at=timezone.now(),
        )
        obj.pk = invited.invitation.pk
        link = request.build_absolute_uri(reverse("invitation-link", args=[invited.token]))
        message = _("Send this link, shown only now: %(link)s — who has an account may also just sign in.")
        messages.warning(request, message % {"link": link})
