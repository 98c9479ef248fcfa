"""The form of a quote: price lists and schemes as rows, put together to the case's nested shape."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from simulations.web.fields import CHOICE, DAY, TEXT, WHOLE, WORDS, Ask, Choices, Made, Rows, fraction_of

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
    ("block", _("refuse")),
    ("review", _("ask for approval")),
    ("advise", _("advise against it")),
)

ASKED: tuple[Ask | Rows, ...] = (
    Ask("on", _("Day"), DAY, "2026-06-01"),
    Ask("buyer.id", _("Buyer"), TEXT, "D-1"),
    Ask("buyer.level", _("Level"), CHOICE, "dealer", choices=LEVELS),
    Ask("buyer.tier", _("Tier"), TEXT, "core"),
    Ask("buyer.channel", _("Channel"), TEXT),
    Ask("buyer.contract", _("Contract"), TEXT, "C-0007"),
    Ask("buyer.tags", _("Tags"), WORDS),
    Ask("buyer.region", _("Regions, the widest first"), WORDS, "44 4413 441302"),
    Rows(
        "lines",
        _("Order"),
        (Ask("sku", _("SKU"), TEXT), Ask("qty", _("Units"), WHOLE)),
        (("SOY-500", "20"), ("OYS-700", "3")),
        _("one a row: SKU, units"),
    ),
    Rows(
        "price_lists",
        _("Prices"),
        (
            Ask("code", _("List"), TEXT),
            Ask("kind", _("Audience"), CHOICE, choices=AUDIENCES),
            Ask("value", _("Audience's code"), TEXT),
            Ask("sku", _("SKU"), TEXT),
            Ask("price", _("Price")),
            Ask("min_qty", _("From units"), WHOLE),
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
            Ask("code", _("Scheme"), TEXT),
            Ask("kind", _("Kind"), CHOICE, choices=SCHEMES),
            Ask("first", _("From")),
            Ask("second", _("Off")),
            Ask("skus", _("SKUs"), WORDS),
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
            Ask("sku", _("SKU"), TEXT),
            Ask("floor", _("Floor")),
            Ask("ceiling", _("Ceiling")),
            Ask("action", _("Beyond it"), CHOICE, choices=ACTIONS),
            Ask("clause", _("clause"), TEXT),
        ),
        (("SOY-500", "54", "", _("ask for approval"), "4.2"),),
        _("one a row: SKU, floor, ceiling, beyond it (refuse, ask for approval, advise against it), clause"),
    ),
)


def then(made: Made) -> None:
    """Rows of prices to lists with entries, rows of schemes to schemes with their terms."""
    typed = dict(made.paths)
    case = made.case
    case["price_lists"] = _lists(made, typed, case.get("price_lists", []))
    case["schemes"] = _schemes(made, typed, case.get("schemes", []))


def _moved(made: Made, typed: dict[str, Any], old: str, new: str, only: tuple[str, ...] = ()) -> None:
    """What was typed for the path `old` and beneath it is now beneath `new`."""
    for path, where in typed.items():
        if path == old and new not in made.paths:
            made.paths[new] = where
        elif path.startswith(f"{old}.") and (not only or path[len(old) + 1 :] in only):
            made.paths[new + path[len(old) :]] = where


def _lists(made: Made, typed: dict[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    _forget(made, "price_lists")
    lists: list[dict[str, Any]] = []
    latest: dict[Any, int] = {}
    for number, row in enumerate(rows):
        key = row.get("code")
        audience = {name: row[name] for name in ("kind", "value") if name in row}
        # For somebody else it is another list, which may not have the same code: that is said.
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


def _schemes(made: Made, typed: dict[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
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
        # Only steps go on in another row of their scheme; anything else is a code that is there twice.
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


def _forget(made: Made, name: str) -> None:
    for path in [path for path in made.paths if path.startswith(f"{name}[")]:
        del made.paths[path]
