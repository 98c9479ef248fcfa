"""Admin pages of products, categories and brands."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import actor_of
from catalogue.models import Barcode, Brand, Category, Product, Unit, UnitName
from catalogue.operations.master_data import save_category
from catalogue.operations.products import add_product, edit_product
from catalogue.queries import forget_unit_names, products_like
from ui.base_admin import TenantAdmin, TenantForm, TenantInline


class _Catalogue:
    view_right, edit_right = "catalogue.view", "catalogue.edit"


class Units(forms.models.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if form.cleaned_data.get("name", "") == self.instance.base_unit:
                form.add_error("name", _("This is the base unit already."))


class UnitInline(_Catalogue, TenantInline):
    model = Unit
    formset = Units


class BarcodeForm(TenantForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        unit = (cleaned or {}).get("unit")
        if unit is not None and unit.product_id != self.instance.product_id:
            self.add_error("unit", _("This unit belongs to another product."))
        return cleaned


class BarcodeInline(_Catalogue, TenantInline):
    model = Barcode
    form = BarcodeForm

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only the units of the edited product."""
        if db_field.name == "unit":
            match = request.resolver_match
            product_id = match.kwargs.get("object_id") if match else None
            kwargs["queryset"] = Unit.objects.filter(product_id=product_id)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Product)
class ProductAdmin(_Catalogue, TenantAdmin):
    list_display = ("sku", "name", "category", "brand", "base_unit", "tax_rate", "stage")
    list_display_links = ("sku", "name")
    list_filter = ("stage", "category", "brand")
    search_fields = ("search",)
    search_help_text = _("SKU, name, pinyin, initials or barcode")
    ordering = ("sku",)
    inlines = (UnitInline, BarcodeInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> Any:
        """A stage changes by a move with its history, on the product's page."""
        fixed = ("successor", "stage") if obj else ("successor",)
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return products_like(queryset, search_term), False

    def save_model(self, request: HttpRequest, obj: Product, form: forms.ModelForm, change: bool) -> None:
        save = edit_product if change else add_product
        save(product=obj, by=actor_of(request), at=timezone.now())


@admin.register(Category)
class CategoryAdmin(_Catalogue, TenantAdmin):
    fields = ("code", "name", "name_en", "parent")
    list_display = ("code", "name", "name_en", "parent")
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)
    ordering = ("code",)

    def save_model(self, request: HttpRequest, obj: Category, form: forms.ModelForm, change: bool) -> None:
        save_category(category=obj, by=actor_of(request), at=timezone.now())


@admin.register(Brand)
class BrandAdmin(_Catalogue, TenantAdmin):
    fields = ("name", "name_en")
    list_display = ("name", "name_en")
    search_fields = ("name", "name_en")
    ordering = ("name",)


@admin.register(UnitName)
class UnitNameAdmin(_Catalogue, TenantAdmin):
    fields = ("name", "name_en", "plural_en")
    list_display = ("name", "name_en", "plural_en")
    search_fields = ("name", "name_en")
    ordering = ("name",)

    def save_model(self, request: HttpRequest, obj: UnitName, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget_unit_names()
