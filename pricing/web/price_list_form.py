"""The form of a price list: prices are typed, pasted or uploaded, and unclear columns are asked about."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.refusals import Refusal
from kernel.spreadsheets import ColumnQuestion, Meaning, ask_about, chosen_headings, plain_row, unpack_rows
from kernel.spreadsheets.headings import join_heading_rows
from pricing.domain.price_table import (
    PriceTable,
    UnreadableLine,
    as_text,
    is_certain,
    read_columns,
    read_table,
    read_text,
)
from pricing.models import AudienceKind
from pricing.web.drafts import MAX_PRIORITY, DraftForm
from pricing.web.picks import AUDIENCE_PICK, audience_code
from ui.web.column_choice import TABLE, chosen_columns, headings_at, question_facts
from ui.web.last_days import LastDayField
from ui.web.typed_input import CountField, DayField, reason_of
from ui.web.uploads import MAX_ROWS, uploaded_rows

COLUMN_OPTIONS = (
    (Meaning.SKU, gettext_lazy("Product: SKU, barcode or name")),
    (Meaning.PRICE, gettext_lazy("Price")),
    (Meaning.UNIT, gettext_lazy("Unit")),
    (Meaning.PER, gettext_lazy("Price for how many units")),
    (Meaning.MIN_QTY, gettext_lazy("From quantity")),
    (Meaning.ADVISED, gettext_lazy("Advised resale price")),
)
WITH_TAX, WITHOUT_TAX = "with", "without"


class PriceListForm(DraftForm):
    """`table` are the rows that were read, `question` the facts of what to ask about their columns."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    audience_kind = forms.ChoiceField(label=gettext_lazy("For whom"), choices=AudienceKind.choices)
    audience_value = forms.CharField(
        label=gettext_lazy("Which one"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=AUDIENCE_PICK),
        help_text=gettext_lazy(
            "The name, pinyin or code of the tier, region, tag, partner …; none for everyone."
        ),
    )
    tax_included = forms.TypedChoiceField(
        label=gettext_lazy("Prices"),
        choices=((WITH_TAX, gettext_lazy("with tax")), (WITHOUT_TAX, gettext_lazy("without tax"))),
        coerce=lambda value: value == WITH_TAX,
        required=False,
        empty_value=True,  # type: ignore[arg-type]  # what `coerce` returns
    )
    priority = CountField(label=gettext_lazy("Priority"), initial=0, min_value=0, max_value=MAX_PRIORITY)
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    until = LastDayField(label=gettext_lazy("Valid through"), required=False)
    entries = forms.CharField(
        label=gettext_lazy("Prices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "tp-mono"}),
        help_text=gettext_lazy(
            "One a line: SKU, price, then if wanted from which quantity; or SKU, price, per how many base"
            " units and from which quantity. A first line of headings may name the columns and the unit:"
            " “price (case)”, “advised”."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("or a spreadsheet (xlsx or CSV)"),
        required=False,
        help_text=gettext_lazy("Its columns are read by their headings; it replaces the prices above."),
    )

    table = PriceTable()
    question: dict[str, Any] | None = None

    @property
    def post(self) -> QueryDict:
        return cast(QueryDict, self.data)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if "audience_kind" in typed and "audience_value" in typed:
            typed["audience_value"] = audience_code(
                typed["audience_kind"], typed["audience_value"], self.actor
            )
        try:
            self._read(typed)
        except UnreadableLine as error:
            message = _("Row %(number)s: %(reason)s") % {"number": error.number, "reason": reason_of(error)}
            raise ValidationError({"entries": message}) from error
        except Refusal as refusal:
            raise ValidationError({"file": refusal.message}) from refusal
        return typed

    def _read(self, typed: dict[str, Any]) -> None:
        """Read the answered table, else the file, else the text; show what was read of a table as text."""
        if TABLE in self.data:
            table = self._answered()
        elif typed.get("file"):
            table = read_table([plain_row(row) for row in join_heading_rows(uploaded_rows(typed["file"]))])
        else:
            table = read_text(typed.get("entries", ""))
        if table.question is not None:
            self._ask(table.question)
        elif TABLE in self.data or typed.get("file"):
            typed["entries"], typed["file"] = as_text(table.rows), None
            self.data = self.post.copy()
            self.data["entries"] = typed["entries"]
            table = PriceTable(read_text(typed["entries"]).rows, table.blank)
        self.table = table

    def _answered(self) -> PriceTable:
        rows = [plain_row(row) for row in unpack_rows(self.data[TABLE].replace("\x00", ""))[:MAX_ROWS]]
        question = ask_about(rows, headings_at(self.post))
        headings = chosen_headings(question, chosen_columns(self.post))
        if not headings.names({Meaning.SKU}, {Meaning.PRICE}) or not is_certain(headings):
            self.add_error(None, _("Choose one column of products and one of prices."))
            return PriceTable(question=question)
        return read_columns(rows[question.headings_at + 1 :], headings)

    def _ask(self, question: ColumnQuestion) -> None:
        chosen = chosen_columns(self.post) if TABLE in self.data else None
        self.question = question_facts(question, COLUMN_OPTIONS, chosen)
        if chosen is None:
            self.add_error(None, _("Say which column of the table is which."))
