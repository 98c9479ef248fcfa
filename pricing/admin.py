"""Admin pages of price lists, schemes and limits. Every change calls an operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import actor_of
from approvals.queries import outcome
from dealers.models import Party, Region
from dealers.queries.parties import region_by_code
from kernel.refusals import Refusal
from pricing.models import Limit, PriceEntry, PriceList, Scheme
from pricing.operations import limits, list_copies, price_lists, schemes
from ui.base_admin import TenantAdmin, TenantForm, TenantInline

MAX_INLINE_ENTRIES = 200


class PriceListForm(TenantForm):
    def _get_validation_exclusions(self) -> set[str]:
        """Keep the state in the validation: the exclusion constraint on versions depends on it."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # of the form that it is mixed into
        return exclusions - {"state"}


def _each(request: HttpRequest, rows: Any, verb: Callable[..., Any], name: str, done: Any) -> None:
    """Call an operation for each chosen row. A refusal undoes its own row only and is displayed."""
    for row in rows:
        try:
            with transaction.atomic():
                result = verb(**{name: row.pk}, by=actor_of(request), at=timezone.now())
        except Refusal as refusal:
            messages.error(request, f"{row}: {refusal.message}")
        else:
            messages.success(request, f"{row}: {outcome(str(done))(result)}")


class _Prices:
    view_right, edit_right = "price.view", "price.edit"


class _OwnPrices(_Prices, TenantAdmin):
    """Restrict the seller to the actor's own party."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "seller":
            own = actor_of(request).party_id
            kwargs |= {"queryset": Party.objects.filter(id=own), "initial": own}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _is_mine(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or obj.seller_id == actor_of(request).party_id

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_mine(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_mine(request, obj)


class _Drafted(_OwnPrices):
    """Allow changes and deletion of drafts only."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == "draft")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == "draft")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("state",) if obj is None else ("seller", "code", "state")


class EntryInline(_Prices, TenantInline):
    model = PriceEntry
    fields = ("product", "price", "per", "min_qty", "advised_resale")
    autocomplete_fields = ("product",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == "draft")

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission


@admin.register(PriceList)
class PriceListAdmin(_Drafted):
    form = PriceListForm
    list_display = (
        "code",
        "version",
        "seller",
        "audience_kind",
        "audience_value",
        "priority",
        "starts_on",
        "until",
        "state",
    )
    list_filter = ("state", "audience_kind")
    search_fields = ("code", "name", "audience_value")
    ordering = ("code", "-version")
    fields = (
        "seller",
        "code",
        "name",
        "audience_kind",
        "audience_value",
        "priority",
        "starts_on",
        "until",
        "tax_included",
        "state",
    )
    inlines = (EntryInline,)
    actions: Any = ("publish", "withdraw", "new_version")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Leave out the entries of a list that has more than MAX_INLINE_ENTRIES."""
        if obj is not None and obj.entries.count() > MAX_INLINE_ENTRIES:
            return ()
        return self.inlines

    def save_model(self, request: HttpRequest, obj: PriceList, form: Any, change: bool) -> None:
        save = price_lists.edit_price_list if change else price_lists.draft_price_list
        save(price_list=obj, by=actor_of(request), at=timezone.now())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        rows = [
            {
                "sku": row["product"].sku,
                "price": row["price"],
                "per": row["per"],
                "min_qty": row["min_qty"],
                "advised_resale": row["advised_resale"],
            }
            for row in formset.cleaned_data
            if row and not row.get("DELETE")
        ]
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        price_lists.set_entries(
            price_list_id=form.instance.pk,
            entries=rows,
            by=actor_of(request),
            at=timezone.now(),
        )

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request: HttpRequest, rows: Any) -> None:
        _each(request, rows, price_lists.publish_price_list, "price_list_id", _("published"))

    @admin.action(description=_("Withdraw"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, rows: Any) -> None:
        _each(request, rows, price_lists.withdraw_price_list, "price_list_id", _("withdrawn"))

    @admin.action(description=_("Draft a new version"), permissions=["publish"])
    def new_version(self, request: HttpRequest, rows: Any) -> None:
        _each(request, rows, list_copies.new_version, "price_list_id", _("a new version is drafted"))


@admin.register(PriceEntry)
class PriceEntryAdmin(TenantAdmin):
    """Read-only: prices are edited in their price list."""

    view_right = "price.view"
    list_display = ("price_list", "product", "price", "per", "min_qty", "advised_resale")
    search_fields = ("product__sku", "price_list__code")
    ordering = ("-id",)


@admin.register(Scheme)
class SchemeAdmin(_Drafted):
    exclude = ("terms",)
    list_display = (
        "code",
        "name",
        "seller",
        "kind",
        "audience_kind",
        "audience_value",
        "starts_on",
        "until",
        "state",
    )
    list_filter = ("state", "kind")
    search_fields = ("code", "name")
    ordering = ("code",)
    actions: Any = ("publish", "withdraw")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: schemes are drafted and changed on their own pages, by fields of each kind."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return TenantAdmin.has_change_permission(self, request)

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request: HttpRequest, rows: Any) -> None:
        _each(request, rows, schemes.publish_scheme, "scheme_id", _("published"))

    @admin.action(description=_("Withdraw"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, rows: Any) -> None:
        _each(request, rows, schemes.withdraw_scheme, "scheme_id", _("withdrawn"))


class LimitForm(TenantForm):
    """A limit with the region as a code of GB/T 2260, because there are three thousand regions."""

    region = forms.CharField(
        label=_("only in region"),
        required=False,
        max_length=12,
        help_text=_("Code of GB/T 2260, like 4412."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" in self.fields and self.instance.region_id:
            self.initial["region"] = self.instance.region_id

    def clean_region(self) -> Region | None:
        code = self.cleaned_data["region"].strip()
        found = region_by_code(code) if code else None
        if code and found is None:
            raise forms.ValidationError(_("There is no such region."))
        return found


@admin.register(Limit)
class LimitAdmin(_OwnPrices):
    form = LimitForm
    list_display = (
        "clause",
        "product",
        "category",
        "level",
        "region",
        "seller",
        "contract_code",
        "floor",
        "ceiling",
        "action",
        "starts_on",
        "until",
    )
    list_filter = ("action", "level")
    search_fields = ("clause", "product__sku", "category__code", "contract_code")
    autocomplete_fields = ("product", "category")
    ordering = ("clause", "id")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: a limit is ended, so that prices of past days are still explained by it."""
        return False

    def save_model(self, request: HttpRequest, obj: Limit, form: Any, change: bool) -> None:
        limits.set_limit(limit=obj, by=actor_of(request), at=timezone.now())
