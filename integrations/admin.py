"""The admin of API keys."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import ROLE_NAMES, actor_of, all_rights
from integrations.models import ApiKey
from integrations.operations.api_keys import issue_key, revoke_key
from ui.base_admin import TenantAdmin, TenantForm, in_words


class KeyForm(TenantForm):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("scopes"),
        choices=[(right, right) for right in sorted(all_rights())],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ApiKey
        fields = ("name", "party", "scopes", "expires_at")


@admin.register(ApiKey)
class ApiKeyAdmin(TenantAdmin):
    """A key is issued here, displayed once, and can only be revoked."""

    view_right = edit_right = "people.edit"
    list_display = (
        "name",
        "hint",
        "party",
        "acts_as",
        "issued_by",
        "is_active",
        "ended_why",
        "expires_at",
        "created_at",
    )
    list_filter = ("is_active", "ended_why", "party_kind")
    search_fields = ("name", "hint")
    ordering = ("-created_at",)
    autocomplete_fields = ("party",)
    acts_as = in_words("role", gettext_lazy("role"), ROLE_NAMES)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = KeyForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("name", "party", "scopes", "expires_at")
        return (
            "name",
            "hint",
            "party",
            "acts_as",
            "scopes",
            "issued_by",
            "is_platforms",
            "expires_at",
            "created_at",
            "is_active",
            "ended_why",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        fixed = (
            "name",
            "hint",
            "party",
            "acts_as",
            "scopes",
            "issued_by",
            "is_platforms",
            "expires_at",
            "created_at",
            "ended_why",
        )
        return fixed if obj.is_active else (*fixed, "is_active")

    def save_model(self, request: HttpRequest, obj: ApiKey, form: forms.ModelForm, change: bool) -> None:
        by, at = actor_of(request), timezone.now()
        if change:
            if not obj.is_active:
                revoke_key(key_id=obj.pk, by=by, at=at)
            return
        issued = issue_key(
            party=obj.party,
            name=obj.name,
            scopes=form.cleaned_data["scopes"],
            expires_at=obj.expires_at,
            by=by,
            at=at,
        )
        obj.pk = issued.record.pk
        message = _("The key, shown only now: %(secret)s") % {"secret": issued.secret}
        messages.warning(request, message)
