"""The form that uses, refunds or forfeits held money, and the statements of prepayment and deposit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.rights import Actor
from ledger.operations.held_money import MOVEMENTS, PREPAYMENT_USE
from ledger.queries import Position, Statement
from ledger.web.labels import posting_name
from ui.web.typed_input import AmountField

TITLES = {
    "prepayment": gettext_lazy("Prepayment"),
    "security_deposit": gettext_lazy("Security deposit"),
}
CHOICES = (
    (PREPAYMENT_USE, gettext_lazy("settle open items with the prepayment")),
    ("prepayment_refund", gettext_lazy("refund the prepayment")),
    ("security_deposit_refund", gettext_lazy("refund the security deposit")),
    ("security_deposit_forfeit", gettext_lazy("forfeit the security deposit")),
)


class HeldMoneyForm(forms.Form):
    what = forms.ChoiceField(label=gettext_lazy("What is done"), widget=forms.RadioSelect)
    amount = AmountField(label=gettext_lazy("Amount"), min_value=Decimal("0.01"))
    voucher = forms.CharField(
        label=gettext_lazy("Number of the voucher or decision"),
        max_length=70,
        help_text=gettext_lazy("The same number counts once."),
    )
    memo = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Required where a security deposit is forfeited."),
    )

    @classmethod
    def offered(cls, position: Position, actor: Actor, data: Any = None) -> HeldMoneyForm | None:
        """Return the form with what the actor may do with the held money; None if that is nothing."""
        choices = [choice for choice in CHOICES if _is_possible(choice[0], position, actor)]
        if not choices:
            return None
        form = cls(data, auto_id="held_%s", initial={"what": choices[0][0]})
        form.fields["what"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        return form


def _is_possible(kind: str, position: Position, actor: Actor) -> bool:
    if kind == PREPAYMENT_USE:
        return actor.may("ledger.post") and min(position.prepayment, position.receivable) > 0
    held = position.prepayment if kind.startswith("prepayment") else position.security_deposit
    return actor.may(MOVEMENTS[kind].right) and held > 0


def held_statements(statements: Mapping[str, Statement]) -> list[dict[str, Any]]:
    """Return the statements of prepayment and security deposit that are not empty, for the template."""
    found = [(title, statements[name]) for name, title in TITLES.items()]
    return [
        {
            "title": title,
            "statement": statement,
            "lines": [(line, posting_name(line.kind)) for line in statement.lines],
        }
        for title, statement in found
        if statement.lines or statement.closing
    ]
