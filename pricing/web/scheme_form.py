"""The form of a scheme: terms of each kind, audience, days, budgets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy

from catalogue.models import Category
from pricing.models import AudienceKind, Scheme
from pricing.web.drafts import MAX_PRIORITY, DraftForm
from pricing.web.picks import AUDIENCE_PICK, audience_code
from pricing.web.scheme_terms import MODE_NAMES
from ui.models import local_name
from ui.web.last_days import LastDayField
from ui.web.typed_input import AmountField, CountField, DayField

UNITS_COUNTED = gettext_lazy("Paid units at the lower price, free units, or sets of a bundle.")
SCHEME_FIELDS = (
    "code",
    "name",
    "kind",
    "audience_kind",
    "audience_value",
    "priority",
    "exclusive_group",
    "starts_on",
    "until",
    "budget_money",
    "budget_units",
    "buyer_money",
    "buyer_units",
)
TERM_FIELDS = {
    "special_price": ("price",),
    "bundle": ("items", "bundle_price"),
    "step": ("measure", "steps"),
    "order_amount": ("measure", "steps"),
    "free_goods": ("buy", "free", "mode", "gift_sku", "cap"),
}


class SchemeForm(DraftForm):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Scheme.Kind.choices)
    audience_kind = forms.ChoiceField(
        label=gettext_lazy("For whom"), choices=AudienceKind.choices, initial=AudienceKind.EVERYONE
    )
    audience_value = forms.CharField(
        label=gettext_lazy("Which one"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "The name, pinyin or code of the tier, region, tag, partner …; none for everyone."
        ),
        widget=forms.TextInput(attrs=AUDIENCE_PICK),
    )
    priority = CountField(label=gettext_lazy("Priority"), initial=0, min_value=0, max_value=MAX_PRIORITY)
    exclusive_group = forms.CharField(
        label=gettext_lazy("Exclusive group"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Of the schemes of one group only the best for the buyer counts."),
    )
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    until = LastDayField(label=gettext_lazy("Valid through"), required=False)
    skus = forms.CharField(
        label=gettext_lazy("Goods (SKUs; none means all)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Product categories"),
        required=False,
        help_text=gettext_lazy("All products that a category has on the day of the order."),
    )
    items = forms.CharField(
        label=gettext_lazy("Goods of one set"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line: SKU, then how many base units."),
    )
    bundle_price = AmountField(
        label=gettext_lazy("Price of one set"), required=False, decimal_places=2, max_digits=14
    )
    price = AmountField(label=gettext_lazy("Special price"), required=False, decimal_places=4, max_digits=14)
    measure = forms.ChoiceField(
        label=gettext_lazy("Steps count"),
        required=False,
        choices=[("", gettext_lazy("amount")), ("quantity", gettext_lazy("quantity"))],
    )
    steps = forms.CharField(
        label=gettext_lazy("Steps"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line: from how much, then 2%, or 300."),
    )
    buy = CountField(label=gettext_lazy("Buy"), required=False, min_value=1)
    free = CountField(label=gettext_lazy("get free"), required=False, min_value=1)
    mode = forms.ChoiceField(
        label=gettext_lazy("Free goods are counted"),
        required=False,
        choices=MODE_NAMES,
        help_text=gettext_lazy(
            "Buy 8, get 2, and 20 are bought: 4 for each full 8, 5 in proportion, none for full multiples."
        ),
    )
    gift_sku = forms.CharField(label=gettext_lazy("Gift, if another product"), required=False, max_length=60)
    cap = CountField(label=gettext_lazy("Free at most"), required=False, min_value=0)
    budget_money = AmountField(
        label=gettext_lazy("Budget, money saved"), required=False, decimal_places=2, max_digits=16
    )
    budget_units = CountField(
        label=gettext_lazy("Budget, units"), required=False, min_value=1, help_text=UNITS_COUNTED
    )
    buyer_money = AmountField(
        label=gettext_lazy("Limit of a buyer, money saved"), required=False, decimal_places=2, max_digits=16
    )
    buyer_units = CountField(
        label=gettext_lazy("Limit of a buyer, units"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("Over all orders of one buyer."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories = Category.objects.order_by("code")
        self.fields["categories"].choices = [(one.code, local_name(one)) for one in categories]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if "audience_kind" in typed and "audience_value" in typed:
            typed["audience_value"] = audience_code(
                typed["audience_kind"], typed["audience_value"], self.actor
            )
        return typed

    @property
    def common(self) -> list[BoundField]:
        """Return the fields of every kind of scheme before its terms."""
        return [self[name] for name in ("code", "name", "kind")]

    @property
    def terms(self) -> list[tuple[str, BoundField]]:
        """Return the fields of terms with the kinds that have them, separated by spaces."""
        kinds: dict[str, list[str]] = {"skus": [], "categories": []}
        for kind, names in TERM_FIELDS.items():
            goods = () if kind == "bundle" else ("skus", "categories")
            for name in (*goods, *names):
                kinds.setdefault(name, []).append(kind)
        return [(" ".join(for_kinds), self[name]) for name, for_kinds in kinds.items()]

    @property
    def audience(self) -> list[BoundField]:
        return [self[name] for name in ("starts_on", "until", "exclusive_group", "priority")]

    @property
    def budgets(self) -> list[BoundField]:
        return [self[name] for name in ("budget_money", "budget_units", "buyer_money", "buyer_units")]
