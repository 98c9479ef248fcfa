"""Template tags and filters for icons, amounts, dates and forms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.quantities import Packing
from ui.web import joined_lists, local_names, submit_once
from ui.web.numbers import SYMBOLS, grouped, in_units, shortened
from ui.web.numbers import money as money_of
from ui.web.numbers import percent as percent_of

register = template.Library()
register.simple_tag(submit_once.field, name="once")
register.filter("unit_name", local_names.unit_name)
register.filter("place_name", local_names.place_name)
MESSAGE_MOODS = {"success": "good", "error": "bad", "warning": "warn"}
INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@register.simple_tag
@cache
def icon(name: str, size: int = 20) -> SafeString:
    """Return a Tabler icon in the text's colour, hidden from screen readers; a label must be beside it."""
    file = settings.NODE_MODULES / "@tabler/icons/icons/outline" / f"{name}.svg"
    drawing = INNER.search(file.read_text("utf-8")) if file.exists() else None
    inner = drawing.group(1) if drawing else ""
    return mark_safe(  # noqa: S308 the icon package's own file, named by a template
        f'<svg class="tp-icon" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" '
        f'aria-hidden="true" focusable="false">{inner}</svg>'
    )


@register.filter
def amount(value: Decimal | int | None, places: int = 2) -> str:
    """Format a number with `places` decimals and grouped thousands; None is a dash."""
    if value is None:
        return "—"
    return grouped(value, places)


@register.filter
def units(qty: int, packing: Packing | None) -> str:
    """Format a quantity in cases and the remainder: `{{ line.qty|units:packing }}`."""
    return in_units(qty, packing)


@register.filter
def join_list(items: Iterable[object], path: str = "") -> str:
    """Join the items in one line by the active language's separator; `path` is looked up in each item."""
    lookup = template.Variable(f"item.{path}") if path else None
    parts = (lookup.resolve(template.Context({"item": item})) for item in items) if lookup else items
    return joined_lists.join_list(parts)


@register.filter
def mood(level: str) -> str:
    """Return the mood (a CSS modifier of components) for the level of a Django message."""
    return MESSAGE_MOODS.get(level, "info")


@register.simple_block_tag(takes_context=True)
def post_button(
    context: Context, content: str, route: str = "", *arguments: object, once: bool = True, **look: Any
) -> SafeString:
    """Render a form with one button that posts to a route, or to this page, with its tokens.

    `look`: `kind` (primary, danger, bare), `wide`, `icon`, `busy` (the label while the form is sent), and
    the button's `name` and `value`. `once=False` omits the token, if sending twice does no harm.
    """
    action = reverse(route, args=arguments) if route else ""
    facts: dict[str, Any] = {"action": action, "once": once, "content": content, **look}
    facts["csrf_token"] = context.get("csrf_token")
    return render_to_string("kit/post_button.html", facts)


@register.inclusion_tag("alliance/edit_field.html")
def typed_field(typed: Any, name: str, label: str, **more: Any) -> dict[str, Any]:
    """Render an input for one field of a form with `values` and `wrong` (errors) by field name."""
    value, wrong = typed.values.get(name), typed.wrong.get(name)
    return {"name": name, "label": label, "value": value, "wrong": wrong, **more}


@register.inclusion_tag("alliance/edit_cell.html")
def typed_cell(row: Any, name: str, label: str, **more: Any) -> dict[str, Any]:
    """Render an input in a row of a form's table; `name` is the table and the column, as `area-region`."""
    column = name.partition("-")[2]
    value, wrong = row.values.get(column), row.wrong.get(column)
    return {"name": name, "label": label, "place": row.place, "value": value, "wrong": wrong, **more}


@register.filter
def plus(value: Decimal, other: Decimal) -> Decimal:
    return value + other


@register.filter
def percent(fraction: Decimal) -> str:
    """Format a fraction as per cent without trailing zeros: 0.13 is 13%."""
    return percent_of(fraction)


@register.filter
def rate(fraction: Decimal) -> str:
    """Format a computed fraction as per cent with one decimal: 12.3%."""
    return f"{grouped(fraction * 100, 1)}%"


@register.filter
def short(value: Decimal | int | None, currency: str = "") -> str:
    """Format a large figure: 12.3万 or 12.3万元, in English 12.3k or ¥12.3k; small ones are not shortened."""
    if value is None:
        return "—"
    return "".join(shortened(value, currency))


@register.filter
def money(value: Decimal | int | None, currency: str = "CNY") -> str:
    """Format an amount as ¥1,234.50: `{{ order.total|money:tenant.currency }}`."""
    return "—" if value is None else money_of(value, currency)


@register.filter
def symbol(code: str) -> str:
    return SYMBOLS.get(code, code)


@register.filter
def currency(code: str) -> str:
    """Format a currency code with its symbol: ¥ CNY."""
    return f"{SYMBOLS[code]} {code}" if code in SYMBOLS else code


@register.filter
def zone(name: str) -> str:
    return _("Beijing time") if name == "Asia/Shanghai" else name.replace("_", " ")


@register.filter(expects_localtime=True)
def day(on: date | None) -> str:
    """Format a day with its weekday: 7月18日 周六; in English 18 Jul, Sat."""
    if on is None:
        return "—"
    month_and_day, language = date_format(on, "MONTH_DAY_FORMAT"), get_language() or ""
    if not language.startswith("zh"):
        return f"{month_and_day}, {date_format(on, 'D')}"
    week = "週" if language == "zh-hant" else "周"
    return f"{month_and_day} {week}{date_format(on, 'l')[-1]}"


@register.filter
def slice_name(person: object) -> str:
    """Return the first character of a person's name; for a Chinese name it is the family name."""
    return str(person)[:1].upper()


@register.filter
def last_day(until: date) -> date:
    """Return the last day of a half-open period."""
    return until - timedelta(days=1)
