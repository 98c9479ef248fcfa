"""The form of a quote: price lists and schemes are typed as rows and nested as the case requires."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from simulations.web.fields import (
    CHOICE,
    DAY,
    INTEGER,
    OFF,
    TEXT,
    WORDS,
    Choices,
    FilledCase,
    Rows,
    ValueField,
    fraction_of,
)

LEVELS: Choices = (
    ("dealer", _("dealer")),
    ("member", _("alliance member")),
    ("outlet", _("outlet")),
)
AUDIENCES: Choices = (
    ("everyone", _("everyone")),
    ("level", _("level")),
    ("tier", _("tier")),
    ("region", _("region")),
    ("channel", _("channel")),
    ("tag", _("tag")),
    ("contract", _("contract")),
    ("party", _("party")),
)
SCHEMES: Choices = (
    ("special_price", _("special price")),
    ("step", _("step tiers")),
    ("order_amount", _("reduction on the order")),
    ("free_goods", _("free goods")),
)
ACTIONS: Choices = (
    ("block", _("block")),
    ("review", _("needs approval")),
    ("advise", _("warn only")),
)

FIELDS: tuple[ValueField | Rows, ...] = (
    ValueField("on", _("Day"), DAY, "2026-06-01"),
    ValueField("buyer.id", _("Buyer"), TEXT, "D-1"),
    ValueField("buyer.level", _("Level"), CHOICE, "dealer", choices=LEVELS),
    ValueField("buyer.tier", _("Tier"), TEXT, "core"),
    ValueField("buyer.channel", _("Channel"), TEXT),
    ValueField("buyer.contract", _("Contract"), TEXT, "C-0007"),
    ValueField("buyer.tags", _("Tags"), WORDS),
    ValueField("buyer.region", _("Regions, the widest first"), WORDS, "44 4413 441302"),
    Rows(
        "lines",
        _("Order"),
        (ValueField("sku", _("SKU"), TEXT), ValueField("qty", _("Units"), INTEGER)),
        (("SOY-500", "20"), ("OYS-700", "3")),
        _("one a row: SKU, units"),
    ),
    Rows(
        "price_lists",
        _("Prices"),
        (
            ValueField("code", _("List"), TEXT),
            ValueField("kind", _("Audience"), CHOICE, choices=AUDIENCES),
            ValueField("value", _("Audience's code"), TEXT),
            ValueField("sku", _("SKU"), TEXT),
            ValueField("price", _("Price")),
            ValueField("min_qty", _("From units"), INTEGER),
        ),
        (
            ("BASE", _("level"), "dealer", "SOY-500", "60", "1"),
            ("BASE", _("level"), "dealer", "SOY-500", "58", "100"),
            ("BASE", _("level"), "dealer", "OYS-700", "90", "1"),
            ("HUIZHOU", _("region"), "4413", "SOY-500", "59.5", "1"),
            ("C-0007", _("contract"), "C-0007", "OYS-700", "88.25", "1"),
        ),
        _(
            "one price a row: list, audience, its code, SKU, price, "
            "from units; rows of one list belong together"
        ),
    ),
    Rows(
        "schemes",
        _("Schemes"),
        (
            ValueField("code", _("Scheme"), TEXT),
            ValueField("kind", _("Kind"), CHOICE, choices=SCHEMES),
            ValueField("first", _("From")),
            ValueField("second", _("Discount"), OFF),
            ValueField("skus", _("SKUs"), WORDS),
        ),
        (
            ("M1000-50", _("reduction on the order"), "1000", "50"),
            ("S8-1", _("free goods"), "8", "1", "SOY-500"),
        ),
        _(
            "one step a row: scheme, kind, from, off, SKUs. Special price: the price. Step tiers: off in "
            "percent. Free goods: buy, free. No SKUs: all"
        ),
    ),
    Rows(
        "limits",
        _("Price limits"),
        (
            ValueField("sku", _("SKU"), TEXT),
            ValueField("floor", _("Floor")),
            ValueField("ceiling", _("Ceiling")),
            ValueField("action", _("If outside"), CHOICE, choices=ACTIONS),
            ValueField("clause", _("clause"), TEXT),
        ),
        (("SOY-500", "54", "", _("needs approval"), "4.2"),),
        _("one a row: SKU, floor, ceiling, if outside (block, needs approval, warn only), clause"),
    ),
)


def then(made: FilledCase) -> None:
    """Convert rows of prices to lists with entries, and rows of schemes to schemes with their terms."""
    typed = dict(made.paths)
    case = made.case
    case["price_lists"] = _lists(made, typed, case.get("price_lists", []))
    case["schemes"] = _schemes(made, typed, case.get("schemes", []))


def _moved(made: FilledCase, typed: dict[str, Any], old: str, new: str, only: tuple[str, ...] = ()) -> None:
    """Record what was typed at the path `old`, or under it, as typed at `new`; `only` limits the columns."""
    for path, where in typed.items():
        if path == old and new not in made.paths:
            made.paths[new] = where
        elif path.startswith(f"{old}.") and (not only or path[len(old) + 1 :] in only):
            made.paths[new + path[len(old) :]] = where


def _lists(made: FilledCase, typed: dict[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    _forget(made, "price_lists")
    lists: list[dict[str, Any]] = []
    latest: dict[Any, int] = {}
    for number, row in enumerate(rows):
        key = row.get("code")
        audience = {name: row[name] for name in ("kind", "value") if name in row}
        # Another audience makes another list; the rule refuses two lists with the same code.
        if key not in latest or (audience and audience != lists[latest[key]]["audience"]):
            at = f"price_lists[{len(lists)}]"
            latest[key] = len(lists)
            lists.append({"audience": audience, "entries": []} | ({"code": key} if key else {}))
            _moved(made, typed, f"price_lists[{number}]", at, ("code",))
            _moved(made, typed, f"price_lists[{number}]", f"{at}.audience", ("kind", "value"))
        entries = lists[latest[key]]["entries"]
        at = f"price_lists[{latest[key]}].entries[{len(entries)}]"
        entries.append({name: row[name] for name in ("sku", "price", "min_qty", "…") if name in row})
        _moved(made, typed, f"price_lists[{number}]", at)
    return lists


TERMS = {
    "special_price": ("price", ""),
    "step": ("from", "percent_off"),
    "order_amount": ("from", "amount_off"),
    "free_goods": ("buy", "free"),
}


def _schemes(made: FilledCase, typed: dict[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    _forget(made, "schemes")
    schemes: list[dict[str, Any]] = []
    latest: dict[Any, int] = {}
    for number, row in enumerate(rows):
        key, kind = row.get("code"), row.get("kind", "")
        first, second = TERMS.get(kind, ("from", "amount_off"))
        terms = {first: row.get("first"), second: row.get("second")}
        if second == "percent_off" and row.get("second"):
            terms[second] = fraction_of(row["second"])
        if not second and row.get("second") is None:
            terms.pop("")
        head: dict[str, Any] = {name: row[name] for name in ("code", "kind", "skus", "…") if name in row}
        stepped = kind in ("step", "order_amount")
        # Only steps continue in another row of their scheme; otherwise the code is a duplicate.
        if key not in latest or not stepped or not head.items() <= schemes[latest[key]].items():
            latest[key] = len(schemes)
            schemes.append(head)
        scheme, at = schemes[latest[key]], f"schemes[{latest[key]}]"
        _moved(made, typed, f"schemes[{number}]", at, ("code", "kind", "skus"))
        if stepped:
            steps = scheme.setdefault("steps", [])
            at = f"{at}.steps[{len(steps)}]"
            steps.append(terms)
            _moved(made, typed, f"schemes[{number}]", at, ("…",))
        else:
            scheme.update(terms)
        for name, column in ((first, "first"), (second, "second")):
            if where := typed.get(f"schemes[{number}].{column}"):
                made.paths[f"{at}.{name}"] = where
    return schemes


def _forget(made: FilledCase, name: str) -> None:
    for path in [path for path in made.paths if path.startswith(f"{name}[")]:
        del made.paths[path]
