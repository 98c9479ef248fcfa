"""The terms of a scheme in sentences and as form fields."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.refusals import Refusal
from kernel.typed_input import read_amount, read_count, read_percentage
from pricing.models import Scheme
from ui.web.joined_lists import join_list
from ui.web.numbers import MINUS, number, percent
from ui.web.typed_input import read_typed

Kind = Scheme.Kind
MAX_SKUS = 3
MODE_NAMES = (
    ("unit", gettext_lazy("for each full quantity bought")),
    ("proportional", gettext_lazy("in proportion, whole units only")),
    ("whole", gettext_lazy("only for full multiples")),
)
ITEM_WORDS = 2
STEP = re.compile(r"^\s*(?P<from>[^\s:→-]+)\s*[:\s→-]+\s*(?P<off>\S+?\s*%?)\s*$")


class UnreadableItem(Refusal):
    """A line of a bundle that is no "SKU quantity" pair. The message names the line."""

    code = "unreadable_item"


class UnreadableStep(Refusal):
    """A line of steps that is no "from off" pair. The message names the line."""

    code = "unreadable_step"


def sentences_of(scheme: Scheme) -> list[str]:
    """Return what a scheme gives in a few short sentences."""
    terms = scheme.terms if isinstance(scheme.terms, dict) else {}
    goods = goods_of(terms)
    if scheme.kind == Kind.SPECIAL_PRICE:
        return [_("%(goods)s at %(price)s.") % {"goods": goods, "price": terms.get("price", "—")}]
    if scheme.kind == Kind.BUNDLE:
        goods = join_list(f"{item.get('qty')} × {item.get('sku')}" for item in terms.get("items", ()))
        return [_("A set of %(goods)s at %(price)s.") % {"goods": goods, "price": terms.get("price", "—")}]
    if scheme.kind == Kind.FREE_GOODS:
        gift = terms.get("gift_sku")
        given = {"goods": goods, "buy": terms.get("buy"), "free": terms.get("free"), "gift": gift}
        sentences = [
            _("%(goods)s: buy %(buy)s, %(free)s of %(gift)s free.") % given
            if gift
            else _("%(goods)s: buy %(buy)s, %(free)s free.") % given
        ]
        if terms.get("mode", "unit") != "unit":
            names = {mode: str(name) for mode, name in MODE_NAMES}
            sentences.append(
                _("Free goods are counted: %(mode)s.") % {"mode": names.get(terms["mode"], terms["mode"])}
            )
        if terms.get("cap") is not None:
            sentences.append(_("At most %(cap)s free.") % {"cap": terms["cap"]})
        return sentences
    by_quantity = terms.get("measure") == "quantity"
    unit = _("units") if by_quantity else ""
    steps = join_list(
        _("from %(from)s: %(off)s") % {"from": f"{step.get('from')}{unit}", "off": off_of(step)}
        for step in terms.get("steps", ())
    )
    return [f"{goods}: {steps}"]


def goods_of(terms: dict[str, Any]) -> str:
    skus = [*terms.get("skus", ()), *(_category(code) for code in terms.get("categories", ()))]
    if not skus:
        return _("All goods")
    if len(skus) <= MAX_SKUS:
        return join_list(skus)
    return _("%(first)s and %(more)s more") % {
        "first": join_list(skus[:MAX_SKUS]),
        "more": len(skus) - MAX_SKUS,
    }


def _category(code: str) -> str:
    return _("category %(code)s") % {"code": code}


def off_of(step: dict[str, Any]) -> str:
    if step.get("percent_off") is not None:
        return f"{MINUS}{percent(step['percent_off'])}"
    return f"{MINUS}{number(step['amount_off'])}"


def typed_terms(scheme: Scheme) -> dict[str, Any]:
    """Return the terms of a scheme as initial values of the form."""
    terms = scheme.terms if isinstance(scheme.terms, dict) else {}
    plain = {
        name: terms[name]
        for name in ("price", "measure", "buy", "free", "mode", "cap", "gift_sku")
        if name in terms
    }
    if plain.get("measure") == "amount":
        del plain["measure"]
    if scheme.kind == Kind.BUNDLE and "price" in plain:
        plain["bundle_price"] = plain.pop("price")
    return plain | {
        "skus": " ".join(terms.get("skus", ())),
        "categories": terms.get("categories", []),
        "items": "\n".join(f"{item['sku']} {item['qty']}" for item in terms.get("items", ())),
        "steps": steps_as_text(terms),
    }


def steps_as_text(terms: dict[str, Any]) -> str:
    """Return one step a line: "20000 2%", "30000 300"."""
    lines = []
    for step in terms.get("steps", ()):
        if step.get("percent_off") is not None:
            lines.append(f"{step['from']} {(Decimal(str(step['percent_off'])) * 100).normalize():f}%")
        else:
            lines.append(f"{step['from']} {step.get('amount_off')}")
    return "\n".join(lines)


def read_steps(text: str) -> list[dict[str, str]]:
    """Read one step a line. Raise UnreadableStep for the first line that is none."""
    steps = []
    for line_number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = STEP.match(normalize("NFKC", line))
        if found is None:
            message = _("Line %(number)s: write from which amount or quantity, then 2%, or 300.")
            raise UnreadableStep(message.replace("%(number)s", str(line_number)), field="steps")
        row = _("Line %(number)s") % {"number": line_number}
        is_percent = found["off"].endswith("%")
        start = read_typed(read_amount, found["from"], row=row, field="steps")
        off = read_typed(read_percentage if is_percent else read_amount, found["off"], row=row, field="steps")
        key = "percent_off" if is_percent else "amount_off"
        steps.append({"from": f"{start:f}", key: f"{off.normalize():f}"})
    return steps


def read_items(text: str) -> list[dict[str, Any]]:
    """Read one product of a set a line: SKU and base units. Raise UnreadableItem for the first other line."""
    items = []
    for line_number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        words = normalize("NFKC", line).replace(",", " ").replace("×", " ").split()
        row = _("Line %(number)s") % {"number": line_number}
        if len(words) != ITEM_WORDS:
            message = _("Line %(number)s: write a SKU, then how many base units.")
            raise UnreadableItem(message.replace("%(number)s", str(line_number)), field="items")
        units = read_typed(read_count, words[1], row=row, field="items")
        items.append({"sku": words[0], "qty": units})
    return items


def terms_from(kind: str, typed: dict[str, Any]) -> dict[str, Any]:
    """Return the terms of a kind, in the shape of rules.md, from form data. Raise UnreadableStep."""
    skus = [sku for sku in re.split(r"[\s,，;；、]+", typed.get("skus", "")) if sku]
    if kind == Kind.BUNDLE:
        price = typed.get("bundle_price")
        return {"items": read_items(typed.get("items", "")), "price": "" if price is None else f"{price:f}"}
    terms: dict[str, Any] = {"skus": skus} if skus else {}
    if typed.get("categories"):
        terms["categories"] = list(typed["categories"])
    if kind == Kind.SPECIAL_PRICE:
        return terms | {"price": f"{typed['price']:f}" if typed.get("price") is not None else ""}
    if kind == Kind.FREE_GOODS:
        given = {"buy": typed.get("buy"), "free": typed.get("free"), "mode": typed.get("mode") or "unit"}
        extra = {key: typed[key] for key in ("cap", "gift_sku") if typed.get(key) not in (None, "")}
        return terms | given | extra
    terms["steps"] = read_steps(typed.get("steps", ""))
    if typed.get("measure"):
        terms["measure"] = typed["measure"]
    return terms
